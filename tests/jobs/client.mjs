// The client of Replicate, and two programs that verify webhooks, as people install them: node client.mjs URL
import { deepStrictEqual, equal, ok } from 'node:assert/strict'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import Replicate, { validateWebhook } from 'replicate'
import { Webhook } from 'standardwebhooks'

const [url] = process.argv.slice(2)
const secret = process.env.WEBHOOK_SECRET
const replicate = new Replicate({ auth: 'unused', baseUrl: url })
const model = 'me/speaker'
const version = 'v1'
const input = { text: 'one two three' }

const created = await replicate.predictions.create({ version, input })
const ended = await replicate.wait(created, { interval: 50 })
deepStrictEqual([ended.status, ended.output], ['succeeded', ['one', 'two', 'three']])
console.log('create and wait')

deepStrictEqual(await replicate.run(`${model}:${'a'.repeat(64)}`, { input, wait: { mode: 'poll', interval: 50 } }), [
  'one',
  'two',
  'three',
])
console.log('run')

const seen = []
const output = await replicate.run(
  `${model}:${'a'.repeat(64)}`,
  { input, wait: { mode: 'block', timeout: 30 } },
  ({ status }) => seen.push(status),
)
deepStrictEqual([output, seen.at(-1)], [['one', 'two', 'three'], 'succeeded'])
console.log('run, blocking')

const blocking = await replicate.predictions.create({ version, input, wait: 30 })
const { logs, metrics, output: words } = await replicate.predictions.get(blocking.id)
deepStrictEqual([blocking.status, words, logs, metrics.words], ['succeeded', ['one', 'two', 'three'], 'speaking\n', 3])
console.log('create with wait, get, logs and metrics')

const held = await replicate.predictions.create({ version, input: { ...input, hold: true } })
await replicate.predictions.cancel(held.id)
equal((await replicate.wait(held, { interval: 50 })).status, 'canceled')
ok((await replicate.predictions.list()).results.some(({ id }) => id === held.id))
await Promise.all(Array.from({ length: 110 }, () => replicate.predictions.create({ version, input })))
let listed = 0
for await (const page of replicate.paginate(replicate.predictions.list)) listed += page.length
ok(listed > 110)
console.log('cancel, list and paginate')

const events = []
for await (const event of replicate.stream(`${model}:${'a'.repeat(64)}`, { input }))
  events.push(`${event.event} ${event.data}`)
deepStrictEqual(events, ['output one', 'output two', 'output three', 'done {}'])
console.log('stream')

const received = await new Promise((resolve, reject) => {
  const server = createServer(async (request, response) => {
    const body = await text(request)
    response.end()
    server.close()
    resolve({ headers: request.headers, body })
  })
  server.listen(0, '127.0.0.1', () => {
    const webhook = `http://127.0.0.1:${server.address().port}/`
    replicate.predictions.create({ version, input, webhook, webhook_events_filter: ['completed'] }).catch(reject)
  })
})
const { headers, body } = received
for (const key of [secret, process.env.WEBHOOK_SECRET_BEFORE])
  deepStrictEqual(new Webhook(key).verify(body, headers).output, ['one', 'two', 'three'])
const [id, timestamp, signature] = ['id', 'timestamp', 'signature'].map(name => headers[`webhook-${name}`])
ok(await validateWebhook({ id, timestamp, signature, body, secret }))
ok(!(await validateWebhook({ id, timestamp, signature, body: `${body} `, secret })))
console.log('webhooks verify')
