// Fastify with the payload's schema and a line of its log for each request, written by pino without waiting for the file. With
// --apart the task runs in a second process.
import { Readable } from 'node:stream'
import fastify, { LogController } from 'fastify'
import pino from 'pino'
import { startApart } from './apart.js'
import { BODY_LIMIT, readCommand, tasks } from './tasks.js'

const number = { type: 'number' }
const schemas = {
  small: object({
    text: { type: 'string', minLength: 1, maxLength: 10_000 },
    top: { type: 'integer', minimum: 1, maximum: 10 },
  }),
  numbers: object({ data: { type: 'array', items: number } }),
  stream: object({ count: number }),
}
const { port, hostname, task, isApart } = readCommand()
const predict = isApart ? startApart(task) : tasks[task]

const app = fastify({
  bodyLimit: BODY_LIMIT,
  loggerInstance: pino({ base: null }, pino.destination({ dest: 1, sync: false })),
  // Two lines by itself; the one of the hook is what Incant writes.
  logController: new LogController({ disableRequestLogging: true }),
})
app.addHook('onResponse', logRequest)
app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
app.get('/ready', async () => 'ready')
app.post('/predict', { schema: task === 'bytes' ? {} : { body: schemas[task] } }, async (request, reply) => {
  if (isApart) reply.type('application/json')
  if (task !== 'stream') return predict(request.body)
  return reply.type('text/event-stream').send(Readable.from(format(predict(request.body))))
})
await app.listen({ host: hostname, port })

async function* format(items) {
  for await (const item of items) yield `data: ${JSON.stringify(item)}\n\n`
}

function object(properties) {
  return { type: 'object', properties, required: Object.keys(properties) }
}

function logRequest(request, reply, done) {
  const { id: requestId, method, ip: client } = request
  const route = request.routeOptions.url
  request.log.info({ requestId, method, route, status: reply.statusCode, ms: reply.elapsedTime, client }, 'request')
  done()
}
