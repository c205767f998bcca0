// Fastify with the payload's schema and no log.
import { serveFastify } from './serve-fastify.js'

await serveFastify()
