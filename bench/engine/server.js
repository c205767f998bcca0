// Incant with a given number of processes that run the predictor; 0: none, it runs in the process that serves.
import { serve } from '../../packages/incant/dist/node.js'
import { announce } from '../servers/under-measurement.js'
import { namedWorkload } from '../workloads.js'

const [workload, workers] = process.argv.slice(2)
process.env.BENCH_WORKLOAD = workload
const module = new URL('predictor.js', import.meta.url)
const { default: Predictor } = await import(module)

const { schema } = namedWorkload()
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
