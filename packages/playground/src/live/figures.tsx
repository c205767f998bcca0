import {
  formatBytes,
  formatNumber,
  formatSeconds,
  formatShare,
  type Times,
  UNKNOWN,
  type View,
} from 'incant/internal/readings'
import type { ComponentChildren, JSX } from 'preact'
import { type Column, Grid } from '../grid.tsx'

interface FiguresProps {
  readonly view: View
  /** Readings of the last two minutes, the newest last. */
  readonly history: readonly View[]
}

/** The newest figures, each with a line of the last two minutes. */
export function Figures({ view, history }: FiguresProps): JSX.Element {
  const { queue, inFlight, batches, replicas, restarts } = view
  const times = (step: string, of: View = view) => of.times.find(each => each.step === step)
  const ready = replicas.get('ready') ?? 0
  const others = [...replicas].filter(([state, count]) => state !== 'ready' && count > 0)
  const predicting = (of: View) => times('request', of)?.rate
  return (
    <>
      <div class="figures">
        <Figure name="Requests a second" line={history.map(predicting)} note={describeErrors(view)}>
          {formatNumber(predicting(view))}
        </Figure>
        <Figure
          name="Predict, median"
          line={history.map(of => times('predict', of)?.p50)}
          note={`p99 ${formatSeconds(times('predict')?.p99)}`}
        >
          {formatSeconds(times('predict')?.p50)}
        </Figure>
        <Figure
          name="Queue"
          line={history.map(of => of.queue.length)}
          note={`wait p99 ${formatSeconds(times('queue wait')?.p99)}`}
        >
          {`${formatNumber(queue.length)} of ${formatNumber(queue.limit)}`}
        </Figure>
        <Figure
          name="Calls in flight"
          line={history.map(of => of.inFlight.calls)}
          note={`requests: ${formatNumber(inFlight.requests)}`}
        >
          {formatNumber(inFlight.calls)}
        </Figure>
        <Figure
          name="Replicas"
          note={[
            ...others.map(([state, count]) => `${count} ${state}`),
            `restarts: ${formatNumber(sumOf(restarts))}`,
          ].join(', ')}
        >
          {`${formatNumber(ready)} ready`}
        </Figure>
        {batches !== undefined && (
          <Figure
            name="Batch size, mean"
            line={history.map(of => of.batches?.mean)}
            note={`p99 ${formatNumber(batches.p99)}`}
          >
            {formatNumber(batches.mean)}
          </Figure>
        )}
      </div>
      <div class="tables">
        <Latencies times={view.times} />
        <Processes view={view} />
        {view.custom.length > 0 && <Custom view={view} />}
      </div>
    </>
  )
}

/** The page's own requests for metrics succeed, so all failures are those of other callers. */
function describeErrors({ requests }: View): string {
  const errors = [...requests.classes].filter(([name, rate]) => rate > 0 && /^[45]/.test(name))
  return errors.length === 0 ? 'no errors' : errors.map(([name, rate]) => `${name} ${formatNumber(rate)}`).join(', ')
}

function sumOf(counts: View['restarts']): number {
  return counts.reduce((sum, { total }) => sum + total, 0)
}

interface FigureProps {
  readonly name: string
  readonly line?: readonly (number | undefined)[]
  readonly note: string
  readonly children: ComponentChildren
}

function Figure({ name, line, note, children }: FigureProps): JSX.Element {
  return (
    <div class="figure-box">
      <div class="label">{name}</div>
      <div class="value">{children}</div>
      {line !== undefined && <Line name={name} values={line} />}
      <div class="hint">{note}</div>
    </div>
  )
}

const [WIDTH, HEIGHT] = [120, 28]

function Line({
  name,
  values,
}: {
  readonly name: string
  readonly values: readonly (number | undefined)[]
}): JSX.Element {
  const known = values.filter(value => value !== undefined)
  const most = Math.max(...known, 0)
  const x = (index: number) => (WIDTH * (60 - values.length + index)) / 59
  const points = values.flatMap((value, index) =>
    value === undefined
      ? []
      : [`${x(index).toFixed(1)} ${(HEIGHT - 2 - (value / (most || 1)) * (HEIGHT - 4)).toFixed(1)}`],
  )
  const words =
    known.length === 0 ? `${name}: nothing yet` : `${name} in the last two minutes: at most ${formatNumber(most)}`
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={words}>
      {points.length > 1 && <path d={`M${points.join('L')}`} />}
    </svg>
  )
}

function Latencies({ times }: { readonly times: readonly Times[] }): JSX.Element | null {
  const used = times.filter(({ rate = 0 }) => rate > 0)
  if (used.length === 0) return null
  return (
    <Grid
      label="Latency"
      columns={named('Step', 'per second', 'p50', 'p90', 'p99')}
      rows={used.map(({ step, rate, p50, p90, p99 }) => [
        step,
        formatNumber(rate),
        ...[p50, p90, p99].map(formatSeconds),
      ])}
    />
  )
}

function Processes({ view }: { readonly view: View }): JSX.Element {
  return (
    <Grid
      label="Processes"
      columns={named('Process', 'memory', 'heap', 'CPU', 'loop p99')}
      rows={view.processes.map(({ replica, resident, heap, cpu, loopP99 }) => [
        replica === 'front' ? 'front' : `replica ${replica}`,
        formatBytes(resident),
        formatBytes(heap),
        formatShare(cpu),
        formatSeconds(loopP99),
      ])}
    />
  )
}

function Custom({ view }: { readonly view: View }): JSX.Element {
  return (
    <Grid
      label="Metrics of the predictor"
      columns={named('Metric', 'tag', 'replica', 'value')}
      rows={view.custom.map(({ name, tag, replica, value }) => [name, tag || UNKNOWN, replica, formatNumber(value)])}
    />
  )
}

function named(...names: readonly string[]): readonly Column[] {
  return names.map((name, index) => ({ name, isNumber: index > 0 }))
}
