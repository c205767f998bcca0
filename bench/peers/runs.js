// Runs of bench/peers.js side by side: how far Incant is from what the rows aim at, in each of them.
//
//   node bench/peers/runs.js FILE…   the raw figures of each run
import { readFileSync } from 'node:fs'
import { rows } from './rows.js'
import { servers } from './servers.js'
import { formatRuns } from './table.js'

const runs = process.argv.slice(2).map(file => JSON.parse(readFileSync(file, 'utf8')).peers)
console.log(formatRuns(runs, { rows, servers }))
