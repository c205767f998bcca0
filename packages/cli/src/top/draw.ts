import type { Count, View } from 'incant/internal/readings'
import { formatBytes, formatNumber, formatSpan, UNKNOWN } from 'incant/internal/readings'
import { clipLine, column, type Line, type Span, type Style, span } from '../terminal/text.ts'
import { drawBatches, drawCustom, drawModels, drawProcesses, drawSequences, drawTimes } from './tables.ts'

/** The content of the screen. */
export interface Picture {
  /** The address that is read, without what could be secret. */
  readonly url: string
  readonly view: View | undefined
  /** The time between the two readings, in seconds. */
  readonly seconds: number | undefined
  /** Why there is nothing newer. */
  readonly failure: string | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** Cells and lines of a terminal. */
export interface Size {
  readonly columns: number
  readonly rows: number
}

/** The lines of a picture, none wider and not more than there is room for. The last says how many are left out. */
export function draw(picture: Picture, { columns, rows }: Size): readonly Line[] {
  const lines = [...drawHead(picture), ...(picture.view === undefined ? [] : drawView(picture.view, picture.now))]
  return fit(lines, rows).map(line => clipLine(line, columns))
}

function fit(lines: readonly Line[], rows: number): readonly Line[] {
  if (lines.length <= rows) return lines
  const kept = Math.max(rows - 1, 0)
  return [...lines.slice(0, kept), [span(`${lines.length - kept} more lines: make the window taller`, 'faint')]]
}

const LABEL_WIDTH = 12

/** A line that begins with what it is about. */
function row(label: string, ...rest: readonly Span[]): Line {
  return [span(column(label, LABEL_WIDTH), 'faint'), ...rest]
}

function drawHead({ url, view, seconds, failure }: Picture): readonly Line[] {
  const { model = '', modelVersion = '', version = '', node = '' } = view?.build ?? {}
  const served = [model, modelVersion].filter(part => part !== '').join(':')
  const versions = view === undefined ? '' : `incant ${version}, node ${node.replace(/^v/, '')}`
  return [
    [
      span(url, 'strong'),
      span(served === '' ? '' : `  ${served}`),
      span(versions === '' ? '' : `  ${versions}`, 'faint'),
    ],
    [...drawState(view, failure), span(seconds === undefined ? '' : `  over ${formatNumber(seconds)} s`, 'faint')],
    [],
  ]
}

function drawState(view: View | undefined, failure: string | undefined): Line {
  if (failure !== undefined) return [span('gone', 'bad'), span(`  ${failure}; trying again`)]
  if (view?.ready === undefined) return [span('waiting', 'faint')]
  return [view.ready ? span('ready', 'good') : span('not ready', 'bad')]
}

function drawView(view: View, now: number): readonly Line[] {
  return [
    ...drawFlow(view),
    [],
    ...drawModels(view.models),
    ...drawTimes(view.times),
    ...drawBatches(view.batches),
    ...drawSequences(view.sequences),
    [],
    ...drawEvents(view, now),
    [],
    ...drawProcesses(view.processes),
    ...drawCustom(view.custom),
  ]
}

function drawFlow({ requests, inFlight, queue, traffic }: View): readonly Line[] {
  const classes = [...requests.classes].map(([name, rate]) =>
    span(`   ${name} ${formatNumber(rate)}`, classStyle(name, rate)),
  )
  return [
    row('requests/s', span(formatNumber(requests.total), 'strong'), ...classes),
    row('in flight', span(`requests ${formatNumber(inFlight.requests)}   calls ${formatNumber(inFlight.calls)}`)),
    row('queue', ...drawQueue(queue)),
    row(
      'traffic/s',
      span(`in ${formatBytes(traffic.received)}   out ${formatBytes(traffic.sent)}`),
      span(`   stream items ${formatNumber(traffic.streamItems)}`),
    ),
  ]
}

function classStyle(name: string, rate: number): Style {
  if (rate === 0) return 'faint'
  return name === '5xx' ? 'bad' : name === '4xx' ? 'warning' : 'good'
}

const BAR = 20

function drawQueue({ length, limit }: View['queue']): Line {
  const text = span(`${formatNumber(length)} of ${formatNumber(limit)}`)
  if (length === undefined || limit === undefined || !(limit > 0)) return [text]
  const share = Math.min(Math.max(length / limit, 0), 1)
  const filled = Math.ceil(share * BAR)
  const style = share >= 0.8 ? 'bad' : share >= 0.5 ? 'warning' : 'good'
  return [text, span('   ['), span('#'.repeat(filled), style), span(`${'.'.repeat(BAR - filled)}]`)]
}

function drawEvents({ replicas, restarts, refusals, certificateExpiry }: View, now: number): readonly Line[] {
  const states = [...replicas]
    .filter(([state, count]) => state === 'ready' || count !== 0)
    .map(([state, count]) => span(`${state} ${formatNumber(count)}   `, state === 'ready' ? 'plain' : 'warning'))
  return [
    row('replicas', ...orUnknown(states)),
    row('restarts', ...drawCounts(restarts)),
    row('refusals', ...drawCounts(refusals)),
    ...(certificateExpiry === undefined ? [] : [row('certificate', drawExpiry(certificateExpiry - now / 1000))]),
  ]
}

function drawCounts(counts: readonly Count[]): Line {
  const spans = counts.map(({ reason, total, increase = 0 }) =>
    increase > 0
      ? span(`${reason} ${formatNumber(total)} (+${formatNumber(increase)})   `, 'warning')
      : span(`${reason} ${formatNumber(total)}   `),
  )
  return spans.length === 0 ? [span('none', 'faint')] : spans
}

function drawExpiry(seconds: number): Span {
  const style = seconds < 7 * 86_400 ? 'bad' : seconds < 30 * 86_400 ? 'warning' : 'plain'
  return span(seconds < 0 ? `expired ${formatSpan(seconds)} ago` : `expires in ${formatSpan(seconds)}`, style)
}

function orUnknown(spans: readonly Span[]): readonly Span[] {
  return spans.length === 0 ? [span(UNKNOWN)] : spans
}
