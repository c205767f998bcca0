import { describe, expect, test } from 'vitest'
import type { AppOptions } from '../../../src/app/app-options.ts'
import { createApp } from '../../../src/app/create-app.ts'
import { type AuthDecorator, basicAuth, bearerAuth, bodyTokenAuth, rateLimit } from '../../../src/auth/index.ts'
import { TRANSPORT } from '../../../src/http/transport.ts'
import { webTransport } from '../../../src/http/web-transport.ts'
import { silentLogger } from '../../../src/log/logger.ts'
import { basic, call, outcome, protect, serveWith, WITH_CONTEXT } from '../_fixtures.ts'

/** Calls as they come from an address. */
async function fromAddresses(options: AppOptions, ...decorators: readonly AuthDecorator[]) {
  const app = createApp(protect(...decorators), { logger: silentLogger, signature: WITH_CONTEXT, ...options })
  await app.ready
  return async (address: string, authorization: string): Promise<string> => {
    const request = new Request('http://a/predict', { method: 'POST', headers: { authorization }, body: '{}' })
    const transport = Object.assign(webTransport(request), { address })
    const response = await app.fetch(request, { [TRANSPORT]: transport })
    const retry = response.headers.get('retry-after')
    await response.body?.cancel()
    return retry === null ? String(response.status) : `${response.status} after ${retry}`
  }
}

describe('@rateLimit', () => {
  test('counts for each principal', async () => {
    const { app } = await serveWith(bearerAuth({ tokens: ['a', 'b'] }), rateLimit({ requests: 2, per: 'minute' }))
    const statuses: number[] = []
    for (const token of ['a', 'a', 'b', 'a', 'b', 'b'])
      statuses.push((await call(app, { authorization: `Bearer ${token}` })).status)
    expect(statuses).toEqual([200, 200, 200, 429, 200, 429])
  })

  test('answers 429 with Retry-After, not to be stored', async () => {
    const { app } = await serveWith(bearerAuth({ tokens: 'a' }), rateLimit({ requests: 1, per: 'hour' }))
    await call(app, { authorization: 'Bearer a' })
    const response = await call(app, { authorization: 'Bearer a' })
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(3590)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await outcome(response)).toBe('429 rate_limited')
  })

  test('whoever is not let in takes nothing of it', async () => {
    const { app } = await serveWith(rateLimit({ requests: 1, per: 'hour' }), bearerAuth({ tokens: 'a' }))
    for (let attempt = 0; attempt < 5; attempt += 1) await call(app, { authorization: 'Bearer x' })
    expect((await call(app, { authorization: 'Bearer a' })).status).toBe(200)
  })

  test('counts a token in the body, too', async () => {
    const { app } = await serveWith(bodyTokenAuth({ tokens: 'a' }), rateLimit({ requests: 1, per: 'hour' }))
    expect((await call(app, {}, { auth: 'a' })).status).toBe(200)
    expect((await call(app, {}, { auth: 'a' })).status).toBe(429)
  })

  test('counts addresses where nobody authenticates, and the nearer of two rates', async () => {
    const ask = await fromAddresses(
      {},
      rateLimit({ requests: 1, per: 'second' }),
      rateLimit({ requests: 9, per: 'day' }),
    )
    expect([await ask('192.0.2.1', ''), await ask('192.0.2.1', ''), await ask('192.0.2.2', '')]).toEqual([
      '200',
      '429 after 1',
      '200',
    ])
  })
})

describe('failed attempts', () => {
  const options = { maxAuthFailures: 3 }

  test('of tokens, which nobody guesses: the failures get 429, good callers of the address go on', async () => {
    const ask = await fromAddresses(options, bearerAuth({ tokens: 'a' }))
    const answers: string[] = []
    for (const token of ['x', 'x', 'x', 'x', 'a', 'x']) answers.push(await ask('192.0.2.1', `Bearer ${token}`))
    expect(answers).toEqual(['401', '401', '401', '429 after 20', '200', '429 after 20'])
    expect(await ask('192.0.2.2', 'Bearer x')).toBe('401')
  })

  test('of passwords: the address is not listened to until its time has come', async () => {
    const ask = await fromAddresses(options, basicAuth({ users: { till: 'p' } }))
    const answers: string[] = []
    for (const password of ['x', 'x', 'x', 'p']) answers.push(await ask('192.0.2.1', basic(`till:${password}`)))
    expect(answers).toEqual(['401', '401', '401', '429 after 20'])
    expect(await ask('192.0.2.2', basic('till:p'))).toBe('200')
  })

  test('requests without credentials are none', async () => {
    const ask = await fromAddresses(options, bearerAuth({ tokens: 'a' }))
    for (let attempt = 0; attempt < 5; attempt += 1) expect(await ask('192.0.2.1', 'Digest x')).toBe('401')
    expect(await ask('192.0.2.1', 'Bearer x')).toBe('401')
  })

  test('an IPv6 network counts as one', async () => {
    const ask = await fromAddresses(options, basicAuth({ users: { till: 'p' } }))
    for (const end of [1, 2, 3]) expect(await ask(`2001:db8::${end}`, basic('till:x'))).toBe('401')
    expect(await ask('2001:db8::4', basic('till:x'))).toBe('429 after 20')
  })

  test('0 is no limit', async () => {
    const ask = await fromAddresses({ maxAuthFailures: 0 }, basicAuth({ users: { till: 'p' } }))
    for (let attempt = 0; attempt < 20; attempt += 1) expect(await ask('192.0.2.1', basic('till:x'))).toBe('401')
  })
})
