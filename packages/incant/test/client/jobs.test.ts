import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import {
  InvalidPayloadError,
  InvalidResponseError,
  json,
  ModelClient,
  RequestRefusedError,
  TimeoutError,
} from '../../src/client/index.ts'
import { chunked, failureOf, rawServer, replyJSON, replyProblem } from './_raw-server.ts'

const QUEUED = { id: 'a', status: 'starting', output: null }
const DONE = { id: 'a', status: 'succeeded', output: [1, 2] }

const event = (id: number, name: string, data: unknown) => `${JSON.stringify({ id: String(id), event: name, data })}\n`
const events = (...lines: readonly string[]) => chunked('application/x-ndjson', ...lines)
const END = '0\r\n\r\n'

/** The head of a request by its lines, and its body. */
function read(request = ''): { line: string; headers: Record<string, string>; body: unknown } {
  const [head = '', body = ''] = request.split('\r\n\r\n')
  const [line = '', ...lines] = head.split('\r\n')
  const headers = Object.fromEntries(lines.map(text => text.toLowerCase().split(': ')))
  return { line, headers, body: body === '' ? undefined : JSON.parse(body) }
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = []
  for await (const item of items) collected.push(item)
  return collected
}

test('a job is submitted under an id of the client, with what belongs to it', async () => {
  const server = await rawServer(replyJSON(QUEUED))
  const model = new ModelClient(server.url, { auth: { bearer: 'token' } })
  const webhook = new URL('https://receiver.example/hook')
  expect(
    await model.submit(
      { text: 'a', bytes: new Uint8Array(2) },
      { webhook, webhookEvents: ['completed'], metadata: { a: 1 } },
    ),
  ).toEqual(QUEUED)
  await model.submit(json('text'), { id: 'order/1' })
  await model.submit('text')
  const [first, second, third] = server.requests.map(read)
  expect(first?.line).toMatch(/^PUT \/predictions\/[a-z2-7]{26} HTTP/)
  expect(first?.headers).toMatchObject({
    prefer: 'respond-async',
    authorization: 'bearer token',
    'content-type': 'application/json',
  })
  expect(first?.body).toEqual({
    input: { text: 'a', bytes: 'AAA=' },
    webhook: 'https://receiver.example/hook',
    webhook_events_filter: ['completed'],
    metadata: { a: 1 },
  })
  expect(second).toMatchObject({ line: 'PUT /predictions/order%2F1 HTTP/1.1', body: { input: 'text' } })
  expect(third?.body).toEqual({ input: 'text' })
  expect(third?.line).not.toBe(first?.line)
})

test('a model among several is named in the submission, and its jobs are those of the server', async () => {
  const server = await rawServer(replyJSON(QUEUED), replyJSON(DONE))
  const model = new ModelClient(`${server.url}/api/models/words%3Av1/`)
  await model.wait(await model.submit({ text: 'a' }, { id: 'b' }))
  const [first, second] = server.requests.map(read)
  expect(first).toMatchObject({
    line: 'PUT /api/predictions/b HTTP/1.1',
    body: { model: 'words:v1', input: { text: 'a' } },
  })
  expect(second?.line).toBe('GET /api/predictions/a?wait=25 HTTP/1.1')
})

test('a submission that may not have arrived is sent again, under the same id', async () => {
  const server = await rawServer(socket => socket.destroy(), replyProblem(502, 'replica_failed'), replyJSON(QUEUED))
  expect(await new ModelClient(server.url, { retry: { delay: 1 } }).submit({})).toEqual(QUEUED)
  const lines = server.requests.map(request => read(request).line)
  expect(lines).toHaveLength(3)
  expect(new Set(lines).size).toBe(1)
  const once = await rawServer(socket => socket.destroy(), replyJSON(QUEUED))
  await expect(new ModelClient(once.url).submit({}, { retry: false })).rejects.toMatchObject({
    code: 'connection_lost',
  })
})

test('a payload that does not match is refused when it is submitted', async () => {
  const server = await rawServer(replyProblem(422, 'invalid_payload'))
  expect(await failureOf(new ModelClient(server.url).submit({}))).toBeInstanceOf(InvalidPayloadError)
  expect(server.requests).toHaveLength(1)
})

test('the wait goes on until the job is over, over a restart of the server', async () => {
  const server = await rawServer(
    replyJSON(QUEUED),
    socket => socket.destroy(),
    replyProblem(503, 'starting', { 'Retry-After': '0' }),
    replyJSON({ ...DONE, status: 'failed', error: 'no' }),
  )
  const model = new ModelClient(server.url, { retry: { attempts: 1, delay: 1 } })
  expect(await model.wait({ id: 'a' })).toMatchObject({ status: 'failed', error: 'no' })
  expect(server.requests.map(request => read(request).line)).toEqual(
    Array(4).fill('GET /predictions/a?wait=25 HTTP/1.1'),
  )
})

test('the wait ends with its timeout, with the signal, and with a job that is not there', async () => {
  const pending = await rawServer(replyJSON(QUEUED))
  const model = new ModelClient(pending.url)
  expect(await failureOf(model.wait('a', { timeout: 50 }))).toBeInstanceOf(TimeoutError)
  expect(await failureOf(model.wait('a', { signal: AbortSignal.abort('enough') }))).toBe('enough')
  const leave = new AbortController()
  const holding = await rawServer(() => leave.abort('gone'))
  expect(await failureOf(new ModelClient(holding.url).wait('a', { signal: leave.signal }))).toBe('gone')
  const unknown = await rawServer(replyProblem(404, 'job_not_found'))
  expect(await failureOf(new ModelClient(unknown.url).wait('a'))).toBeInstanceOf(RequestRefusedError)
})

test('cancel is a POST, made again where it may not have arrived', async () => {
  const server = await rawServer(socket => socket.destroy(), replyJSON({ ...QUEUED, status: 'canceled' }))
  expect(await new ModelClient(server.url, { retry: { delay: 1 } }).cancel('a')).toMatchObject({ status: 'canceled' })
  expect(server.requests.map(request => read(request).line)).toEqual(
    Array(2).fill('POST /predictions/a/cancel HTTP/1.1'),
  )
})

test('events come in order, each once, over connections that break', async () => {
  const cut = (socket: Socket, text: string) => socket.end(text)
  const server = await rawServer(
    socket => cut(socket, events(event(1, 'start', null), event(2, 'output', 1))),
    socket => cut(socket, events('\n')),
    events(event(3, 'log', 'a line')) + END,
    events(event(4, 'output', 2), '\n', event(5, 'completed', DONE)) + END,
  )
  expect(await collect(new ModelClient(server.url).events('a'))).toEqual([
    { event: 'start', data: null },
    { event: 'output', data: 1 },
    { event: 'log', data: 'a line' },
    { event: 'output', data: 2 },
    { event: 'completed', data: DONE },
  ])
  const asked = server.requests.map(read)
  expect(asked[0]?.line).toBe('GET /predictions/a/events HTTP/1.1')
  expect(asked[0]?.headers['accept']).toBe('application/x-ndjson')
  expect(asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '2', '2', '3'])
})

test('a stream that is silent for too long is opened again', async () => {
  const server = await rawServer(
    socket => socket.write(events(event(1, 'output', 1))),
    events(event(2, 'completed', DONE)) + END,
  )
  const received = await collect(new ModelClient(server.url).events('a', { timeout: 50 }))
  expect(received.map(one => one.event)).toEqual(['output', 'completed'])
})

test('who leaves the events ends the request, also while it waits', async () => {
  const server = await rawServer(socket => socket.write(events(event(1, 'output', 1))))
  const stream = new ModelClient(server.url).events('a')
  expect(await stream.next()).toEqual({ done: false, value: { event: 'output', data: 1 } })
  const waiting = stream.next()
  await stream.return?.()
  expect(await waiting).toEqual({ done: true, value: undefined })
  const leave = new AbortController()
  const signalled = new ModelClient(server.url).events('a', { signal: leave.signal })
  await signalled.next()
  leave.abort('enough')
  expect(await failureOf(signalled.next())).toBe('enough')
})

test.each([
  ['an answer of something else', replyJSON({ a: 1 })],
  ['items of something else', events('{"a":1}\n') + END],
])('%s is no job', async (_name, reply) => {
  const server = await rawServer(reply)
  const model = new ModelClient(server.url)
  expect(await failureOf(collect(model.events('a')))).toBeInstanceOf(InvalidResponseError)
  for (const call of [() => model.submit({}), () => model.wait('a'), () => model.cancel('a')])
    expect(await failureOf(call())).toMatchObject({ code: 'invalid_response', name: 'InvalidResponseError' })
})

test('what is no job is a TypeError before anything is sent', async () => {
  const server = await rawServer(replyJSON(DONE))
  const model = new ModelClient(server.url)
  // @ts-expect-error: no id
  expect(await failureOf(model.wait({}))).toBeInstanceOf(TypeError)
  expect(await failureOf(model.cancel(''))).toBeInstanceOf(TypeError)
  // @ts-expect-error: a variable that may not be set
  expect(() => model.events(undefined)).toThrow('must be one that submit returned, or its id')
  expect(server.requests).toEqual([])
})
