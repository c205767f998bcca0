// What a process of its own for the predictor costs over the same predictor in the process that serves:
//
//   node bench/engine.js [--short] [--only small]
import { parseArgs } from 'node:util'
import { measure } from './measure.js'
import { formatTable } from './report.js'
import { median } from './statistics.js'
import { workloads } from './workloads.js'

const { values: options } = parseArgs({
  options: { short: { type: 'boolean', default: false }, only: { type: 'string' } },
})

const SERVERS = [
  { name: 'node:http', file: 'node-http.js', checks: false, logs: false },
  { name: 'inline', file: '../engine/server.js', parameters: ['0'], checks: true, logs: true },
  { name: 'one process', file: '../engine/server.js', parameters: ['1'], checks: true, logs: true },
]

for (const [name, { title, plan, shortPlan }] of Object.entries(workloads)) {
  if (options.only !== undefined && options.only !== name) continue
  const figures = await measure(SERVERS, name, options.short ? shortPlan : plan)
  console.log(`${title}\n${formatTable(SERVERS, figures)}`)
  const [bare, inline, process] = figures
  const over = inline.map(({ cpu }, round) => process[round].cpu - cpu)
  const throughput = bare.map(({ requestsPerSecond }, round) => process[round].requestsPerSecond / requestsPerSecond)
  const time = inline.map(({ p50 }, round) => process[round].p50 / p50)
  console.log(`front CPU over inline: ${median(over).toFixed(1)} µs a request`)
  console.log(`requests a second, of node:http's: ${median(throughput).toFixed(2)}`)
  console.log(`median latency, of inline's: ${median(time).toFixed(2)}\n`)
}
