import { alignColumns } from '../report.js'
import { median, percentile } from '../statistics.js'

/** @typedef {import('./subject.js').Figures} Figures */

/** What the columns show. @type {Record<keyof Figures, string>} */
const LABELS = {
  ready: 'ready s',
  answer: 'first answer ms',
  idle: 'idle CPU %',
  rate: 'rate/s',
  cpu: 'CPU µs',
  front: 'of it in the front',
  p50: 'p50 ms',
  p99: 'p99 ms',
  first: 'first event ms',
  memory: 'PSS MiB',
  beside: 'PSS beside others',
  load: 'load µs',
}

/**
 * A table in Markdown: the medians of each server's rounds. CPU is compared to that of the first server round by round, and
 * the median and quartiles of that shown: so it is less at the mercy of what else the machine did.
 *
 * @param {Record<string, Figures[]>} figures
 * @param {Record<string, { name: string }>} servers
 */
export function formatRow(figures, servers) {
  const [base] = Object.values(figures)
  const columns = Object.keys(LABELS).filter(column => base[0][column] !== undefined)
  const hasCpu = columns.includes('cpu')
  const lines = Object.entries(figures).map(([key, rounds]) => {
    const cells = columns.map(column => formatNumber(median(rounds.map(round => round[column]))))
    const { middle, quartiles } = compare(rounds, base, 'cpu')
    return [servers[key].name, ...cells, ...(hasCpu ? [middle, quartiles] : [])]
  })
  const header = ['', ...columns.map(column => LABELS[column]), ...(hasCpu ? ['CPU, compared', 'quartiles'] : [])]
  return formatMarkdown([header, ...lines])
}

/**
 * All rows in one table: what the CPU of each server is, compared to that of Incant in the same rounds, with quartiles. The
 * first line has what that is, in microseconds.
 *
 * @param {readonly { key: string, row: import('./rows.js').Row, figures: Record<string, Figures[]> }[]} measured
 * @param {Record<string, { name: string }>} servers
 */
export function formatSummary(measured, servers) {
  const loaded = measured.filter(({ row, figures }) => !row.isRest && row.servers === undefined && figures.incant)
  const keys = [...new Set(loaded.map(({ key }) => key))]
  const cell = (name, key) => {
    const { figures } = loaded.find(taken => taken.key === key && taken.figures[name] !== undefined) ?? {}
    if (figures === undefined) return ''
    if (name === 'incant') return `${formatNumber(median(figures.incant.map(({ cpu }) => cpu)))} µs`
    const { middle, quartiles } = compare(figures[name], figures.incant, 'cpu')
    return `${middle} (${quartiles})`
  }
  const names = Object.keys(servers).filter(name => loaded.some(({ figures }) => figures[name] !== undefined))
  const lines = names.map(name => [servers[name].name, ...keys.map(key => cell(name, key))])
  return formatMarkdown([['CPU of all processes', ...keys], ...lines])
}

/**
 * How far it is to what rows aim at.
 *
 * @param {readonly { row: import('./rows.js').Row, figures: Record<string, Figures[]> }[]} measured
 * @param {Record<string, { name: string }>} servers
 */
export function formatAims(measured, servers) {
  const lines = measured.flatMap(({ row, figures }) =>
    (row.aims ?? [])
      .filter(aim => isMeasured(aim, figures))
      .map(aim => {
        const { middle, quartiles } = compareAim(aim, figures)
        return [describeAim(row, aim, servers), middle, quartiles, String(aim.aim)]
      }),
  )
  return formatMarkdown([['Aims', 'now', 'quartiles', 'aim'], ...lines])
}

/**
 * The same of several runs, each with the load of the machine.
 *
 * @param {readonly (readonly { key: string, load: string, figures: Record<string, Figures[]> }[])[]} runs
 * @param {{ rows: Record<string, import('./rows.js').Row>, servers: Record<string, { name: string }> }} names
 */
export function formatRuns(runs, { rows, servers }) {
  const lines = Object.entries(rows).flatMap(([key, row]) =>
    (row.aims ?? []).map(aim => {
      const cells = runs.map(measured => {
        const taken = measured.find(({ key: other, figures }) => other === key && isMeasured(aim, figures))
        if (taken === undefined) return ''
        const { middle, quartiles } = compareAim(aim, taken.figures)
        return `${middle} (${quartiles}), load ${taken.load}`
      })
      return [describeAim(row, aim, servers), ...cells, String(aim.aim)]
    }),
  )
  return formatMarkdown([['Aims', ...runs.map((_, index) => `run ${index + 1}`), 'aim'], ...lines])
}

function isMeasured({ of = 'incant', to }, figures) {
  return figures[of] !== undefined && (to === undefined || figures[to] !== undefined)
}

function compareAim({ of = 'incant', figure = 'cpu', to }, figures) {
  return compare(figures[of], figures[to], figure)
}

function describeAim({ title }, { of = 'incant', figure = 'cpu', to }, servers) {
  return `${title}: ${LABELS[figure]} of ${servers[of].name}${to === undefined ? '' : `, compared to ${servers[to].name}`}`
}

/** The values of rounds, or what they are compared with those of another server in the same rounds. */
function compare(rounds, others, figure) {
  const values = rounds.map((round, index) => round[figure] / (others?.[index][figure] ?? 1))
  const [lower, middle, upper] = [0.25, 0.5, 0.75].map(part => percentile(values, part).toFixed(2))
  return { middle, quartiles: `${lower}–${upper}` }
}

function formatMarkdown([header, ...lines]) {
  if (lines.length === 0) return ''
  const rule = header.map((_, column) => (column === 0 ? '---' : '--:'))
  return alignColumns([header, rule, ...lines], ' | ').replaceAll(/^.*$/gm, '| $& |')
}

/** Three digits say enough. */
function formatNumber(value) {
  if (value === undefined) return ''
  if (value >= 100) return value.toFixed(0)
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
