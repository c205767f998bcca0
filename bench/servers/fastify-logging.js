// Fastify with the payload's schema and a line for each request, written the way Incant writes its own: by pino, without
// waiting for the file. One line and not the two that Fastify writes by itself.
import { LogController } from 'fastify'
import pino from 'pino'
import { serveFastify } from './serve-fastify.js'

const loggerInstance = pino({ base: null }, pino.destination({ dest: 1, sync: false }))
const logController = new LogController({ disableRequestLogging: true })
await serveFastify({ loggerInstance, logController }, app => app.addHook('onResponse', logRequest))

function logRequest(request, reply, done) {
  const { id: requestId, method, ip: client } = request
  const fields = {
    requestId,
    method,
    route: request.routeOptions.url,
    status: reply.statusCode,
    ms: reply.elapsedTime,
    client,
  }
  request.log.info(fields, 'request')
  done()
}
