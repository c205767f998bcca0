import { once } from 'node:events'
import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http'
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { AccessLog } from '../../../src/app/access-log/access-log.ts'
import { bearerAuth } from '../../../src/auth/index.ts'
import { protect, WITH_CONTEXT } from '../../auth/_fixtures.ts'
import { eventually, rememberingLogger, served } from '../../node/_served.ts'

afterEach(() => {
  vi.useRealTimers()
})

/** A log, and the weights of what went well at these times, in milliseconds. */
function weighAll(rate: number, times: readonly number[]): number[] {
  const log = new AccessLog(rememberingLogger().logger, rate)
  return times.map(time => log.weigh('info', true, time))
}

describe('requests that went well', () => {
  test('are each written as long as there are few', () => {
    const times = Array.from({ length: 500 }, (_, n) => n * 10)
    expect(new Set(weighAll(100, times))).toEqual(new Set([1]))
  })

  test('are written as a sample past the rate, evenly, whose weights tell of all', () => {
    const times = Array.from({ length: 10_000 }, (_, n) => n)
    const weights = weighAll(50, times).map((weight, time) => ({ weight, time }))
    const written = weights.filter(({ weight }) => weight > 0)
    // Those of the first second at once, and then so many a second.
    expect(written.length).toBeGreaterThan(50 + 450)
    expect(written.length).toBeLessThan(50 + 550)
    const last = written.at(-1)?.time ?? 0
    expect(written.reduce((sum, { weight }) => sum + weight, 0)).toBe(last + 1)
    expect(written.slice(60).every(({ weight }) => weight >= 18 && weight <= 22)).toBe(true)
  })

  test('are never more lines than the rate allows, and never lose one, however they come', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 20 }), (steps, rate) => {
        let time = 0
        const times = steps.map(step => (time += step))
        const { logger, lines } = rememberingLogger()
        const log = new AccessLog(logger, rate)
        const weights = times.map(now => log.weigh('info', true, now))
        log.close()
        const rest = Number(lines[0]?.fields['count'] ?? 0)
        expect(weights.reduce((sum, weight) => sum + weight, rest)).toBe(times.length)
        expect(weights.filter(weight => weight > 0).length).toBeLessThanOrEqual(rate + (time * rate) / 1000 + 1)
      }),
    )
  })

  test('are all written at rate 0, and none below the level of the log', () => {
    expect(
      new Set(
        weighAll(
          0,
          Array.from({ length: 1000 }, () => 0),
        ),
      ),
    ).toEqual(new Set([1]))
    const log = new AccessLog({ level: 'warn', log: () => {} }, 0)
    expect(log.weigh('info', true, 0)).toBe(0)
  })
})

test('over a socket: more requests than the rate are fewer lines, whose counts tell of all, and every error', async () => {
  const { server, lines } = await served(undefined, { logRate: 1 })
  const statuses: number[] = []
  for (let n = 0; n < 60; n += 1) {
    const body = n % 20 === 0 ? '{' : '{}'
    const response = await fetch(`${server.url}/predict`, { method: 'POST', body })
    await response.arrayBuffer()
    statuses.push(response.status)
  }
  await server.close({ gracePeriod: 0 })
  const requests = lines.filter(({ message }) => message === 'request')
  const failed = requests.filter(({ fields }) => fields['status'] === 400)
  expect(failed).toHaveLength(3)
  expect(failed.every(({ fields }) => fields['count'] === undefined)).toBe(true)
  const rest = lines.find(({ message }) => message === 'requests without a separate line')
  const told = requests.filter(({ fields }) => fields['status'] === 200)
  const sum = told.reduce((total, { fields }) => total + Number(fields['count'] ?? 1), 0)
  expect(sum + Number(rest?.fields['count'] ?? 0)).toBe(57)
  expect(told.length).toBeLessThan(57)
})

test('errors are never left out', () => {
  const log = new AccessLog(rememberingLogger().logger, 1)
  for (let n = 0; n < 100; n += 1) expect(log.weigh('info', false, 0)).toBe(1)
})

describe('refusals', () => {
  const refusal = { status: 401, reason: 'invalid_credentials', requestId: 'r', client: '192.0.2.1' }

  test('are written at once, and then counted', () => {
    vi.useFakeTimers()
    const { logger, lines } = rememberingLogger()
    const log = new AccessLog(logger, 0)
    for (let n = 0; n < 1000; n += 1) log.log('info', refusal)
    log.log('info', { ...refusal, reason: 'unauthorized' })
    log.log('info', { ...refusal, client: '192.0.2.2' })
    expect(lines.map(({ message }) => message)).toEqual(['request', 'request', 'request'])
    vi.advanceTimersByTime(10_000)
    const { requestId: _, ...kind } = refusal
    expect(lines.slice(3)).toEqual([{ level: 'warn', message: 'refused again', fields: { ...kind, count: 999 } }])
    log.log('info', refusal)
    vi.advanceTimersByTime(10_000)
    expect(lines.slice(4)).toMatchObject([{ message: 'refused again', fields: { count: 1 } }])
  })

  test('are written at once again when there have been none for a while, and nothing is kept of them', () => {
    vi.useFakeTimers()
    const { logger, lines } = rememberingLogger()
    const log = new AccessLog(logger, 0)
    log.log('info', refusal)
    vi.advanceTimersByTime(10_000)
    expect(vi.getTimerCount()).toBe(0)
    log.log('info', refusal)
    expect(lines.map(({ message }) => message)).toEqual(['request', 'request'])
    log.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  test('of very many addresses are lines of a few hundred, and a count of the others', () => {
    vi.useFakeTimers()
    const { logger, lines } = rememberingLogger()
    const log = new AccessLog(logger, 0)
    for (let n = 0; n < 100_000; n += 1)
      log.log('info', { ...refusal, client: `2001:db8:${(n >> 8).toString(16)}:${n & 255}::1` })
    expect(lines).toHaveLength(500)
    log.close()
    expect(lines.slice(500)).toMatchObject([{ message: 'refused again', fields: { client: 'others', count: 99_500 } }])
  })

  test('over a socket: a flood with wrong credentials is two lines', async () => {
    const { server, lines } = await served(protect(bearerAuth({ tokens: 'right' })), { signature: WITH_CONTEXT })
    const attempt = () => fetch(`${server.url}/predict`, { method: 'POST', headers: { authorization: 'Bearer wrong' } })
    const statuses = await Promise.all(Array.from({ length: 50 }, attempt))
    expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set([401]))
    await Promise.all(statuses.map(response => response.arrayBuffer()))
    await server.close({ gracePeriod: 0 })
    await eventually(() => lines.some(({ message }) => message === 'refused again'))
    const refused = lines.filter(({ fields }) => fields['reason'] === 'invalid_credentials')
    expect(refused.map(({ message, fields }) => [message, fields['count']])).toEqual([
      ['request', undefined],
      ['refused again', 49],
    ])
  })

  test('over a socket: two lines of credentials, which the gate refuses, are counted too', async () => {
    const { server, lines } = await served(protect(bearerAuth({ tokens: 'right' })), { signature: WITH_CONTEXT })
    const headers = { Authorization: ['Bearer a', 'Bearer b'] }
    for (let n = 0; n < 5; n += 1) expect(await postRaw(server.url, headers)).toBe(400)
    await server.close({ gracePeriod: 0 })
    const refused = lines.filter(({ fields }) => fields['reason'] === 'malformed_credentials')
    expect(refused.map(({ message }) => message)).toEqual(['request', 'refused again'])
  })
})

/** Posts with header lines as they are given. Returns the status. */
async function postRaw(url: string, headers: OutgoingHttpHeaders): Promise<number | undefined> {
  const sent = request(`${url}/predict`, { method: 'POST', headers })
  sent.end()
  // The event carries the response.
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  response.resume()
  return response.statusCode
}
