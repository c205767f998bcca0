// Incant side by side with others: see docs/performance.md.
//
//   npm run bench                          all of it, about two minutes
//   npm run bench -- --short               seconds; fails on answers that are wrong, says little about speed
//   npm run bench -- --only small          one of small, large, startup
//   npm run bench -- --compare CHECKOUT    Incant of another checkout, too, which must be built
import { relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { installWhenStale } from '../scripts/setup/install.js'
import { measure } from './measure.js'
import { formatTable, saveResults } from './report.js'
import { listServers } from './servers.js'
import { measureStartup } from './startup/measure-startup.js'
import { median } from './statistics.js'
import { workloads } from './workloads.js'

const { values: options } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    only: { type: 'string' },
    compare: { type: 'string' },
  },
})

installWhenStale(fileURLToPath(new URL('.', import.meta.url)))
const names = chooseParts([...Object.keys(workloads), 'startup'])
const servers = listServers(options.compare === undefined ? undefined : resolve(options.compare))
const results = {}
for (const name of names) results[name] = await (name === 'startup' ? runStartup() : runWorkload(name))
if (!options.short) console.log(`Raw figures: ${relative('.', fileURLToPath(saveResults(results)))}`)

function chooseParts(all) {
  if (options.only === undefined) return all
  if (all.includes(options.only)) return [options.only]
  throw new Error(`There is no part "${options.only}": choose one of ${all.join(', ')}.`)
}

async function runWorkload(name) {
  const { title, plan, shortPlan } = workloads[name]
  const chosen = options.short ? shortPlan : plan
  console.log(`${title}, ${chosen.rounds} × ${chosen.requests} requests each, medians`)
  const figures = await measure(servers, name, chosen)
  console.log(`${formatTable(servers, figures)}\n`)
  return Object.fromEntries(servers.map((server, index) => [server.name, figures[index]]))
}

async function runStartup() {
  const rounds = options.short ? 1 : 7
  const times = { 'one process more': [], 'in the server': [] }
  for (let round = 0; round < rounds; round += 1) {
    times['one process more'].push(await measureStartup(1))
    times['in the server'].push(await measureStartup(0))
  }
  const described = Object.entries(times).map(([name, of]) => `${name} ${median(of).toFixed(0)} ms`)
  console.log(`incant serve of a trivial predictor is ready, medians of ${rounds}: ${described.join(', ')}\n`)
  return times
}
