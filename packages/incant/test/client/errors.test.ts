import { describe, expect, test } from 'vitest'
import { readRetryAfter } from '../../src/client/failures/retry-after.ts'
import * as client from '../../src/client/index.ts'
import { InvalidPayloadError, ModelClient, ModelClientError } from '../../src/client/index.ts'
import { HTTPException } from '../../src/index.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { signatureOf } from '../app/_serving.ts'
import { served } from '../node/_served.ts'
import { chunked, closedPort, failureOf, rawServer, reply, replyJSON, replyProblem } from './_raw-server.ts'

class Fails extends BasePredictor {
  async predict(payload: { text: string; status?: number }) {
    if (payload.status === 0) throw new Error('canary')
    if (payload.status === 1) await new Promise(resolve => setTimeout(resolve, 5000).unref())
    if (payload.status !== undefined) throw new HTTPException(418, { message: 'A teapot.' })
    return payload.text
  }
}
const SIGNATURE = signatureOf({
  role: 'payload',
  schema: { type: 'object', properties: { text: { type: 'string' }, status: { type: 'number' } }, required: ['text'] },
})
const fails = async () =>
  new ModelClient<typeof Fails>((await served(Fails, { signature: SIGNATURE, requestTimeout: 1000 })).server.url)

describe('a real server’s refusals, by class and code', () => {
  test('422 has its issues', async () => {
    const failure = await failureOf((await fails()).predict(JSON.parse('{"text":5}')))
    if (!(failure instanceof InvalidPayloadError)) throw failure
    expect(failure.issues).toEqual([{ pointer: '#/text', detail: 'must be a string' }])
    expect(failure).toMatchObject({
      name: 'InvalidPayloadError',
      status: 422,
      code: 'invalid_payload',
      requestId: expect.stringMatching(/^[\w-]{36}$/),
      message: '422 invalid_payload: The payload does not match what predict takes. #/text must be a string',
      problem: { title: 'Invalid payload' },
    })
  })

  test.each([
    [0, 'ServerFailedError', 500, 'internal', '500 internal: Internal server error'],
    [1, 'DeadlineExceededError', 504, 'deadline_exceeded', '504 deadline_exceeded: Deadline exceeded'],
    [418, 'RequestRefusedError', 418, 'http_418', '418 http_418: A teapot.'],
  ])('%i', async (given, name, status, code, message) => {
    const failure = await failureOf((await fails()).predict({ text: 'a', status: given }))
    expect(failure).toBeInstanceOf(ModelClientError)
    expect(failure).toMatchObject({ name, status, code, message })
  })

  test('400: the body is not JSON', async () => {
    const failure = await failureOf(new ModelClient((await fails()).url).predict('not JSON'))
    expect(failure).toMatchObject({ name: 'RequestRefusedError', status: 400, code: 'invalid_json' })
  })

  test('404 on an address that is none of the server’s', async () => {
    const failure = await failureOf(new ModelClient(`${(await fails()).url}/else`).health())
    expect(failure).toMatchObject({ status: 404, code: 'not_found', message: '404 not_found: Not found' })
  })

  test('a health() that throws is 503, and not ready before setup is done', async () => {
    class Ill extends Fails {
      override health(): unknown {
        throw new Error('canary')
      }
    }
    const model = new ModelClient((await served(Ill)).server.url)
    expect(await failureOf(model.health())).toMatchObject({
      name: 'UnavailableError',
      status: 503,
      code: 'unavailable',
    })
    const starting = await rawServer(replyProblem(503, 'starting', { 'Retry-After': '1' }))
    expect(await new ModelClient(starting.url).ready()).toBe(false)
    expect(starting.requests.length).toBe(1)
    expect(await new ModelClient(await closedPort()).ready()).toBe(false)
    await expect(new ModelClient(`${model.url}/else`).ready()).rejects.toThrow('404 not_found: Not found')
  })
})

describe('each status has its class', () => {
  test.each([
    [400, 'RequestRefusedError'],
    [401, 'AuthenticationError'],
    [403, 'AuthenticationError'],
    [413, 'RequestRefusedError'],
    [422, 'InvalidPayloadError'],
    [429, 'RateLimitedError'],
    [500, 'ServerFailedError'],
    [501, 'ServerFailedError'],
    [503, 'UnavailableError'],
    [504, 'DeadlineExceededError'],
  ])('%i is %s', async (status, name) => {
    const server = await rawServer(replyProblem(status, 'some_code', { 'Retry-After': '7' }))
    const failure = await failureOf(new ModelClient(server.url, { retry: false }).predict({}))
    expect(failure).toBeInstanceOf(Reflect.get(client, name))
    expect(failure).toMatchObject({ name, status, code: 'some_code', requestId: 'r1', retryAfter: 7 })
    expect(failure).toHaveProperty('message', `${status} some_code: A title`)
  })
})

describe('answers that are no model server’s', () => {
  test.each<[string, string, object]>([
    [
      'a proxy’s page',
      reply(502, '<h1>canary</h1>', { 'Content-Type': 'text/html', 'X-Request-Id': 'p1', 'Retry-After': '3' }),
      {
        name: 'ServerFailedError',
        status: 502,
        code: 'http_502',
        requestId: 'p1',
        retryAfter: 3,
        problem: undefined,
        message: "The answer was 502, and not a model server's (text/html).",
      },
    ],
    [
      'a problem document that is none',
      reply(400, '{"title":"canary"}', { 'Content-Type': 'application/problem+json' }),
      { name: 'RequestRefusedError', status: 400, code: 'http_400', problem: undefined },
    ],
    [
      'a problem document that does not parse',
      reply(400, '{canary', { 'Content-Type': 'application/problem+json' }),
      { name: 'RequestRefusedError', status: 400, code: 'http_400', problem: undefined },
    ],
    [
      'a problem document that never arrives whole',
      reply(400, '{"title"', { 'Content-Type': 'application/problem+json', 'Content-Length': '500' }),
      { name: 'RequestRefusedError', status: 400, code: 'http_400', problem: undefined },
    ],
    [
      'JSON that does not parse',
      reply(200, '{"canary":', { 'Content-Type': 'application/json', 'X-Request-Id': 'r1' }),
      {
        name: 'InvalidResponseError',
        code: 'invalid_response',
        requestId: 'r1',
        message: 'The answer says that it is JSON, and does not parse.',
      },
    ],
    [
      'JSON that breaks off',
      chunked('application/json', '{"canary":'),
      { name: 'ConnectionError', code: 'connection_lost', requestId: 'r1' },
    ],
    [
      'bytes that break off',
      reply(200, 'canary', { 'Content-Type': 'application/octet-stream', 'Content-Length': '10' }),
      {
        name: 'ConnectionError',
        code: 'connection_lost',
        message: 'The connection to the server broke before the answer was complete.',
      },
    ],
    [
      'no HTTP at all',
      'canary canary\r\n\r\n',
      { name: 'ConnectionError', code: 'connection_lost', status: undefined },
    ],
    ['nothing', '', { name: 'ConnectionError', code: 'connection_lost', status: undefined, requestId: undefined }],
  ])('%s', async (_name, text, expected) => {
    const server = await rawServer(text)
    const failure = await failureOf(new ModelClient(server.url).predict({}))
    expect(failure).toBeInstanceOf(ModelClientError)
    expect(failure).toMatchObject(expected)
    expect(String(failure)).not.toContain('canary')
    expect(server.requests.length).toBe(1)
  })

  test('a status without a body', async () => {
    const server = await rawServer('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n')
    expect(await new ModelClient(server.url).predict({})).toBeUndefined()
  })
})

describe('time and the caller’s signal', () => {
  const hang = (): void => {}
  const halfway = (socket: { write(text: string): unknown }): void =>
    void socket.write(reply(200, '{"a":', { 'Content-Type': 'application/json', 'Content-Length': '500' }))

  test.each([
    ['a server that never answers', hang],
    ['a body that never ends', halfway],
  ])('%s: the timeout', async (_name, answer) => {
    const server = await rawServer(answer)
    // Time enough that the request has arrived before, also on a busy machine.
    const failure = await failureOf(new ModelClient(server.url, { timeout: 1000 }).predict({}))
    expect(failure).toMatchObject({
      name: 'TimeoutError',
      code: 'timeout',
      status: undefined,
      message: 'The server did not answer within 1000 ms.',
    })
    expect(server.requests.length).toBe(1)
    await expect.poll(() => server.closed).toBeGreaterThan(0)
  })

  test.each([
    ['a server that never answers', hang],
    ['a body that never ends', halfway],
  ])('%s: the signal, whose reason is thrown', async (_name, answer) => {
    const server = await rawServer(answer)
    const controller = new AbortController()
    const pending = failureOf(new ModelClient(server.url).predict({}, { signal: controller.signal }))
    await expect.poll(() => server.requests.length).toBe(1)
    const reason = new Error('enough')
    controller.abort(reason)
    expect(await pending).toBe(reason)
    await expect.poll(() => server.closed).toBeGreaterThan(0)
  })

  test('a signal that has fired already: nothing is sent', async () => {
    const server = await rawServer(replyJSON(1))
    const failure = await failureOf(new ModelClient(server.url).predict({}, { signal: AbortSignal.abort() }))
    expect(failure).toMatchObject({ name: 'AbortError' })
    expect(server.requests).toEqual([])
  })

  test('a token that never comes is part of the time', async () => {
    const model = new ModelClient('http://127.0.0.1:9', { auth: { bearer: () => new Promise(() => {}) }, timeout: 50 })
    expect(await failureOf(model.predict({}))).toMatchObject({ code: 'timeout' })
  })

  test('a signal that is used again and again gathers no listeners', async () => {
    const server = await rawServer(replyJSON(1))
    const { signal } = new AbortController()
    let listeners = 0
    const { addEventListener, removeEventListener } = signal
    signal.addEventListener = (...parameters: Parameters<typeof addEventListener>) => {
      listeners += 1
      addEventListener.apply(signal, parameters)
    }
    signal.removeEventListener = (...parameters: Parameters<typeof removeEventListener>) => {
      listeners -= 1
      removeEventListener.apply(signal, parameters)
    }
    const model = new ModelClient(server.url, { timeout: Number.POSITIVE_INFINITY })
    for (let count = 0; count < 5; count += 1) await model.predict({}, { signal })
    expect(listeners).toBe(0)
  })
})

test.each<[string | null, number | undefined]>([
  [null, undefined],
  ['0', 0],
  [' 120 ', 120],
  ['Thu, 01 Jan 1970 00:01:40 GMT', 40],
  ['Thu, 01 Jan 1970 00:00:30 GMT', 0],
  ['Thursday, 01-Jan-70 00:01:40 GMT', 40],
  ['-5', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['', undefined],
])('Retry-After: %s is %s seconds at 00:01:00', (header, seconds) => {
  expect(readRetryAfter(header, 60_000)).toBe(seconds)
})
