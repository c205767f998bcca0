// What a process of its own for the predictor costs over the same predictor in the process that serves:
//
//   node bench/engine.js [--short] [--only small]      small, large, binary
//
// A large payload is measured with one caller, which waits for nobody, and with 32 at once. With 32 the mean time is
// compared, not the median: the server reads them all side by side, so that all are there at about the same time, and
// which of them is answered first is a matter of luck.
import { parseArgs } from 'node:util'
import { measure } from './measure.js'
import { formatTable } from './report.js'
import { median } from './statistics.js'
import { binary, workloads } from './workloads.js'

const { values: options } = parseArgs({
  options: { short: { type: 'boolean', default: false }, only: { type: 'string' } },
})

const SERVERS = [
  { name: 'node:http', file: 'node-http.js', checks: false, logs: false },
  { name: 'inline', file: '../engine/server.js', parameters: ['0'], checks: true, logs: 'sampled' },
  { name: 'one process', file: '../engine/server.js', parameters: ['1'], checks: true, logs: 'sampled' },
]

const MEASURED = { small: [32], large: [1, 32], binary: [1, 4] }

for (const [name, { title, plan, shortPlan, encode, makePayload }] of Object.entries({ ...workloads, binary })) {
  if (options.only !== undefined && options.only !== name) continue
  const megabytes = encode(makePayload()).length / 1e6
  for (const connections of MEASURED[name]) {
    const figures = await measure(SERVERS, name, { ...(options.short ? shortPlan : plan), connections })
    console.log(`${title}, ${connections} at once\n${formatTable(SERVERS, figures)}`)
    compare(figures, megabytes)
  }
}

/** Ratios, round by round, and their medians. */
function compare([bare, inline, process], megabytes) {
  const over = inline.map(({ cpu }, round) => process[round].cpu - cpu)
  const rate = (of, round) => of[round].requestsPerSecond
  const throughput = bare.map((_, round) => rate(process, round) / rate(bare, round))
  const time = inline.map((_, round) => rate(inline, round) / rate(process, round))
  console.log(`front CPU over inline: ${median(over).toFixed(1)} µs a request`)
  console.log(`requests a second, of node:http's: ${median(throughput).toFixed(2)}`)
  console.log(`mean time of a request, of inline's: ${median(time).toFixed(2)}`)
  if (megabytes > 1)
    console.log(`through one process: ${speed(process, megabytes)} MB/s; inline ${speed(inline, megabytes)}`)
  console.log('')
}

function speed(rounds, megabytes) {
  return median(rounds.map(({ requestsPerSecond }) => requestsPerSecond * megabytes)).toFixed(0)
}
