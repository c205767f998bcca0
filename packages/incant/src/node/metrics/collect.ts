import { METRICS, type MetricDefinition } from '../../metrics/definitions.ts'
import type { Histogram } from '../../metrics/histogram.ts'
import { REPLICA_STATES, type RecordedApp, type Recorder } from '../../metrics/recorder.ts'
import type { RouteRecord } from '../../metrics/route-record.ts'
import { SEQUENCE_STATES } from '../../metrics/step-report.ts'
import type { Labels } from '../../metrics/user-metrics.ts'
import type { Family, Sample } from './families.ts'

/** Facts about a server that are not counted anywhere. */
export interface ServerFacts {
  readonly version: string
  readonly certificateExpires: Date | undefined
}

/** Every metric there is, with its values now. */
export function collectFamilies(recorder: Recorder, facts: ServerFacts): readonly Family[] {
  return [
    ...collectRequests(recorder),
    ...collectCalls(recorder),
    ...collectReplicas(recorder),
    ...collectJobs(recorder),
    ...collectWebhooks(recorder),
    ...collectProcesses(recorder),
    ...collectCertificate(facts),
    ...collectBuild(recorder, facts),
    ...collectUserMetrics(recorder),
  ]
}

/** The counts of all requests, of every route. */
export function collectRequests(recorder: Recorder): readonly Family[] {
  const routes = [...recorder.routes]
  const counts = routes.flatMap(([route, record]) =>
    [...record.counts].flatMap(([method, statuses]) =>
      [...statuses].map(([status, count]) => one(count, { method, ...labelsOf(route, record), status })),
    ),
  )
  const durations = routes.flatMap(([route, record]) => listBuckets(record.durations, labelsOf(route, record)))
  const breaks = [...recorder.breaks].map(([reason, count]) => one(count, { reason }))
  const refusals = [...recorder.refusals].map(([reason, count]) => one(count, { reason }))
  return [
    family(METRICS.requests, counts),
    family(METRICS.requestDuration, durations),
    family(METRICS.requestsInFlight, [one(recorder.inFlight)]),
    family(METRICS.requestBytes, [one(recorder.requestBytes)]),
    family(METRICS.responseBytes, [one(recorder.responseBytes)]),
    family(METRICS.brokenAnswers, breaks),
    family(METRICS.authRefusals, refusals),
  ]
}

/** A route of no protocol lacks that label, which to Prometheus is the same as an empty one. */
function labelsOf(route: string, { protocol }: RouteRecord): Labels {
  return protocol === undefined ? { route } : { route, protocol }
}

function collectCalls(recorder: Recorder): readonly Family[] {
  const { predictDuration, queueWait, predictor } = recorder
  const apps = [...recorder.apps]
  const sum = (read: (app: RecordedApp) => number): number => apps.reduce((total, app) => total + read(app), 0)
  return [
    family(METRICS.predictDuration, listBuckets(predictDuration)),
    family(METRICS.queueWait, listBuckets(queueWait)),
    family(METRICS.queueLength, [one(sum(app => app.load().waiting))]),
    family(METRICS.queueLimit, [one(Math.max(0, ...apps.map(app => app.queue)))]),
    family(METRICS.callsInFlight, [one(sum(app => app.load().running))]),
    family(METRICS.batchSize, listBuckets(predictor.batchSize)),
    family(METRICS.batchWait, listBuckets(predictor.batchWait)),
    family(METRICS.stepSize, listBuckets(predictor.stepSize)),
    family(METRICS.stepDuration, listBuckets(predictor.stepDuration)),
    family(METRICS.sequences, listSequences(recorder)),
    family(METRICS.streamItems, [one(predictor.streamItems)]),
    family(METRICS.ready, [one(Number(apps.some(app => app.isReady())))]),
  ]
}

/** Those of a predictor that runs here are known; of each replica, those that it told last. */
function listSequences({ apps, processes }: Recorder): readonly Sample[] {
  const here = [...apps].map(app => ({ replica: 'front', sequences: app.sequences() }))
  const there = processes.list().map(({ replica, figures }) => ({ replica, sequences: figures?.sequences }))
  return [...here, ...there].flatMap(({ replica, sequences }) =>
    sequences === undefined ? [] : SEQUENCE_STATES.map(state => one(sequences[state], { replica, state })),
  )
}

function collectReplicas(recorder: Recorder): readonly Family[] {
  const counts = [...recorder.apps].map(app => app.replicas())
  const states = REPLICA_STATES.map(state =>
    one(
      counts.reduce((total, count) => total + count[state], 0),
      { state },
    ),
  )
  const restarts = [...recorder.restarts].map(([reason, count]) => one(count, { reason }))
  return [family(METRICS.replicas, states), family(METRICS.replicaRestarts, restarts)]
}

/** Jobs, where the server has them. */
function collectJobs({ jobs }: Recorder): readonly Family[] {
  if (!jobs.isOn) return []
  const { open, ended, queueWait, storeErrors } = jobs
  const states =
    open === undefined ? [] : [one(open.queued, { state: 'queued' }), one(open.running, { state: 'running' })]
  return [
    family(METRICS.jobs, states),
    family(
      METRICS.jobsEnded,
      [...ended].map(([status, count]) => one(count, { status })),
    ),
    family(METRICS.jobQueueWait, listBuckets(queueWait)),
    family(METRICS.jobStoreErrors, [one(storeErrors)]),
    family(METRICS.webhooksPending, open === undefined ? [] : [one(open.webhooks)]),
  ]
}

/** Attempts to send webhooks, where there were any. */
export function collectWebhooks({ webhooks }: Recorder): readonly Family[] {
  if (webhooks.counts.size === 0) return []
  const counts = [...webhooks.counts].flatMap(([event, outcomes]) =>
    [...outcomes].map(([outcome, count]) => one(count, { event, outcome })),
  )
  return [family(METRICS.webhooks, counts), family(METRICS.webhookDuration, listBuckets(webhooks.durations))]
}

/** The metrics of the processes. */
export function collectProcesses({ processes }: Recorder): readonly Family[] {
  const all = processes.list()
  const told = all.flatMap(({ replica, figures }) => (figures === undefined ? [] : [{ replica, figures }]))
  return [
    family(
      METRICS.eventLoopDelayMedian,
      told.map(({ replica, figures }) => one(figures.delayMedian, { replica })),
    ),
    family(
      METRICS.eventLoopDelayP99,
      told.map(({ replica, figures }) => one(figures.delayP99, { replica })),
    ),
    family(
      METRICS.residentMemory,
      told.map(({ replica, figures }) => one(figures.residentMemory, { replica })),
    ),
    family(
      METRICS.heapUsed,
      told.map(({ replica, figures }) => one(figures.heapUsed, { replica })),
    ),
    family(
      METRICS.cpuSeconds,
      all.map(({ replica, cpuSeconds }) => one(cpuSeconds, { replica })),
    ),
  ]
}

/** Until when the certificate is good, where there is one. */
export function collectCertificate({ certificateExpires }: ServerFacts): readonly Family[] {
  if (certificateExpires === undefined) return []
  return [family(METRICS.certificateExpiry, [one(certificateExpires.getTime() / 1000)])]
}

function collectBuild({ apps }: Recorder, { version }: ServerFacts): readonly Family[] {
  const all = [...apps]
  // One that is still being set up does not serve yet.
  const served = all.findLast(app => app.isReady()) ?? all.at(-1)
  const info = {
    version,
    node: process.version,
    model: served?.model.name ?? '',
    model_version: served?.model.version ?? '',
    model_digest: served?.model.digest ?? '',
  }
  return [family(METRICS.buildInfo, [one(1, info)])]
}

function collectUserMetrics({ ledger }: Recorder): readonly Family[] {
  return ledger.list().map(({ name, help, type, samples }) => ({
    name,
    help,
    type,
    samples: samples.map(({ metricName, labels, value }) => ({
      suffix: metricName.slice(name.length),
      labels,
      value,
    })),
  }))
}

function family({ name, kind, help }: MetricDefinition, samples: readonly Sample[]): Family {
  return { name, type: kind, help, samples }
}

function one(value: number, labels: Labels = {}): Sample {
  return { suffix: '', labels, value }
}

/** The buckets cumulated, their sum and their count. */
function listBuckets({ bounds, counts, sum }: Histogram, labels: Labels = {}): readonly Sample[] {
  let count = 0
  const buckets = counts.map((inBucket, index) => {
    count += inBucket
    return { suffix: '_bucket', labels: { ...labels, le: bounds[index] ?? '+Inf' }, value: count }
  })
  return [...buckets, { suffix: '_sum', labels, value: sum }, { suffix: '_count', labels, value: count }]
}
