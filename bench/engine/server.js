// Incant with a given number of replicas; 0: none, predict runs in the process that serves. A type after it stands in the
// place of number[].
import { serve } from '../../packages/incant/dist/node.js'
import { numberArraySchema } from '../../packages/incant/dist/signature.js'
import { announce } from '../servers/under-measurement.js'
import { namedWorkload } from '../workloads.js'

const [workload, workers, type] = process.argv.slice(2)
process.env.BENCH_WORKLOAD = workload
if (type !== undefined) process.env.BENCH_TENSOR = 'yes'
const module = new URL('predictor.js', import.meta.url)
const { default: Predictor } = await import(module)

const { schema } = asType(namedWorkload(), type)
const payload = { name: 'payload', ...(schema === undefined ? { role: 'bytes' } : { role: 'payload', schema }) }
const signature = {
  version: 1,
  className: 'Predictor',
  parameters: [payload],
  returns: [],
  definitions: {},
}
const limits = { concurrency: 64, requestTimeout: '120s' }
const server = await serve(Predictor, {
  ...limits,
  signature,
  source: { module },
  workers: Number(workers),
  port: 0,
  logFormat: 'json',
})
await server.ready
announce(Number(new URL(server.url).port))

/** The workload with its arrays of numbers read as typed arrays. */
function asType({ schema }, name) {
  if (name === undefined || name === 'number[]') return { schema }
  const members = Object.keys(schema.properties).map(member => [member, numberArraySchema(name)])
  return { schema: { ...schema, properties: Object.fromEntries(members) } }
}
