// Incant beside what else could be chosen to serve a model: CPU of all processes of a server, time of an answer, memory. The
// servers run side by side and are loaded in turn, every byte of every answer is compared.
//
//   node bench/peers.js [--only ROW,…] [--servers NAME,…] [--rounds NUMBER] [--milliseconds NUMBER] [--short]
//
//   --only      rows, or the beginnings of their names: mlp; growth-workers. All but growth unless given
//   --servers   of the names that a mistake here lists; Incant, `incant`, is always one of them
//   --milliseconds   the time for which a server is loaded in each round, and before the first: 2000 unless given
//   --short     fails on answers that are wrong, says little about speed
//
// Servers in Python are installed from PyPI into bench/peers/.python, a few GB in all. The load generator is compiled with cc.
// Needs Linux.
import { loadavg } from 'node:os'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { installWhenStale } from '../scripts/setup/install.js'
import { growth } from './peers/growth.js'
import { compileLoad } from './peers/load.js'
import { measureRow } from './peers/measure.js'
import { measureRest } from './peers/rest.js'
import { rows } from './peers/rows.js'
import { servers } from './peers/servers.js'
import { formatAims, formatRow, formatSummary } from './peers/table.js'
import { saveResults } from './report.js'

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(rows).join() },
    servers: { type: 'string', default: Object.keys(servers).join() },
    rounds: { type: 'string' },
    milliseconds: { type: 'string', default: '2000' },
    short: { type: 'boolean', default: false },
  },
})
const milliseconds = Number(options.milliseconds)
const plan = options.short
  ? { rounds: Number(options.rounds ?? 1), milliseconds: 200, warmUp: 0, idle: 200 }
  : { rounds: Number(options.rounds ?? 6), milliseconds, warmUp: milliseconds, idle: 5000 }

installWhenStale(fileURLToPath(new URL('.', import.meta.url)))
compileLoad()
const chosen = chooseServers()
const measured = []
for (const [key, row] of chooseRows()) {
  for (const group of groupServers(row)) {
    const before = loadavg()[0].toFixed(1)
    const figures = await (row.isRest ? measureRest : measureRow)(row, group, plan)
    const load = `${before} to ${loadavg()[0].toFixed(1)}`
    measured.push({ key, row, load, figures })
    console.log(`${row.title}; load of the machine ${load}\n\n${formatRow(figures, group)}\n`)
  }
}
console.log([formatSummary(measured, servers), formatAims(measured, servers)].filter(Boolean).join('\n\n'))
if (!options.short) console.log(`\nRaw figures: ${relative('.', fileURLToPath(save()))}`)

function chooseServers() {
  const names = options.servers.split(',')
  const wrong = names.find(name => servers[name] === undefined)
  if (wrong !== undefined) throw new Error(`There is no server ${wrong}, only ${Object.keys(servers).join(', ')}.`)
  const entries = Object.entries(servers).filter(([name]) => name === 'incant' || names.includes(name))
  for (const [, { name, missing }] of entries) if (missing?.()) console.error(`Without ${name}: ${missing()}.`)
  return entries.filter(([, { missing }]) => !missing?.())
}

function chooseRows() {
  const all = Object.entries({ ...rows, ...growth })
  return options.only.split(',').flatMap(name => {
    const found = all.filter(([key]) => key === name || key.startsWith(`${name}-`))
    if (found.length > 0) return found
    throw new Error(`There is no row ${name}, only ${all.map(([key]) => key).join(', ')}.`)
  })
}

/** Those that are measured beside each other: most of them; Incant again and one that disturbs the others. */
function groupServers(row) {
  if (row.servers !== undefined) return [row.servers]
  const fit = chosen.filter(([, { tasks, open }]) => tasks.includes(row.task) && !(row.isRest && open !== undefined))
  const [incant] = fit
  const apart = fit.filter(([, server]) => server.apart)
  const together = fit.filter(([, server]) => !server.apart)
  const groups = apart.map(server => [incant, server])
  return (together.length > 1 || groups.length === 0 ? [together, ...groups] : groups).map(group =>
    Object.fromEntries(group),
  )
}

function save() {
  return saveResults({ peers: measured.map(({ row: { title }, ...rest }) => ({ title, ...rest })) })
}
