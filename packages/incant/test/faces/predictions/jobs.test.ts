import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { bearerAuth } from '../../../src/auth/strategies/bearer.ts'
import type { SignatureData } from '../../../src/signature/signature.ts'
import { calls, listenForWebhooks, SIGNATURE, serveJobs, Worker } from './_jobs.ts'

const ASYNC = { prefer: 'respond-async' }

test('a job is taken at once, and its object says how it ended', async () => {
  const { ask } = await serveJobs()
  const taken = await ask('POST', '/predictions', { ...ASYNC, body: { input: {}, metadata: { a: 1 } } })
  expect(taken.status).toBe(202)
  expect(taken.headers.get('preference-applied')).toBe('respond-async')
  expect(taken.headers.get('location')).toBe(`/predictions/${taken.body.id}`)
  expect(taken.body).toMatchObject({
    id: expect.stringMatching(/^[a-z2-7]{26}$/),
    status: 'starting',
    output: null,
    input: {},
  })
  const ended = await ask('GET', `/predictions/${taken.body.id}?wait=30`)
  expect(ended.body).toMatchObject({
    status: 'succeeded',
    output: 'ok',
    error: null,
    metadata: { a: 1 },
    metrics: { predict_time: expect.any(Number) },
  })
})

test.each<[string, object, number, object]>([
  ['a value', { input: {} }, 201, { status: 'succeeded', output: 'ok' }],
  [
    'a stream is an array',
    { input: { count: 3 } },
    201,
    { status: 'succeeded', output: [1, 2, 3], returned: 'counted' },
  ],
  ['bytes are a data URL', { input: { bytes: 3 } }, 201, { output: 'data:application/octet-stream;base64,AAAA' }],
  [
    'a failure is data',
    { input: { fail: true } },
    201,
    { status: 'failed', output: null, error: 'Internal server error' },
  ],
  ['unknown members are left aside', { input: {}, context: { a: 1 } }, 201, { status: 'succeeded' }],
  ['an id of the caller', { input: {}, id: 'my-id' }, 201, { id: 'my-id', status: 'succeeded' }],
  [
    'an input that does not match',
    { input: { count: 'a' } },
    422,
    { code: 'invalid_payload', errors: [{ pointer: '#/input/count' }] },
  ],
  ['no input', {}, 422, { code: 'invalid_payload' }],
  ['an id that is none', { input: {}, id: '../a' }, 422, { errors: [{ pointer: '#/id' }] }],
  [
    'a webhook to a private address',
    { input: {}, webhook: 'https://10.0.0.1/' },
    422,
    { errors: [{ pointer: '#/webhook', detail: 'must lead to a public address' }] },
  ],
  ['a webhook that is no URL', { input: {}, webhook: 'a' }, 422, { errors: [{ pointer: '#/webhook' }] }],
  [
    'an unknown event',
    { input: {}, webhook: 'https://a.example', webhook_events_filter: ['end'] },
    422,
    { errors: [{ pointer: '#/webhook_events_filter' }] },
  ],
  ['a list', [], 422, { code: 'invalid_payload' }],
])('without a preference the answer is the end: %s', async (_name, body, status, expected) => {
  const { ask } = await serveJobs()
  const answer = await ask('POST', '/predictions', { body })
  expect(answer.body).toMatchObject(expected)
  expect(answer.status).toBe(status)
})

test('a hundred PUTs of one id are one call; another input under it is refused', async () => {
  const { ask } = await serveJobs()
  calls.begun = 0
  const put = (input: object) => ask('PUT', '/predictions/same', { body: { input } })
  const answers = await Promise.all(Array.from({ length: 100 }, () => put({ count: 1 })))
  expect(new Set(answers.map(({ body }) => body.status))).toEqual(new Set(['succeeded']))
  expect(answers.map(({ status }) => status).filter(status => status === 201)).toHaveLength(1)
  expect(calls.begun).toBe(1)
  expect(await put({ count: 2 })).toMatchObject({ status: 409, body: { code: 'id_reused' } })
})

test('the order of members makes no other input', async () => {
  const { ask } = await serveJobs()
  const put = (input: object) => ask('PUT', '/predictions/ordered', { body: { input } })
  expect((await put({ count: 1, fail: false })).status).toBe(201)
  expect((await put({ fail: false, count: 1 })).status).toBe(200)
  expect((await put({ fail: true, count: 1 })).status).toBe(409)
})

test('as many jobs wait as may, and one that is known is found all the same', async () => {
  const { ask, model } = await serveJobs(Worker, { concurrency: 1, jobsQueue: 1 })
  const put = (id: string, input: object) => ask('PUT', `/predictions/${id}`, { ...ASYNC, body: { input } })
  await put('running', { hold: true })
  await expect.poll(async () => (await ask('GET', '/predictions/running')).body.status).toBe('processing')
  await expect.poll(async () => (await put('waiting', {})).status).toBe(202)
  const refused = await put('refused', {})
  expect(refused).toMatchObject({ status: 503, body: { code: 'queue_full', detail: 'As many jobs wait as may wait.' } })
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
  expect((await put('waiting', {})).status).toBe(202)
  expect((await ask('GET', '/predictions/refused')).status).toBe(404)
  await model.cancel('running')
  expect(await model.wait('waiting')).toMatchObject({ status: 'succeeded' })
  await expect.poll(async () => (await put('refused', {})).status).toBe(202)
})

test('a job that takes too long or produces too much fails, and says so', async () => {
  const { model } = await serveJobs(Worker, { jobsTimeout: '200ms', jobsOutputSize: 20 })
  const endOf = async (input: object) => model.wait(await model.submit(input))
  expect(await endOf({ hold: true })).toMatchObject({ status: 'failed', error_code: 'deadline_exceeded' })
  const tooLarge = { status: 'failed', error_code: 'output_too_large', error: 'The output is larger than 20B.' }
  expect(await endOf({ bytes: 21 })).toMatchObject(tooLarge)
  // What was streamed until then stays.
  expect(await endOf({ count: 1000 })).toMatchObject({
    ...tooLarge,
    output: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
  })
  expect(await endOf({ count: 14 })).toMatchObject({ status: 'succeeded' })
})

test('an input that is kept out of the store is not in the object, and runs all the same', async () => {
  const { ask, model } = await serveJobs(Worker, { concurrency: 1, jobsStoreInput: 'off' })
  const running = await model.submit({ hold: true })
  await expect.poll(async () => (await ask('GET', `/predictions/${running.id}`)).body.status).toBe('processing')
  const put = () => ask('PUT', '/predictions/secret', { ...ASYNC, body: { input: { count: 2 } } })
  const first = await put()
  expect(first.status).toBe(202)
  expect(first.body).not.toHaveProperty('input')
  expect((await put()).status).toBe(202)
  await model.cancel(running)
  const ended = await model.wait('secret')
  expect(ended).toMatchObject({ status: 'succeeded', output: [1, 2] })
  expect(ended).not.toHaveProperty('input')
})

test('a store in memory takes no more than it may keep', async () => {
  const { ask, model } = await serveJobs(Worker, { jobsMemory: 1000 })
  expect(await model.wait(await model.submit({ bytes: 990 }))).toMatchObject({ status: 'succeeded' })
  expect(await ask('POST', '/predictions', { body: { input: {} } })).toMatchObject({
    status: 503,
    body: { code: 'unavailable', detail: 'The store of jobs is full.' },
  })
})

test('what is over is kept for as long as the options say', { tags: ['slow'] }, async () => {
  const { ask, model } = await serveJobs(Worker, { jobsOutputRetention: '1s', jobsRetention: '3s' })
  const { id } = await model.submit({ count: 2 })
  expect(await model.wait(id)).toMatchObject({ output: [1, 2] })
  const look = async () => (await ask('GET', `/predictions/${id}`)).body
  await expect.poll(look).toMatchObject({ status: 'succeeded', output: null, data_removed: true })
  await expect.poll(look).toMatchObject({ code: 'not_found' })
})

test('a job that runs is canceled by its signal, one that waits at once, one that is over stays', async () => {
  const { ask, model } = await serveJobs(Worker, { concurrency: 1 })
  const running = await model.submit({ hold: true })
  await vi.waitFor(
    async () => expect((await ask('GET', `/predictions/${running.id}`)).body.status).toBe('processing'),
    { timeout: 10_000 },
  )
  const waiting = await model.submit({})
  expect(await model.cancel(waiting)).toMatchObject({ status: 'canceled' })
  await model.cancel(running)
  expect(await model.wait(running)).toMatchObject({ status: 'canceled', error: null })
  expect(await model.cancel(running)).toMatchObject({ status: 'canceled' })
})

test('a job waits while calls have every place, also on a server where no call may wait', {
  tags: ['slow'],
}, async () => {
  const { ask, url, model } = await serveJobs(Worker, { concurrency: 1, queue: 0 })
  const call = new AbortController()
  calls.begun = 0
  const headers = { 'content-type': 'application/json' }
  const held = fetch(`${url}/predict`, { method: 'POST', headers, body: '{"hold":true}', signal: call.signal })
  await vi.waitFor(() => expect(calls.begun).toBe(1), { timeout: 10_000 })
  const job = await model.submit({})
  // Longer than the store goes unasked: the runner has looked for a place meanwhile.
  await expect(ask('GET', `/predictions/${job.id}?wait=2`)).resolves.toMatchObject({ body: { status: 'starting' } })
  call.abort()
  await expect(held).rejects.toThrow('aborted')
  expect(await model.wait(job)).toMatchObject({ status: 'succeeded' })
})

test('events come to the client, and to those of Cog and Replicate', async () => {
  const { ask, model } = await serveJobs()
  const job = await model.submit({ count: 3 })
  const events: unknown[] = []
  for await (const { event, data } of model.events(job)) events.push(event === 'output' ? data : event)
  expect(events).toEqual(['start', 1, 2, 3, 'completed'])
  const cog = await ask('POST', '/predictions', { accept: 'text/event-stream', body: { input: { count: 1 } } })
  expect(cog.body).toMatch(
    /event: start\ndata: .*\n\nid: .*\nevent: output\ndata: \{"chunk":1,"index":0\}\n\nid: .*\nevent: completed\ndata: \{.*"status":"succeeded"/s,
  )
  const { urls } = (await ask('GET', `/predictions/${job.id}`)).body
  const stream = await (await fetch(urls.stream)).text()
  expect(stream.replaceAll(/id: .*\n/g, '')).toBe(
    'event: output\ndata: 1\n\nevent: output\ndata: 2\n\nevent: output\ndata: 3\n\nevent: done\ndata: {}\n\n',
  )
  expect((await fetch(urls.stream.replace(/token=.*/, 'token=wrong'))).status).toBe(404)
})

test('jobs are their caller’s own, and listed in pages', async () => {
  class Guarded extends Worker {}
  bearerAuth({ tokens: ['first-token-of-this-test', 'second-token-of-this-test'] })(Guarded)
  const { ask } = await serveJobs(Guarded)
  const as = (name: string) => ({ authorization: `Bearer ${name}-token-of-this-test` })
  await ask('PUT', '/predictions/a', { ...as('first'), body: { input: {} } })
  await ask('PUT', '/predictions/b', { ...as('first'), body: { input: {} } })
  expect((await ask('GET', '/predictions', as('first'))).body.results.map(({ id }: { id: string }) => id)).toEqual([
    'b',
    'a',
  ])
  expect((await ask('GET', '/predictions', as('second'))).body).toEqual({ previous: null, next: null, results: [] })
  for (const [method, path] of [
    ['GET', '/predictions/a'],
    ['POST', '/predictions/a/cancel'],
    ['GET', '/predictions/a/events'],
  ] as const) {
    expect(await ask(method, path, as('second'))).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect((await ask(method, path)).status).toBe(401)
  }
  expect((await ask('PUT', '/predictions/a', { ...as('second'), body: { input: { count: 1 } } })).body.output).toEqual([
    1,
  ])
})

test('the next page of a list has the filter of the first', async () => {
  const { ask, url, model } = await serveJobs()
  const jobs = await Promise.all(Array.from({ length: 101 }, () => model.submit({})))
  await Promise.all(jobs.map(job => model.wait(job)))
  await ask('POST', '/predictions', { body: { input: { fail: true } } })
  const first = await ask('GET', '/predictions?status=succeeded')
  expect(first.body.results).toHaveLength(100)
  const second = await ask('GET', new URL(first.body.next, url).href.slice(url.length))
  expect(second.body).toMatchObject({ next: null, results: [{ status: 'succeeded' }] })
})

test('a preference for a longer wait than there is says how long it was', async () => {
  const { ask } = await serveJobs()
  const { status, headers } = await ask('POST', '/predictions', { prefer: 'wait=600', body: { input: {} } })
  expect([status, headers.get('preference-applied')]).toEqual([201, 'wait=50'])
})

test('webhooks report the start, the output and the end; a failure has its error', async () => {
  const { model } = await serveJobs()
  const sink = await listenForWebhooks()
  await model.wait(await model.submit({ count: 2 }, { webhook: sink.url, webhookEvents: ['start', 'completed'] }))
  await vi.waitFor(() => expect(sink.received).toHaveLength(2), { timeout: 10_000 })
  expect(sink.received.map(({ job }) => [job['status'], job['output']])).toEqual([
    ['processing', null],
    ['succeeded', [1, 2]],
  ])
  await model.submit({ fail: true }, { webhook: sink.url, webhookEvents: ['completed'] })
  await vi.waitFor(() => expect(sink.received).toHaveLength(3), { timeout: 10_000 })
  expect(sink.received[2]?.job).toMatchObject({ status: 'failed', error: 'Internal server error' })
})

test('receivers that refuse, hang, fail or redirect to a metadata service leave jobs alone', async () => {
  const { model } = await serveJobs()
  const hanging = createServer(() => {}).listen(0, '127.0.0.1')
  await once(hanging, 'listening')
  onTestFinished(() => hanging.closeAllConnections())
  onTestFinished(() => void hanging.close())
  const failing = await listenForWebhooks(500)
  const redirecting = await listenForWebhooks(302, 'http://169.254.169.254/')
  const urls = [
    'http://127.0.0.1:1/',
    `http://127.0.0.1:${(hanging.address() as AddressInfo).port}/`,
    failing.url,
    redirecting.url,
  ]
  for (const webhook of urls) {
    expect(await model.wait(await model.submit({ count: 1 }, { webhook }))).toMatchObject({
      status: 'succeeded',
      output: [1],
    })
    const held = await model.submit({ hold: true }, { webhook })
    await model.cancel(held)
    expect(await model.wait(held)).toMatchObject({ status: 'canceled' })
  }
  await vi.waitFor(() => expect(redirecting.received.length).toBeGreaterThan(0), { timeout: 10_000 })
  expect(await model.wait(await model.submit({}))).toMatchObject({ status: 'succeeded' })
})

test('a predictor that is replaced leaves its jobs to the next, and ends those that it has begun', async () => {
  const { server, ask, model } = await serveJobs(Worker, { concurrency: 1 })
  const running = await model.submit({ hold: true })
  const state = async () => (await ask('GET', `/predictions/${running.id}`)).body.status
  await expect.poll(state).toBe('processing')
  const waiting = await model.submit({ count: 2 })
  await server.replace(Worker, { signature: SIGNATURE })
  expect(await model.wait(waiting)).toMatchObject({ status: 'succeeded', output: [1, 2] })
  expect(await state()).toBe('processing')
  await model.cancel(running)
  expect(await model.wait(running)).toMatchObject({ status: 'canceled' })
})

test('a class whose payload is no JSON does not fit, which stops the start', async () => {
  const signature: SignatureData = { ...SIGNATURE, parameters: [{ name: 'request', role: 'request' }] }
  await expect(serveJobs(Worker, { signature })).rejects.toMatchObject({ code: 'protocol_unfit' })
  await expect(serveJobs(Worker, { jobsStore: 'redis://a' })).rejects.toMatchObject({ code: 'invalid_option' })
})
