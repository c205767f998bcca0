// Incant beside what else could be chosen to serve a model.
// CPU of all processes of a server, time of an answer, memory. The servers run side by side and are loaded in turn, every
// byte of every answer is compared.
//
//   node bench/peers.js [--only ROW,…] [--servers NAME,…] [--rounds NUMBER] [--short]
//
//   --short   fails on answers that are wrong, says little about speed
//
// The load generator is compiled with cc. Needs Linux.
import { loadavg } from 'node:os'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { installWhenStale } from '../scripts/setup/install.js'
import { compileLoad } from './peers/load.js'
import { measureRow } from './peers/measure.js'
import { rows } from './peers/rows.js'
import { servers } from './peers/servers.js'
import { formatAims, formatRow } from './peers/table.js'
import { saveResults } from './report.js'

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(rows).join() },
    servers: { type: 'string', default: Object.keys(servers).join() },
    rounds: { type: 'string' },
    short: { type: 'boolean', default: false },
  },
})
const plan = options.short
  ? { rounds: Number(options.rounds ?? 1), milliseconds: 200, warmUp: 0 }
  : { rounds: Number(options.rounds ?? 6), milliseconds: 2000, warmUp: 2000 }

installWhenStale(fileURLToPath(new URL('.', import.meta.url)))
compileLoad()
const measured = {}
for (const [key, row] of select(rows, options.only, '--only')) {
  const load = loadavg()[0].toFixed(1)
  const chosen = select(row.servers ?? servers, options.servers, '--servers').filter(([, { tasks }]) =>
    tasks.includes(row.task),
  )
  const figures = await measureRow(row, Object.fromEntries(chosen), plan)
  measured[key] = { row, load, figures }
  console.log(`${row.title}; load of the machine ${load} to ${loadavg()[0].toFixed(1)}\n`)
  console.log(`${formatRow(figures, servers)}\n`)
}
console.log(formatAims(measured, servers))
if (!options.short) console.log(`\nRaw figures: ${relative('.', fileURLToPath(save()))}`)

/** The members with the names that an option lists. */
function select(members, names, option) {
  return names.split(',').map(name => {
    if (members[name] === undefined) throw new Error(`${option}: there is no ${name}, only ${Object.keys(members)}.`)
    return [name, members[name]]
  })
}

function save() {
  const peers = Object.entries(measured).map(([key, { load, figures }]) => [key, { load, figures }])
  return saveResults({ peers: Object.fromEntries(peers) })
}
