import { HTTPException } from 'hono/http-exception'
import { describe, expect, it } from 'vitest'
import { rateLimit } from '../../src/auth/policy/rate-limit.ts'
import { bearerAuth } from '../../src/auth/strategies/bearer.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { gate } from '../app/_serving.ts'
import { refusalOf, serveFace } from './_served-face.ts'

class Failing extends BasePredictor {
  static calls = 0

  predict({ text }: { readonly text: string }): unknown {
    Failing.calls += 1
    if (text === 'forbidden') throw new HTTPException(403, { message: 'not for you' })
    if (text === 'own') throw new HTTPException(402, { res: new Response('pay', { status: 402 }) })
    if (text === 'response') return new Response('own', { status: 201 })
    if (text === 'map') return new Map()
    throw new Error('a secret of ours')
  }
}

const TOKEN = 'inc_abcdefghijkl_0123456789'

@bearerAuth({ tokens: [TOKEN] })
class Guarded extends BasePredictor {
  static calls = 0

  predict(payload: object): object {
    Guarded.calls += 1
    return payload
  }
}

@rateLimit({ requests: 1, per: 'hour' })
class Limited extends BasePredictor {
  predict(payload: object): object {
    return payload
  }
}

describe('errors of predict', () => {
  it('are told in the form of the protocol, without what is ours', async () => {
    const { ask, lines, requests } = await serveFace(Failing)
    const response = await ask('/t1/call', { payload: { text: 'any' } })
    const text = await response.clone().text()
    expect(await refusalOf(response)).toEqual({ status: 500, code: 'internal', read: true })
    expect(text).not.toContain('secret')
    const [line] = await requests(1)
    expect(line).toMatchObject({ route: '/t1/call', protocol: 'openai', status: 500, reason: 'internal' })
    const failures = lines.filter(({ message }) => message === 'predict failed')
    expect(failures.map(({ fields }) => fields['requestId'])).toEqual([line?.['requestId']])
  })

  it('have the status that predict chose, and its own response as it is', async () => {
    const { ask } = await serveFace(Failing)
    const call = (text: string) => ask('/t1/call', { payload: { text } })
    expect(await refusalOf(await call('forbidden'))).toEqual({ status: 403, code: 'http_403', read: true })
    expect(await refusalOf(await call('map'))).toEqual({ status: 500, code: 'not_serializable', read: true })
    const own = await call('own')
    expect([own.status, await own.text()]).toEqual([402, 'pay'])
    const response = await call('response')
    expect([response.status, await response.text()]).toEqual([201, 'own'])
  })
})

it('refuses a payload that does not match, with the place, and the status of the protocol', async () => {
  const { ask, requests } = await serveFace(Failing)
  const response = await ask('/t1/call', { payload: { text: 7 } })
  expect(await response.clone().json()).toMatchObject({ errors: [{ pointer: '#/text', detail: 'must be a string' }] })
  expect(await refusalOf(response)).toEqual({ status: 400, code: 'invalid_payload', read: true })
  expect((await requests(1))[0]).toMatchObject({
    status: 400,
    reason: 'invalid_payload',
    issue: '#/text must be a string',
  })
})

it('refuses a fault of the face without what is ours', async () => {
  const { ask } = await serveFace(Failing)
  const response = await ask('/t1/fail', {})
  expect(await response.clone().text()).not.toContain('broken')
  expect(await refusalOf(response)).toEqual({ status: 500, code: 'internal', read: true })
})

it('refuses bodies as /predict does', async () => {
  const { ask } = await serveFace(Failing, { maxBodySize: 100, maxJsonDepth: 3 })
  const send = async (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    refusalOf(
      await ask('/t1/call', undefined, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
      }),
    )
  expect(await send('{')).toEqual({ status: 400, code: 'invalid_json', read: false })
  expect(await send('')).toEqual({ status: 400, code: 'empty_body', read: false })
  expect(await send(Uint8Array.of(0x22, 0xff, 0x22))).toEqual({ status: 400, code: 'invalid_utf8', read: false })
  expect(await send('[[[[1]]]]')).toEqual({ status: 400, code: 'too_deep', read: false })
  expect(await send('{"__proto__":1}')).toEqual({ status: 400, code: 'forbidden_key', read: false })
  expect(await send('x'.repeat(101))).toEqual({ status: 413, code: 'body_too_large', read: false })
  expect(await send('{}', { 'content-type': 'text/html' })).toEqual({
    status: 415,
    code: 'unsupported_media_type',
    read: false,
  })
  expect(await send('{}', { 'content-encoding': 'gzip' })).toEqual({
    status: 415,
    code: 'unsupported_encoding',
    read: false,
  })
})

it('refuses pages of other origins', async () => {
  const { ask } = await serveFace(Failing)
  const response = await ask('/t1/call', { payload: { text: 'a' } }, { headers: { 'sec-fetch-site': 'cross-site' } })
  expect(await refusalOf(response)).toEqual({ status: 403, code: 'cross_site', read: false })
})

describe('a caller without credentials', () => {
  it('gets no further than the head, on any route of the protocol', async () => {
    const { ask } = await serveFace(Guarded)
    for (const [path, body] of [
      ['/t1/call', '{'],
      ['/t1/models', undefined],
      ['/t1/models/echo', undefined],
    ] as const) {
      const response = await ask(path, undefined, body === undefined ? {} : { method: 'POST', body })
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/)
      expect(await refusalOf(response)).toEqual({ status: 401, code: 'unauthorized', read: false })
    }
    const wrong = await ask('/t1/call', {}, { headers: { authorization: 'Bearer wrong' } })
    expect(wrong.headers.get('www-authenticate')).toContain('invalid_token')
    expect(await refusalOf(wrong)).toEqual({ status: 401, code: 'invalid_credentials', read: false })
    expect(await (await ask('/t1/where')).json()).toEqual({ at: 'here' })
    const method = await ask('/t1/call')
    expect([method.status, method.headers.get('allow')]).toEqual([405, 'POST'])
    expect(Guarded.calls).toBe(0)
  })

  it('is told apart from one with credentials, who is named in the log and whose answer is not stored', async () => {
    const { ask, requests } = await serveFace(Guarded)
    const init = { headers: { authorization: `Bearer ${TOKEN}` } }
    const response = await ask('/t1/call', { payload: { text: 'a' }, times: 2 }, init)
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect((await requests(1))[0]?.['principal']).toEqual(expect.any(String))
  })
})

it('takes one call from a rate for a request, however many calls of predict it makes', async () => {
  const { ask } = await serveFace(Limited)
  expect((await ask('/t1/call', { payload: { text: 'a' }, times: 3 })).status).toBe(200)
  const refused = await ask('/t1/call', { payload: { text: 'a' } })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await refusalOf(refused)).toEqual({ status: 429, code: 'rate_limited', read: false })
})

it('refuses, before the body is read, what the queue has no place for', async () => {
  const { opened, open } = gate()
  class Waiting extends BasePredictor {
    async predict(payload: object): Promise<object> {
      await opened
      return payload
    }
  }
  const { ask, url } = await serveFace(Waiting, { concurrency: 1, queue: 0, healthDetails: true })
  const first = ask('/t1/call', { payload: { text: 'a' } })
  const running = async () =>
    ((await (await fetch(`${url}/metrics`)).text()).match(/^incant_calls_in_flight (\d+)$/m) ?? [])[1]
  await expect.poll(running).toBe('1')
  const refused = await ask('/t1/call', undefined, {
    method: 'POST',
    body: '{',
    headers: { 'content-type': 'application/json' },
  })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await refusalOf(refused)).toEqual({ status: 503, code: 'queue_full', read: false })
  open()
  expect((await first).status).toBe(200)
})

it('ends a call at its deadline', async () => {
  class Slow extends BasePredictor {
    predict(): Promise<never> {
      return new Promise(() => {})
    }
  }
  const { ask } = await serveFace(Slow, { requestTimeout: '50ms' })
  expect(await refusalOf(await ask('/t1/call', { payload: { text: 'a' } }))).toEqual({
    status: 504,
    code: 'deadline_exceeded',
    read: true,
  })
})
