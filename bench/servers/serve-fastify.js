import fastify from 'fastify'
import { namedWorkload } from '../workloads.js'
import { announce } from './under-measurement.js'

/**
 * Serves the workload with Fastify, its payload checked against the schema.
 *
 * @param {import('fastify').FastifyServerOptions} [options]
 * @param {(app: import('fastify').FastifyInstance) => unknown} [prepare]
 */
export async function serveFastify(options, prepare) {
  const { schema, predict } = namedWorkload()
  const app = fastify({ bodyLimit: 10 * 1024 * 1024, ...options })
  prepare?.(app)
  app.post('/predict', { schema: { body: schema } }, async request => predict(request.body))
  await app.listen({ host: '127.0.0.1', port: 0 })
  announce(app.server.address().port)
}
