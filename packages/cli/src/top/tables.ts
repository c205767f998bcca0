import type { Batches, CustomValue, ModelView, ProcessView, Sequences, Times } from 'incant/internal/readings'
import { formatBytes, formatNumber, formatSeconds, formatShare } from 'incant/internal/readings'
import { column, type Line, type Style, span } from '../terminal/text.ts'

const FIRST = 12
const OTHER = 12

/** A table's line: a name, then values under each other. */
function tableRow(name: string, cells: readonly string[], style: 'plain' | 'faint' = 'plain'): Line {
  return [span(column(name, FIRST), 'faint'), ...cells.map(cell => span(column(cell, OTHER, 'right'), style))]
}

/** How long each step takes. */
export function drawTimes(times: readonly Times[]): readonly Line[] {
  return [
    tableRow('time', ['p50', 'p90', 'p99', 'a second'], 'faint'),
    ...times.map(({ step, p50, p90, p99, rate }) =>
      tableRow(step, [...[p50, p90, p99].map(formatSeconds), formatNumber(rate)]),
    ),
  ]
}

/** How many items batches have; nothing where there are none. */
export function drawBatches(batches: Batches | undefined): readonly Line[] {
  if (batches === undefined) return []
  const { mean, p50, p99 } = batches
  return [tableRow('batch size', [formatNumber(p50), '', formatNumber(p99), `mean ${formatNumber(mean)}`])]
}

/** Live sequences, and the steps that advance them; nothing where there are none. */
export function drawSequences(sequences: Sequences | undefined): readonly Line[] {
  if (sequences === undefined) return []
  const { states, size, rate, p50, p99 } = sequences
  const live = [...states].map(([state, count]) => `${state} ${formatNumber(count)}`)
  const sizes = [formatNumber(size.p50), '', formatNumber(size.p99), `mean ${formatNumber(size.mean)}`]
  return [
    tableRow('step', [formatSeconds(p50), '', formatSeconds(p99), formatNumber(rate)]),
    tableRow('step size', sizes),
    [span(column('sequences', FIRST), 'faint'), span(live.join('   '))],
  ]
}

/** The figures of each model, if there are several. */
export function drawModels(models: readonly ModelView[]): readonly Line[] {
  if (models.length === 0) return []
  const width = Math.max(FIRST, ...models.map(({ model }) => model.length + 1))
  const head = ['ready', 'a second', 'p50', 'p99', 'queue', 'restarts']
  return [
    [span(column('model', width), 'faint'), ...head.map(title => span(column(title, NARROW, 'right'), 'faint'))],
    ...models.map(model => [span(column(model.model, width), 'faint'), ...drawModel(model)]),
    [],
  ]
}

const NARROW = 11

function drawModel({ ready, rate, p50, p99, queue, replicas, restarts }: ModelView): Line {
  const cell = (text: string, style: Style = 'plain') => span(column(text, NARROW, 'right'), style)
  return [
    cell(formatNumber(replicas), ready ? 'good' : 'bad'),
    cell(formatNumber(rate)),
    cell(formatSeconds(p50)),
    cell(formatSeconds(p99)),
    cell(`${formatNumber(queue.length)} of ${formatNumber(queue.limit)}`),
    cell(formatNumber(restarts), restarts > 0 ? 'warning' : 'plain'),
  ]
}

/** The resources of each process. */
export function drawProcesses(processes: readonly ProcessView[]): readonly Line[] {
  return [
    tableRow('process', ['memory', 'heap', 'cpu', 'loop p50', 'loop p99'], 'faint'),
    ...processes.map(({ replica, resident, heap, cpu, loopMedian, loopP99 }) =>
      tableRow(/^\d+$/.test(replica) ? `replica ${replica}` : replica, [
        formatBytes(resident),
        formatBytes(heap),
        formatShare(cpu),
        formatSeconds(loopMedian),
        formatSeconds(loopP99),
      ]),
    ),
  ]
}

const NAME = 34
const TAG = 20

/** The metrics of the predictor's own code, if there are any. */
export function drawCustom(values: readonly CustomValue[]): readonly Line[] {
  if (values.length === 0) return []
  const head = [span(column('sendMetric', NAME), 'faint'), span(column('tag', TAG), 'faint'), span('replica', 'faint')]
  const lines = values.map(
    ({ name, tag, replica, value }): Line => [
      span(column(name, NAME)),
      span(column(tag, TAG)),
      span(column(replica, OTHER)),
      span(formatNumber(value)),
    ],
  )
  return [[], head, ...lines]
}
