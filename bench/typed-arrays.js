// What a member of type Float64Array costs, against number[] of which predict makes a Float64Array, as it must for a model.
//
//   node bench/typed-arrays.js [--short]
//
// CPU is that of the process with the sockets. Where a replica runs predict, its own comes on top: it is in the rate.
import { parseArgs } from 'node:util'
import { measure } from './measure.js'
import { formatTable } from './report.js'
import { percentile } from './statistics.js'
import { workloads } from './workloads.js'

const { values: options } = parseArgs({ options: { short: { type: 'boolean', default: false } } })

const { title, plan, shortPlan } = workloads.large

for (const [where, workers] of Object.entries({ 'in the server': '0', 'one process': '1' })) {
  const servers = ['number[]', 'Float64Array'].map(type => ({
    name: `${type}, ${where}`,
    file: '../engine/server.js',
    parameters: [workers, type],
    checks: true,
    logs: 'sampled',
  }))
  const figures = await measure(servers, 'large', { ...(options.short ? shortPlan : plan), connections: 4 })
  console.log(`${title}\n${formatTable(servers, figures)}`)
  compareRates(figures)
}

function compareRates([numbers, typed]) {
  const ratios = numbers.map(({ requestsPerSecond }, round) => typed[round].requestsPerSecond / requestsPerSecond)
  const [lower, middle, upper] = [0.25, 0.5, 0.75].map(part => percentile(ratios, part).toFixed(2))
  console.log(`requests a second, of number[]'s: ${middle}, quartiles ${lower}–${upper}\n`)
}
