import { alignColumns } from '../report.js'
import { median, percentile } from '../statistics.js'

/** @typedef {import('./subject.js').Figures} Figures */

/**
 * A table in Markdown: the medians of each server's rounds. What a server's CPU is compared to that of the first is taken
 * round by round, and its median and quartiles shown: so it is less at the mercy of what else the machine did.
 *
 * @param {Record<string, Figures[]>} figures
 * @param {Record<string, { name: string }>} servers
 */
export function formatRow(figures, servers) {
  const hasFirst = Object.values(figures)[0][0].first !== undefined
  const header = ['', 'rate/s', 'CPU µs', 'of the first', 'quartiles', 'p50 ms', 'p99 ms', 'PSS MiB', 'load µs']
  const [base] = Object.values(figures)
  const lines = Object.entries(figures).map(([key, rounds]) => {
    const of = member => formatNumber(median(rounds.map(round => round[member])))
    const ratios = compare(rounds, base)
    const row = [servers[key].name, of('rate'), of('cpu'), ratios.median, ratios.quartiles]
    return [...row, of('p50'), of('p99'), of('memory'), of('load'), ...(hasFirst ? [of('first')] : [])]
  })
  return formatMarkdown([hasFirst ? [...header, 'first event ms'] : header, ...lines])
}

/**
 * How far Incant is from what a row aims at.
 *
 * @param {Record<string, { row: import('./rows.js').Row, figures: Record<string, Figures[]> }>} measured
 * @param {Record<string, { name: string }>} servers
 */
export function formatAims(measured, servers) {
  const lines = Object.values(measured).flatMap(({ row, figures }) =>
    Object.entries(row.aims ?? {})
      .filter(([name]) => figures.incant !== undefined && figures[name] !== undefined)
      .map(([name, aim]) => {
        const ratios = compare(figures.incant, figures[name])
        return [`${row.title}: to ${servers[name].name}`, ratios.median, ratios.quartiles, String(aim)]
      }),
  )
  return formatMarkdown([['CPU of Incant, one replica, compared', 'ratio', 'quartiles', 'aim'], ...lines])
}

function compare(rounds, base) {
  const ratios = rounds.map(({ cpu }, round) => cpu / base[round].cpu)
  const [lower, middle, upper] = [0.25, 0.5, 0.75].map(part => percentile(ratios, part).toFixed(2))
  return { median: middle, quartiles: `${lower}–${upper}` }
}

function formatMarkdown([header, ...lines]) {
  const rule = header.map((_, column) => (column === 0 ? '---' : '--:'))
  return alignColumns([header, rule, ...lines], ' | ').replaceAll(/^.*$/gm, '| $& |')
}

/** Three digits say enough. */
function formatNumber(value) {
  if (value >= 100) return value.toFixed(0)
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
