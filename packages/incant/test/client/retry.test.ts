import { describe, expect, test } from 'vitest'
import { ModelClient } from '../../src/client/index.ts'
import { Echo, served } from '../node/_served.ts'
import { closedPort, failureOf, type Reply, rawServer, reply, replyJSON, replyProblem } from './_raw-server.ts'

const QUICK = { delay: 1 }
const NOW = { 'Retry-After': '0' }
const GOOD = replyJSON('good')
const breaks: Reply = socket => socket.destroy()

/** What came of it, and how often it was asked. */
async function attempt(
  replies: readonly Reply[],
  options: object = {},
): Promise<{ result: unknown; requests: number }> {
  const server = await rawServer(...replies)
  const model = new ModelClient(server.url, { retry: QUICK, ...options })
  const result = await model.predict({ a: 1 }).catch((thrown: unknown) => thrown)
  return { result, requests: server.requests.length }
}

describe('a call that has not run is made again', () => {
  test.each<[string, Reply]>([
    ['503 queue_full', replyProblem(503, 'queue_full', NOW)],
    ['503 starting', replyProblem(503, 'starting', NOW)],
    ['503 draining', replyProblem(503, 'draining', NOW)],
    ['503 unavailable', replyProblem(503, 'unavailable', NOW)],
    ['503 auth_unavailable', replyProblem(503, 'auth_unavailable', NOW)],
    ['429 rate_limited', replyProblem(429, 'rate_limited', NOW)],
    ['429 of a proxy', reply(429, 'slow down')],
  ])('%s', async (_name, refusal) => {
    expect(await attempt([refusal, refusal, GOOD])).toEqual({ result: 'good', requests: 3 })
  })

  test('no connection', async () => {
    let attempts = 0
    const url = await closedPort()
    const model = new ModelClient(url, {
      retry: QUICK,
      fetch: (target, init) => {
        attempts += 1
        return fetch(target, init)
      },
    })
    expect(await failureOf(model.predict({}))).toMatchObject({
      name: 'ConnectionError',
      code: 'connection_failed',
      message: expect.stringMatching(/^No connection to http:\/\/127\.0\.0\.1:\d+ could be made\.$/),
      status: undefined,
    })
    expect(attempts).toBe(3)
  })

  test('a server that comes up meanwhile', async () => {
    const url = new URL(await closedPort())
    const pending = new ModelClient(url, { retry: { attempts: 50, delay: 20, maxDelay: 50 } }).predict({ a: 1 })
    await served(Echo, { port: Number(url.port) })
    expect(await pending).toEqual({ got: { a: 1 } })
  })

  test.each([
    ['Bun', Object.assign(new TypeError('ECONNREFUSED: Unable to connect.'), { code: 'ECONNREFUSED' })],
    ['Bun, no such name', Object.assign(new TypeError('x'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' })],
    ['Bun, earlier', Object.assign(new Error('Unable to connect.'), { code: 'ConnectionRefused' })],
    ['Deno', new TypeError('fetch failed', { cause: new Error(HYPER) })],
    ['Node, several addresses', new TypeError('fetch failed', { cause: new AggregateError([refused(), refused()]) })],
    [
      'Node, no such name',
      new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { syscall: 'getaddrinfo' }) }),
    ],
  ])('as %s says it', async (_name, thrown) => {
    let attempts = 0
    const fetch = () => {
      attempts += 1
      return Promise.reject(thrown)
    }
    expect(await failureOf(new ModelClient('http://a', { retry: QUICK, fetch }).predict({}))).toMatchObject({
      code: 'connection_failed',
      cause: thrown,
    })
    expect(attempts).toBe(3)
  })
})

const HYPER = 'error sending request for url (http://a/): client error (Connect): tcp connect error: Connection refused'

function refused(): Error {
  return Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' })
}

describe('a call that may have run is made once', () => {
  const mayHaveRun: readonly [string, Reply, string][] = [
    ['a connection that closes', '', 'connection_lost'],
    ['a connection that breaks', breaks, 'connection_lost'],
    ['500', replyProblem(500, 'internal'), 'internal'],
    ['502 of a proxy', reply(502, 'bad'), 'http_502'],
    ['503 of a proxy', reply(503, 'bad', NOW), 'http_503'],
    ['503 that predict chose', replyProblem(503, 'http_503', NOW), 'http_503'],
    ['503 for what was cut off', replyProblem(503, 'draining'), 'draining'],
    ['504', replyProblem(504, 'deadline_exceeded'), 'deadline_exceeded'],
  ]
  test.each(mayHaveRun)('%s', async (_name, failure, code) => {
    expect(await attempt([failure, GOOD])).toEqual({ result: expect.objectContaining({ code }), requests: 1 })
  })
  test.each(mayHaveRun)('%s: again where it may run twice', async (_name, failure) => {
    expect(await attempt([failure, GOOD], { retry: { ...QUICK, unsafe: true } })).toEqual({
      result: 'good',
      requests: 2,
    })
  })

  test.each<[string, Reply]>([
    ['400', replyProblem(400, 'bad_request')],
    ['401', replyProblem(401, 'unauthorized', NOW)],
    ['422', replyProblem(422, 'invalid_payload')],
    ['501', replyProblem(501, 'not_implemented')],
    ['JSON that does not parse', reply(200, '{', { 'Content-Type': 'application/json' })],
    ['a redirect', reply(302, '', { Location: '/' })],
  ])('%s: once, though it may run twice', async (_name, failure) => {
    expect((await attempt([failure, GOOD], { retry: { ...QUICK, unsafe: true } })).requests).toBe(1)
  })

  test('an error of a fetch that says nothing, as in a browser', async () => {
    let attempts = 0
    const fetch = () => {
      attempts += 1
      return Promise.reject(new TypeError('Failed to fetch'))
    }
    expect(await failureOf(new ModelClient('http://a', { retry: QUICK, fetch }).predict({}))).toMatchObject({
      code: 'connection_lost',
    })
    expect(attempts).toBe(1)
  })

  test('a stream that was sent is gone', async () => {
    const server = await rawServer(replyProblem(503, 'queue_full', NOW), GOOD)
    const model = new ModelClient(server.url, { retry: { ...QUICK, unsafe: true } })
    const failure = await failureOf(model.predict(new Blob(['streamed']).stream()))
    expect(failure).toMatchObject({ name: 'UnavailableError', code: 'queue_full' })
    expect(server.requests.length).toBe(1)
  })
})

describe('how often, and when', () => {
  const full = replyProblem(503, 'queue_full', NOW)

  test('three times, and then the last error', async () => {
    expect(await attempt([full])).toEqual({ result: expect.objectContaining({ code: 'queue_full' }), requests: 3 })
  })
  test('as often as is said; a call’s word counts', async () => {
    const server = await rawServer(full)
    const model = new ModelClient(server.url, { retry: { ...QUICK, attempts: 5 } })
    await failureOf(model.predict({}))
    expect(server.requests.length).toBe(5)
    await failureOf(model.predict({}, { retry: { attempts: 2 } }))
    expect(server.requests.length).toBe(7)
    await failureOf(model.predict({}, { retry: false }))
    expect(server.requests.length).toBe(8)
  })

  test('the body is the same each time, a form too', async () => {
    const server = await rawServer(full, GOOD)
    await new ModelClient(server.url, { retry: QUICK }).predict(new Blob(['content']))
    expect(server.requests.map(request => request.split('\r\n\r\n')[1])).toEqual(['content', 'content'])
  })

  test('not before the seconds the server asked for', async () => {
    const started = performance.now()
    expect(await attempt([replyProblem(503, 'queue_full', { 'Retry-After': '1' }), GOOD])).toEqual({
      result: 'good',
      requests: 2,
    })
    expect(performance.now() - started).toBeGreaterThanOrEqual(995)
  })

  test('not before the date the server asked for', async () => {
    const date = new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000)
    const refusal = replyProblem(429, 'rate_limited', { 'Retry-After': date.toUTCString() })
    expect((await attempt([refusal, GOOD])).result).toBe('good')
    expect(Date.now()).toBeGreaterThanOrEqual(date.getTime() - 5)
  })

  test('not at all where that is longer than the longest wait', async () => {
    const { result, requests } = await attempt([replyProblem(503, 'queue_full', { 'Retry-After': '60' }), GOOD])
    expect(result).toMatchObject({ code: 'queue_full', retryAfter: 60 })
    expect(requests).toBe(1)
  })

  test('not at all where the time is up before: the refusal is the error, at once', async () => {
    const refusal = replyProblem(503, 'queue_full', { 'Retry-After': '60' })
    const options = { timeout: 50_000, retry: { maxDelay: 120_000 } }
    const { result, requests } = await attempt([refusal, GOOD], options)
    // Had it waited, the error would be that of the timeout.
    expect(result).toMatchObject({ code: 'queue_full', retryAfter: 60 })
    expect(requests).toBe(1)
  })

  test('the signal ends a wait', async () => {
    const server = await rawServer(replyProblem(503, 'queue_full', { 'Retry-After': '5' }))
    const controller = new AbortController()
    const pending = failureOf(new ModelClient(server.url).predict({}, { signal: controller.signal }))
    await expect.poll(() => server.requests.length).toBe(1)
    controller.abort(new Error('enough'))
    expect(await pending).toMatchObject({ message: 'enough' })
    expect(server.requests.length).toBe(1)
  })

  test('health is asked once', async () => {
    const server = await rawServer(full)
    await failureOf(new ModelClient(server.url, { retry: QUICK }).health())
    expect(server.requests.length).toBe(1)
  })
})
