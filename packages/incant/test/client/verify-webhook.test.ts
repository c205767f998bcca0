import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { verifyWebhook, type WebhookRequest, WebhookVerificationError } from '../../src/client/index.ts'
import { readWebhookSecret } from '../../src/signing/secret.ts'
import { signWebhook } from '../../src/signing/signature.ts'
import { SIGNED_WEBHOOK, WEBHOOK_SECRET } from './_signed-webhook.ts'

const OTHER_SECRET = `whsec_${Buffer.alloc(24, 1).toString('base64')}`

interface Sent {
  readonly body?: string
  readonly secret?: string
  /** Seconds since now. */
  readonly at?: number
  readonly headers?: Record<string, string>
}

/** The head and the body of a webhook as a server sends it. */
async function send({ body = '{"id":"j","status":"succeeded","output":[1]}', at = 0, ...more }: Sent = {}) {
  const read = readWebhookSecret(more.secret ?? WEBHOOK_SECRET)
  if ('fault' in read) throw new Error(read.fault)
  const timestamp = String(Math.floor(Date.now() / 1000) + at)
  const content = { id: 'msg_1', timestamp, body: new TextEncoder().encode(body) }
  const signature = await signWebhook(content, [read.key])
  const head = { 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': signature }
  return { headers: { ...head, ...more.headers }, body }
}

function toRequest({ headers, body }: Awaited<ReturnType<typeof send>>): Request {
  return new Request('http://127.0.0.1/hook', { method: 'POST', headers, body })
}

async function failure(request: WebhookRequest, secret: string | readonly string[] = WEBHOOK_SECRET): Promise<unknown> {
  return verifyWebhook(request, { secret }).then(
    () => undefined,
    (error: unknown) => error,
  )
}

test('a Request gives the job, the id for repeated attempts and the time', async () => {
  const { id, sentAt, job } = await verifyWebhook(toRequest(await send()), { secret: WEBHOOK_SECRET })
  expect({ id, job }).toEqual({ id: 'msg_1', job: { id: 'j', status: 'succeeded', output: [1] } })
  expect(Math.abs(sentAt.getTime() - Date.now())).toBeLessThan(300_000)
})

test('headers and raw body in every form that servers have them', async () => {
  const { headers, body } = await send()
  const listed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]))
  for (const given of [headers, listed, new Headers(headers)])
    for (const raw of [body, new TextEncoder().encode(body), Buffer.from(body)])
      expect(await failure({ headers: given, body: raw })).toBeUndefined()
})

test('a webhook that came over a socket', async () => {
  const received: unknown[] = []
  const server = createServer(async (request: IncomingMessage, response) => {
    received.push(
      (await verifyWebhook({ headers: request.headers, body: await buffer(request) }, { secret: WEBHOOK_SECRET })).job,
    )
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', ...(await send()) })
  server.close()
  expect(answer.status).toBe(200)
  expect(received).toEqual([{ id: 'j', status: 'succeeded', output: [1] }])
})

test('one of several secrets is enough, so that they can be rotated', async () => {
  const old = await send({ secret: OTHER_SECRET })
  expect(await failure(old, [WEBHOOK_SECRET, OTHER_SECRET])).toBeUndefined()
  expect(await failure(old, [WEBHOOK_SECRET])).toMatchObject({ code: 'wrong_signature' })
})

test.each<[string, Sent, string, string]>([
  ['another secret', { secret: OTHER_SECRET }, 'wrong_signature', 'not signed with one of the secrets'],
  ['a signature of nothing', { headers: { 'webhook-signature': 'v1,' } }, 'wrong_signature', 'not signed'],
  ['no signature', { headers: { 'webhook-signature': '' } }, 'invalid_headers', 'webhook-signature is absent'],
  ['no id', { headers: { 'webhook-id': '' } }, 'invalid_headers', 'webhook-id is absent'],
  [
    'a time that is none',
    { headers: { 'webhook-timestamp': '1e9' } },
    'invalid_headers',
    'webhook-timestamp is absent or',
  ],
  ['an old one', { at: -310 }, 'outside_tolerance', 's ago; 300 s are allowed'],
  ['one of the future', { at: 310 }, 'outside_tolerance', 's in the future; 300 s are allowed'],
  ['a body that is no JSON', { body: '{' }, 'invalid_body', 'is no job'],
  ['a body that is no object', { body: '[]' }, 'invalid_body', 'is no job'],
  ['a body of another kind', { body: '{"id":"a"}' }, 'invalid_body', 'is no job'],
])('%s is refused', async (_name, sent, code, message) => {
  const error = await failure(await send(sent))
  expect(error).toBeInstanceOf(WebhookVerificationError)
  expect(error).toMatchObject({ code, name: 'WebhookVerificationError', message: expect.stringContaining(message) })
})

test('a changed body is refused, and what the error says contains nothing of it', async () => {
  const sent = await send({ body: '{"id":"a","status":"failed","error":"private"}' })
  const error = await failure({ ...sent, body: sent.body.replace('failed', 'Failed') })
  expect(error).toMatchObject({ code: 'wrong_signature' })
  expect(String(error)).not.toMatch(/private|whsec|MfKQ/)
})

test('a head that is refused leaves the body unread', async () => {
  const request = toRequest(await send({ at: -1000 }))
  expect(await failure(request)).toMatchObject({ code: 'outside_tolerance' })
  expect(request.bodyUsed).toBe(false)
})

test('the tolerance can be another one', async () => {
  const { job } = await verifyWebhook(SIGNED_WEBHOOK, { secret: WEBHOOK_SECRET, tolerance: Number.POSITIVE_INFINITY })
  expect(job.status).toBe('canceled')
  const late = await send({ at: -10 })
  await expect(verifyWebhook(late, { secret: WEBHOOK_SECRET, tolerance: '5s' })).rejects.toThrow('; 5 s are allowed')
})

test('mistakes of the program are TypeErrors', async () => {
  const read = toRequest(await send())
  await read.text()
  const mistakes: readonly [Promise<unknown>, string][] = [
    [failure(read), 'was read already'],
    // @ts-expect-error: a parsed body, as express.json() leaves it
    [failure({ ...(await send()), body: { id: 'j' } }), 'body is of type object: pass the raw text or bytes'],
    // @ts-expect-error: an environment variable that is not set
    [verifyWebhook(await send(), { secret: undefined }).catch(error => error), 'The secret is of type undefined'],
    [failure(await send(), [WEBHOOK_SECRET, 'secret']), 'Secret 2 does not begin with whsec_'],
    [failure(await send(), []), 'secret is an empty list'],
    // @ts-expect-error: not a duration
    [verifyWebhook(await send(), { secret: '', tolerance: 'soon' }).catch(error => error), 'The secret does not begin'],
    [verifyWebhook(await send(), { secret: WEBHOOK_SECRET, tolerance: -1 }).catch(error => error), 'tolerance must be'],
  ]
  for (const [mistake, message] of mistakes) {
    const error = await mistake
    expect(error).toBeInstanceOf(TypeError)
    expect(String(error)).toContain(message)
  }
})
