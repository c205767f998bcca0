import { expect, test, vi } from 'vitest'
import { sendMetric } from '../../src/metrics/index.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import type { PredictContext } from '../../src/predictor/context.ts'
import type { SignatureData } from '../../src/signature/signature.ts'
import { listenForWebhooks, serveJobs } from '../faces/predictions/_jobs.ts'

/**
 * What Cog promises on its routes, as a client sees it. Three things are other here, and better for callers: a job waits where
 * Cog answers 409, it can be asked for, and what predict threw stays in the log.
 */
class Model extends BasePredictor {
  async predict({ text = 'ok', words, wait, fail }: Input, { signal, log }: PredictContext): Promise<unknown> {
    sendMetric('confidence', 0.95)
    log.info('running')
    if (fail === true) throw new Error('prediction went wrong')
    if (wait === true)
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
    return words === undefined ? text : speak(words)
  }
}

interface Input {
  readonly text?: string
  readonly words?: readonly string[]
  readonly wait?: boolean
  readonly fail?: boolean
}

async function* speak(words: readonly string[]): AsyncGenerator<string> {
  for (const word of words) yield word
}

const SIGNATURE: SignatureData = {
  version: 1,
  className: 'Model',
  parameters: [
    {
      name: 'input',
      role: 'payload',
      schema: {
        type: 'object',
        properties: {
          text: { type: 'string' },
          words: { type: 'array', items: { type: 'string' } },
          wait: { type: 'boolean' },
          fail: { type: 'boolean' },
        },
      },
    },
    { name: 'context', role: 'context' },
  ],
  returns: [],
  definitions: {},
}

const serveModel = () => serveJobs(Model, { signature: SIGNATURE })

const ASYNC = { prefer: 'respond-async' }
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+\.\d+Z$/)

interface Case {
  readonly name: string
  readonly request: readonly [method: string, path: string, body: unknown, headers?: Readonly<Record<string, string>>]
  readonly status: number
  readonly body: object
}

const invalid = (pointer: string) => ({ title: 'Invalid payload', status: 422, errors: [{ pointer }] })

const CASES: readonly Case[] = [
  {
    name: 'a prediction is answered when it is over',
    request: ['POST', '/predictions', { input: { text: 'hi' } }],
    status: 201,
    body: {
      ...{ status: 'succeeded', input: { text: 'hi' }, output: 'hi', error: null, logs: 'running\n' },
      ...{ created_at: TIME, started_at: TIME, completed_at: TIME },
      metrics: { confidence: 0.95, predict_time: expect.any(Number) },
    },
  },
  {
    name: 'an id of the client in the body',
    request: ['POST', '/predictions', { id: 'mine', input: {} }],
    status: 201,
    body: { id: 'mine', output: 'ok' },
  },
  {
    name: 'the same id in the path and the body',
    request: ['PUT', '/predictions/both', { id: 'both', input: {} }],
    status: 201,
    body: { id: 'both' },
  },
  {
    name: 'ids of the path and the body that differ',
    request: ['PUT', '/predictions/one', { id: 'other', input: {} }],
    status: 422,
    body: invalid('#/id'),
  },
  {
    name: 'one that is to run aside',
    request: ['POST', '/predictions', { input: {} }, ASYNC],
    status: 202,
    body: { status: 'starting', output: null, started_at: null, completed_at: null, metrics: {} },
  },
  {
    name: 'an iterator is an array',
    request: ['POST', '/predictions', { input: { words: ['a', 'b'] } }],
    status: 201,
    body: { status: 'succeeded', output: ['a', 'b'] },
  },
  {
    name: 'an exception is a prediction that failed',
    request: ['POST', '/predictions', { input: { fail: true } }],
    status: 201,
    body: { status: 'failed', output: null, error: 'Internal server error', logs: 'running\n', completed_at: TIME },
  },
  {
    name: 'members for other servers are left aside',
    request: ['POST', '/predictions', { input: {}, context: { a: 1 }, output_file_prefix: 'https://a.example' }],
    status: 201,
    body: { status: 'succeeded' },
  },
  {
    name: 'an input of another type',
    request: ['POST', '/predictions', { input: { text: 1 } }],
    status: 422,
    body: invalid('#/input/text'),
  },
  {
    name: 'an input that is no object',
    request: ['POST', '/predictions', { input: 'a' }],
    status: 422,
    body: invalid('#/input'),
  },
  { name: 'a body that is no object', request: ['POST', '/predictions', 'a'], status: 422, body: invalid('#') },
  {
    name: 'a webhook that is no URL',
    request: ['POST', '/predictions', { input: {}, webhook: 'nowhere' }],
    status: 422,
    body: invalid('#/webhook'),
  },
  {
    name: 'a webhook of another scheme',
    request: ['POST', '/predictions', { input: {}, webhook: 'ftp://a.example' }],
    status: 422,
    body: invalid('#/webhook'),
  },
  {
    name: 'an event that there is not',
    request: ['POST', '/predictions', { input: {}, webhook: 'https://a.example', webhook_events_filter: ['done'] }],
    status: 422,
    body: invalid('#/webhook_events_filter'),
  },
  {
    name: 'a cancellation of what is not there',
    request: ['POST', '/predictions/none/cancel', {}],
    status: 404,
    body: { code: 'not_found', detail: 'There is no such job.' },
  },
]

test.each(CASES)('$name', async ({ request: [method, path, body, headers], status, body: expected }) => {
  const { ask } = await serveModel()
  const answer = await ask(method, path, { ...headers, body })
  expect(answer.body).toMatchObject(expected)
  expect(answer.status).toBe(status)
})

test('the figures of predict are in the webhook of the end', async () => {
  const { ask } = await serveModel()
  const sink = await listenForWebhooks()
  const body = { id: 'metrics', input: {}, webhook: sink.url, webhook_events_filter: ['completed'] }
  expect((await ask('POST', '/predictions', { ...ASYNC, body })).status).toBe(202)
  await vi.waitFor(() => expect(sink.received).toHaveLength(1), { timeout: 10_000 })
  const metrics = { confidence: 0.95, predict_time: expect.any(Number) }
  expect(sink.received[0]?.job).toMatchObject({ id: 'metrics', status: 'succeeded', output: 'ok', metrics })
})

test('a prediction that fails says so in its webhook', async () => {
  const { ask } = await serveModel()
  const sink = await listenForWebhooks()
  const body = { input: { fail: true }, webhook: sink.url, webhook_events_filter: ['completed'] }
  await ask('POST', '/predictions', { ...ASYNC, body })
  await vi.waitFor(() => expect(sink.received).toHaveLength(1), { timeout: 10_000 })
  expect(sink.received[0]?.job).toMatchObject({ status: 'failed', error: 'Internal server error', output: null })
})

test('webhooks come for all events in their order, and for those of the filter alone', async () => {
  const { ask } = await serveModel()
  const [all, some] = [await listenForWebhooks(), await listenForWebhooks()]
  await ask('POST', '/predictions', { body: { input: { words: ['a'] }, webhook: all.url } })
  const webhook_events_filter = ['start']
  await ask('POST', '/predictions', { body: { input: {}, webhook: some.url, webhook_events_filter } })
  await vi.waitFor(() => expect(all.received.at(-1)?.job['status']).toBe('succeeded'), { timeout: 10_000 })
  const states = all.received.map(({ job }) => [job['status'], job['output'], job['logs']])
  expect(states[0]).toEqual(['processing', null, ''])
  expect(states).toContainEqual(['processing', ['a'], 'running\n'])
  expect(states.at(-1)).toEqual(['succeeded', ['a'], 'running\n'])
  await vi.waitFor(() => expect(some.received).toHaveLength(1), { timeout: 10_000 })
  expect(some.received[0]?.job).toMatchObject({ status: 'processing' })
})

test('a receiver that nobody reaches harms no prediction', async () => {
  const { ask, url } = await serveModel()
  const body = { input: {}, webhook: 'http://127.0.0.1:1/none', webhook_events_filter: ['completed'] }
  await ask('POST', '/predictions', { ...ASYNC, body })
  expect((await fetch(`${url}/ready`)).status).toBe(200)
  expect((await ask('POST', '/predictions', { body: { input: {} } })).body).toMatchObject({ output: 'ok' })
})

test('a prediction is canceled once, however often it is asked for, and one that is over stays', async () => {
  const { ask } = await serveModel()
  const sink = await listenForWebhooks()
  const body = { input: { wait: true }, webhook: sink.url, webhook_events_filter: ['completed'] }
  await ask('PUT', '/predictions/held', { ...ASYNC, body })
  const look = async () => (await ask('GET', '/predictions/held')).body
  await vi.waitFor(async () => expect(await look()).toMatchObject({ status: 'processing' }), { timeout: 10_000 })
  const cancel = () => ask('POST', '/predictions/held/cancel', { body: {} })
  for (const { status } of await Promise.all([cancel(), cancel(), cancel()])) expect(status).toBe(200)
  await vi.waitFor(() => expect(sink.received).toHaveLength(1), { timeout: 10_000 })
  expect(sink.received[0]?.job).toMatchObject({ status: 'canceled', error: null })
  const ended = await look()
  expect((await cancel()).body).toMatchObject({ status: 'canceled', completed_at: ended.completed_at })
  await ask('PUT', '/predictions/over', { body: { input: {} } })
  expect((await ask('POST', '/predictions/over/cancel')).body).toMatchObject({ status: 'succeeded', output: 'ok' })
})

test('an id that is put again is the same prediction, while it runs and after', async () => {
  const { ask } = await serveModel()
  const put = (input: object) => ask('PUT', '/predictions/same', { ...ASYNC, body: { input } })
  expect((await put({ wait: true })).status).toBe(202)
  expect((await put({ wait: true })).body).toMatchObject({ id: 'same' })
  expect(await put({})).toMatchObject({ status: 409, body: { code: 'id_reused' } })
  await ask('POST', '/predictions/same/cancel')
  const ended = await ask('GET', '/predictions/same?wait=30')
  expect((await put({ wait: true })).body).toMatchObject({ status: 'canceled', created_at: ended.body.created_at })
})

test('its events are those of Cog, and a client that puts the id again gets them from the beginning', async () => {
  const { ask } = await serveModel()
  const stream = () =>
    ask('PUT', '/predictions/streamed', { accept: 'text/event-stream', body: { input: { words: ['a', ' b'] } } })
  const read = async () =>
    String((await stream()).body)
      .split('\n\n')
      .flatMap(text =>
        [...text.matchAll(/event: (\w+)\ndata: (.*)/g)].map(([, name, data]) => [name, JSON.parse(data ?? '')]),
      )
  const expected = [
    ['start', { id: 'streamed', status: 'processing' }],
    ['output', { chunk: 'a', index: 0 }],
    ['output', { chunk: ' b', index: 1 }],
    ['log', { source: 'stdout', data: 'running\n' }],
    ['metric', { name: 'confidence', value: 0.95, mode: 'replace' }],
    ['completed', expect.objectContaining({ id: 'streamed', status: 'succeeded', output: ['a', ' b'] })],
  ]
  expect(await read()).toEqual(expected)
  expect(await read()).toEqual(expected)
})
