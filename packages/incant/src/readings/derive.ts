import { METRIC_NAMES } from '../metrics/names.ts'
import type { Sample } from './exposition.ts'
import { type Choose, observedBetween, quantile } from './histogram.ts'
import { deriveModels } from './models.ts'
import { deriveProcesses } from './processes.ts'
import {
  increaseOf,
  increasesOf,
  type Reading,
  type Readings,
  secondsBetween,
  seriesOf,
  totalOf,
  valuesBy,
} from './series.ts'
import type { Batches, Count, CustomValue, Sequences, Times, View } from './view.ts'

/** Derives figures from two readings of a server, or from the first alone. */
export function deriveView(readings: Readings): View {
  const { after } = readings
  const ready = totalOf(after, METRIC_NAMES.ready)
  return {
    build: readBuild(after),
    ready: ready === undefined ? undefined : ready > 0,
    requests: deriveRequests(readings),
    inFlight: {
      requests: totalOf(after, METRIC_NAMES.requestsInFlight),
      calls: totalOf(after, METRIC_NAMES.callsInFlight),
    },
    queue: { length: totalOf(after, METRIC_NAMES.queueLength), limit: totalOf(after, METRIC_NAMES.queueLimit) },
    traffic: deriveTraffic(readings),
    times: deriveTimes(readings),
    batches: deriveBatches(readings),
    sequences: deriveSequences(readings),
    replicas: valuesBy(seriesOf(after, METRIC_NAMES.replicas), 'state'),
    restarts: countBy(readings, METRIC_NAMES.replicaRestarts, 'reason'),
    refusals: countBy(readings, METRIC_NAMES.authRefusals, 'reason'),
    certificateExpiry: totalOf(after, METRIC_NAMES.certificateExpiry),
    processes: deriveProcesses(readings),
    models: deriveModels(readings),
    custom: seriesOf(after, METRIC_NAMES.custom).map(readCustom),
  }
}

/** Whether an exposition is one of an Incant server. */
export function isIncant(reading: Reading): boolean {
  return seriesOf(reading, METRIC_NAMES.buildInfo).length > 0
}

function readBuild(reading: Reading): View['build'] {
  const [first, ...others] = seriesOf(reading, METRIC_NAMES.buildInfo)
  const read = (label: string) => first?.labels.get(label) ?? ''
  if (others.length > 0) {
    const model = `${others.length + 1} models`
    return { version: read('version'), node: read('node'), model, modelVersion: '' }
  }
  return { version: read('version'), node: read('node'), model: read('model'), modelVersion: read('model_version') }
}

function deriveRequests(readings: Readings): View['requests'] {
  const seconds = secondsBetween(readings)
  const increases = increasesOf(readings, METRIC_NAMES.requests)
  if (seconds === undefined || increases === undefined) return { total: undefined, classes: new Map() }
  const byStatus = valuesBy(increases, 'status')
  const classes = new Map<string, number>()
  for (const [status, increase] of byStatus) {
    const name = /^[1-5]\d\d$/.test(status) ? `${status[0]}xx` : 'other'
    classes.set(name, (classes.get(name) ?? 0) + increase / seconds)
  }
  return { total: [...classes.values()].reduce((sum, rate) => sum + rate, 0), classes }
}

function deriveTraffic(readings: Readings): View['traffic'] {
  return {
    received: rateOf(readings, METRIC_NAMES.requestBytes),
    sent: rateOf(readings, METRIC_NAMES.responseBytes),
    streamItems: rateOf(readings, METRIC_NAMES.streamItems),
  }
}

function rateOf(readings: Readings, metric: string): number | undefined {
  const seconds = secondsBetween(readings)
  const increase = increaseOf(readings, metric)
  return seconds === undefined || increase === undefined ? undefined : increase / seconds
}

/** The routes whose requests are shown: probes and scrapes would hide how long a prediction takes. */
const ROUTE = /^(?:\/models\/[^/]+)?\/predict$|^(?:\/openai)?\/v[12]\/|^\/mcp$/

function deriveTimes(readings: Readings): readonly Times[] {
  return [
    timesOf(readings, {
      step: 'request',
      metric: METRIC_NAMES.requestDuration,
      choose: ({ labels }) => ROUTE.test(labels.get('route') ?? ''),
    }),
    timesOf(readings, { step: 'queue wait', metric: METRIC_NAMES.queueWait }),
    timesOf(readings, { step: 'batch wait', metric: METRIC_NAMES.batchWait }),
    timesOf(readings, { step: 'predict', metric: METRIC_NAMES.predictDuration }),
  ]
}

interface TimedStep {
  readonly step: string
  readonly metric: string
  readonly choose?: Choose
}

function timesOf(readings: Readings, { step, metric, choose }: TimedStep): Times {
  const seconds = secondsBetween(readings)
  const observed = observedBetween(readings, metric, choose)
  if (seconds === undefined || observed === undefined) {
    return { step, rate: undefined, p50: undefined, p90: undefined, p99: undefined }
  }
  const at = (share: number) => quantile(share, observed)
  return { step, rate: observed.count / seconds, p50: at(0.5), p90: at(0.9), p99: at(0.99) }
}

/** Only where there are batches at all. */
function deriveBatches(readings: Readings): Batches | undefined {
  return hasObserved(readings, METRIC_NAMES.batchSize) ? sizesOf(readings, METRIC_NAMES.batchSize) : undefined
}

/** Only where there are sequences at all. */
function deriveSequences(readings: Readings): Sequences | undefined {
  if (!hasObserved(readings, METRIC_NAMES.stepSize)) return undefined
  const { rate, p50, p99 } = timesOf(readings, { step: 'step', metric: METRIC_NAMES.stepDuration })
  const states = valuesBy(seriesOf(readings.after, METRIC_NAMES.sequences), 'state')
  return { states, size: sizesOf(readings, METRIC_NAMES.stepSize), rate, p50, p99 }
}

function hasObserved({ after }: Readings, metric: string): boolean {
  return (totalOf(after, `${metric}_count`) ?? 0) > 0
}

function sizesOf(readings: Readings, metric: string): Batches {
  const observed = observedBetween(readings, metric)
  if (observed === undefined || observed.count === 0) return { mean: undefined, p50: undefined, p99: undefined }
  return { mean: observed.sum / observed.count, p50: quantile(0.5, observed), p99: quantile(0.99, observed) }
}

/** The totals by a label. */
function countBy(readings: Readings, metric: string, label: string): readonly Count[] {
  const increases = valuesBy(increasesOf(readings, metric) ?? [], label)
  return [...valuesBy(seriesOf(readings.after, metric), label)]
    .filter(([, total]) => total > 0)
    .map(([reason, total]) => ({ reason, total, increase: increases.get(reason) }))
}

function readCustom({ labels, value }: Sample): CustomValue {
  const read = (label: string) => labels.get(label) ?? ''
  return { name: read('name'), tag: read('tag'), replica: read('replica'), value }
}
