import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { median, percentile } from './statistics.js'

/** @typedef {import('./measure.js').Figures} Figures */

/**
 * The medians of each server's rounds. The ratio of the CPU time is taken round by round, against the first server's
 * load in the same round, and its median and quartiles shown: so it is less at the mercy of what else the machine did.
 *
 * @param {readonly import('./servers.js').ServerKind[]} kinds
 * @param {readonly Figures[][]} figures
 */
export function formatTable(kinds, figures) {
  const header = ['', 'checks', 'logs', 'requests/s', 'p50 ms', 'p99 ms', 'CPU µs/request', 'ratio', 'quartiles']
  const rows = kinds.map(({ name, checks, logs }, index) => {
    const rounds = figures[index]
    const of = key => median(rounds.map(round => round[key]))
    const ratios = rounds.map((round, at) => round.cpu / figures[0][at].cpu)
    const [lower, ratio, upper] = [0.25, 0.5, 0.75].map(part => percentile(ratios, part).toFixed(2))
    return [
      name,
      checks ? 'yes' : 'no',
      typeof logs === 'string' ? logs : logs ? 'yes' : 'no',
      of('requestsPerSecond').toFixed(of('requestsPerSecond') < 1000 ? 1 : 0),
      of('p50').toFixed(2),
      of('p99').toFixed(2),
      of('cpu').toFixed(of('cpu') < 1000 ? 1 : 0),
      ratio,
      `${lower}–${upper}`,
    ]
  })
  return alignColumns([header, ...rows])
}

/** A table: the first column begins where it begins, the others end where they end. */
export function alignColumns(rows, separator = '  ') {
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)))
  const align = (cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))
  return rows.map(row => row.map(align).join(separator)).join('\n')
}

/** What the figures were taken on: enough to judge them by, nothing that names the machine. */
export function describeMachine() {
  return {
    node: process.version,
    platform: process.platform,
    architecture: process.arch,
    processor: cpus()[0]?.model,
    processors: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  }
}

/** Writes the raw figures of a run. Returns the file. */
export function saveResults(results) {
  const time = new Date().toISOString()
  const folder = new URL('results/', import.meta.url)
  const file = new URL(`${time.slice(0, 19).replaceAll(':', '')}.json`, folder)
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, `${JSON.stringify({ time, machine: describeMachine(), ...results }, undefined, 2)}\n`)
  return file
}
