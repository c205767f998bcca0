import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterEach, expect, test, vi } from 'vitest'
import { verifyWebhook } from '../../../src/client/webhooks/verify-webhook.ts'
import { WebhookDispatcher } from '../../../src/jobs/webhooks/webhook-dispatcher.ts'
import { WebhookSender } from '../../../src/node/webhooks/webhook-sender.ts'
import { readWebhookSecret } from '../../../src/signing/secret.ts'
import { addJob, beginJob, endJob, ObservedStore } from './_outbox.ts'

const SECRETS = [1, 2].map(byte => `whsec_${Buffer.alloc(24, byte).toString('base64')}`)
const KEYS = SECRETS.flatMap(secret => {
  const read = readWebhookSecret(secret)
  return 'key' in read ? read.key : []
})

interface Received {
  readonly id: string
  readonly headers: IncomingMessage['headers']
  readonly body: { readonly status: string; readonly output: unknown; readonly logs: string }
}

type Answer = (response: ServerResponse, received: Received) => void

const opened: Server[] = []
const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  for (const server of opened.splice(0)) {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
})

const accept: Answer = response => response.end()

/** A receiver of webhooks, and what it has received. */
async function receive(answer: Answer = accept) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    const one = { id: String(request.headers['webhook-id']), headers: request.headers, body: JSON.parse(String(body)) }
    received.push(one)
    await verifyWebhook({ headers: request.headers, body }, { secret: SECRETS })
    answer(response, one)
  })
  opened.push(server.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received }
}

/** A dispatcher that runs. */
function dispatch(store: ObservedStore, { holder = 'front', timeLimit = 60_000 } = {}) {
  const lines: string[] = []
  const counts: string[] = []
  const dispatcher = new WebhookDispatcher({
    store,
    transport: new WebhookSender({ allow: ['127.0.0.0/8'], timeLimit }),
    keys: () => KEYS,
    holder,
    logger: { log: (level, message, fields) => lines.push(`${level} ${message} ${JSON.stringify(fields)}`) },
    recorder: { countWebhook: (event, outcome) => counts.push(`${event} ${outcome}`) },
  })
  dispatcher.start()
  const close = () => dispatcher.close(0)
  closing.push(close)
  return { dispatcher, lines, counts }
}

test('each webhook has the job as it was then, in order, signed with every key', async () => {
  const store = new ObservedStore()
  const { url, received } = await receive()
  await addJob(store, url, ['start', 'output', 'logs', 'completed'])
  const { key } = await beginJob(store)
  const output = { form: 'items', contentType: undefined, count: 1, size: 1 } as const
  await store.append({ key, holder: 'front', output, data: '1', events: ['output'] })
  await store.end({ key, holder: 'front', status: 'succeeded', output, data: '2', logs: 'a line\n' })
  const { counts } = dispatch(store)
  await store.untilSettled(3)
  expect(received.map(({ body }) => [body.status, body.output])).toEqual([
    ['processing', null],
    ['processing', [1]],
    ['succeeded', [1, 2]],
  ])
  expect(received.map(({ id }) => id)).toEqual([1, 2, 3].map(sequence => `msg_${key}_${sequence}`))
  expect(received.every(({ headers }) => /^v1,\S+ v1,\S+$/.test(String(headers['webhook-signature'])))).toBe(true)
  expect(counts).toEqual(['start delivered', 'output delivered', 'completed delivered'])
  expect((await store.get(key))?.webhookDelivery).toMatchObject({ status: 'delivered', attempts: 1 })
})

test('the next webhook of a job waits for the one before; those of other jobs do not', async () => {
  const store = new ObservedStore()
  const held: ServerResponse[] = []
  const slow = await receive(response => held.push(response))
  const quick = await receive()
  await endJob(store, slow.url, ['start', 'completed'])
  dispatch(store)
  await vi.waitFor(() => expect(held).toHaveLength(1))
  for (let job = 0; job < 3; job += 1) await endJob(store, quick.url)
  await store.untilSettled(3)
  expect(quick.received).toHaveLength(3)
  expect(slow.received.map(({ body }) => body.status)).toEqual(['processing'])
  held[0]?.end()
  await vi.waitFor(() => expect(held).toHaveLength(2))
  expect(slow.received.map(({ body }) => body.status)).toEqual(['processing', 'succeeded'])
})

test('a receiver that fails for a day gets the end of a job eight times, with one id, and the job shows it', async () => {
  const store = new ObservedStore()
  const { url, received } = await receive(response => response.writeHead(500).end('private'))
  const key = await endJob(store, `${url}?key=private`)
  const { lines, counts } = dispatch(store)
  const seconds = [5, 60, 300, 1800, 7200, 18_000, 36_000]
  for (const [attempt, wait] of seconds.entries()) {
    await store.untilSettled(attempt + 1)
    expect((await store.get(key))?.webhookDelivery).toEqual({
      status: 'pending',
      attempts: attempt + 1,
      nextAttemptAt: store.now() + wait * 1000,
      failure: 'the receiver answered 500',
    })
    store.pass(wait * 1000 - 1)
    const { claims } = store
    await vi.waitFor(() => expect(store.claims).toBeGreaterThan(claims))
    expect(received).toHaveLength(attempt + 1)
    store.pass(1)
  }
  await store.untilSettled(8)
  expect(new Set(received.map(({ id }) => id)).size).toBe(1)
  const job = await store.get(key)
  expect(job?.status).toBe('succeeded')
  expect(job?.webhookDelivery).toMatchObject({ status: 'given_up', attempts: 8, failure: 'the receiver answered 500' })
  expect(counts).toEqual([...Array.from({ length: 7 }, () => 'completed retry'), 'completed givenUp'])
  expect(lines.at(-1)).toMatch(/^warn webhook given up .*"attempt":8.*the receiver answered 500/)
  expect(lines.join()).not.toContain('private')
})

test('a webhook of progress that fails is not sent again, and the end is sent after it', async () => {
  const store = new ObservedStore()
  const { url, received } = await receive((response, { body }) => {
    response.writeHead(body.status === 'processing' ? 500 : 200).end()
  })
  const key = await endJob(store, url, ['start', 'completed'])
  const { counts } = dispatch(store)
  await store.untilSettled(2)
  expect(received.map(({ body }) => body.status)).toEqual(['processing', 'succeeded'])
  expect(counts).toEqual(['start givenUp', 'completed delivered'])
  expect((await store.get(key))?.webhookDelivery).toMatchObject({ status: 'delivered', attempts: 1 })
})

test('63 hosts that hang delay no other, and nothing warns of them', async () => {
  const warnings: unknown[] = []
  const warn = (warning: unknown) => warnings.push(warning)
  process.on('warning', warn)
  const store = new ObservedStore()
  const hanging = await receive(() => {})
  const quick = await receive()
  for (let job = 0; job < 63; job += 1) await endJob(store, hanging.url)
  await endJob(store, quick.url)
  await endJob(store, quick.url)
  const { dispatcher } = dispatch(store)
  await store.untilSettled(2)
  expect(quick.received).toHaveLength(2)
  await vi.waitFor(() => expect(hanging.received).toHaveLength(63), { timeout: 30_000 })
  await dispatcher.close(0)
  expect(store.settled).toHaveLength(2)
  process.off('warning', warn)
  expect(warnings).toEqual([])
})

test('while the store is away webhooks wait, which the log says once', async () => {
  const store = new ObservedStore()
  const { url, received } = await receive()
  store.failure = new Error('the store of jobs is away')
  const { lines } = dispatch(store)
  await endJob(store, url)
  for (let round = 0; round < 3; round += 1) {
    const { claims } = store
    store.ring()
    await vi.waitFor(() => expect(store.claims).toBeGreaterThan(claims))
  }
  expect(lines).toEqual([
    'error webhooks wait: the store of jobs does not answer {"reason":"the store of jobs is away"}',
  ])
  store.failure = undefined
  store.ring()
  await store.untilSettled(1)
  expect(received).toHaveLength(1)
})

test('a server that ends still sends what is due, one of a job after the other', async () => {
  const store = new ObservedStore()
  const { url, received } = await receive()
  const { dispatcher } = dispatch(store)
  for (let job = 0; job < 5; job += 1) await endJob(store, url, ['start', 'completed'])
  await dispatcher.close(60_000)
  expect(received).toHaveLength(10)
  expect(store.settled).toHaveLength(10)
  await endJob(store, url)
  expect(await store.count()).toMatchObject({ webhooks: 1 })
})

test('what the end of a server cuts off was no attempt: another one sends it, with the same id', async () => {
  const store = new ObservedStore()
  const { url, received } = await receive(response => received.length > 1 && response.end())
  const key = await endJob(store, url)
  const { dispatcher, lines } = dispatch(store)
  await vi.waitFor(() => expect(received).toHaveLength(1))
  await dispatcher.close(0)
  expect((await store.get(key))?.webhookDelivery).toMatchObject({ status: 'pending', attempts: 0, failure: undefined })
  expect(lines).toEqual([])
  dispatch(store, { holder: 'another front' })
  store.pass(30_000)
  await store.untilSettled(1)
  expect(received.map(({ id }) => id)).toEqual([`msg_${key}_1`, `msg_${key}_1`])
  expect((await store.get(key))?.webhookDelivery).toMatchObject({ status: 'delivered', attempts: 1 })
})

test('without keys a webhook has no signature', async () => {
  const store = new ObservedStore()
  const headers: unknown[] = []
  const transport = {
    findFault: () => undefined,
    async send(webhook: { readonly headers: Readonly<Record<string, string>> }) {
      headers.push(Object.keys(webhook.headers))
      return { status: 200, retryAfter: undefined }
    },
  }
  await endJob(store, 'https://receiver.example/')
  const logger = { log: () => {} }
  const recorder = { countWebhook: () => {} }
  const dispatcher = new WebhookDispatcher({ store, transport, keys: () => [], holder: 'front', logger, recorder })
  dispatcher.start()
  await dispatcher.close(60_000)
  expect(headers).toEqual([['content-type', 'content-length', 'user-agent', 'webhook-id', 'webhook-timestamp']])
})
