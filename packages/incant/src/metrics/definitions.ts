import { METRIC_NAMES, type MetricName } from './names.ts'

/**
 * One built-in metric. Names and units follow the Prometheus naming practices: base units, a unit suffix, `_total` on
 * counters.
 */
export interface MetricDefinition {
  readonly name: string
  readonly kind: 'counter' | 'gauge' | 'histogram'
  /** Its meaning, as one sentence. */
  readonly help: string
  /** Names of its labels; `protocol` is left out where there is none beside `/predict`. Values come from small, closed sets, or are indexes of replicas. */
  readonly labels: readonly string[]
  /** Upper bounds of a histogram, in the unit of its name, ascending. */
  readonly buckets?: readonly number[]
}

/** From half a millisecond, where a small model answers, to the minute after which a call is cut off. */
const SECONDS: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
]

/** Waits are often none at all. */
const WAIT_SECONDS: readonly number[] = [0.0001, ...SECONDS]

/** Jobs wait for hours where there are many. */
const JOB_SECONDS: readonly number[] = [0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600, 14_400, 86_400]

const ITEMS: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]

/**
 * Every metric that a server keeps by itself. The exposition, the dashboard, the alert rules and `docs/metrics.md` are
 * generated from this table, so none of them can name a metric that does not exist.
 */
export const METRICS: { readonly [Name in MetricName]: MetricDefinition } = {
  requests: {
    name: METRIC_NAMES.requests,
    kind: 'counter',
    help: 'Requests that were answered, whose caller left (499), or whose answer broke while it was sent (500).',
    labels: ['method', 'route', 'protocol', 'status'],
  },
  requestDuration: {
    name: METRIC_NAMES.requestDuration,
    kind: 'histogram',
    help: 'Time from the head of a request to the last byte of its response.',
    labels: ['route', 'protocol'],
    buckets: SECONDS,
  },
  requestsInFlight: {
    name: METRIC_NAMES.requestsInFlight,
    kind: 'gauge',
    help: 'Requests that have begun and whose responses are not over.',
    labels: [],
  },
  requestBytes: {
    name: METRIC_NAMES.requestBytes,
    kind: 'counter',
    help: 'Bytes of request bodies that were read.',
    labels: [],
  },
  responseBytes: {
    name: METRIC_NAMES.responseBytes,
    kind: 'counter',
    help: 'Bytes of response bodies that were sent.',
    labels: [],
  },
  predictDuration: {
    name: METRIC_NAMES.predictDuration,
    kind: 'histogram',
    help: 'Time from the start of a call in the engine, its wait over, to its result or the first item of its stream.',
    labels: [],
    buckets: SECONDS,
  },
  queueWait: {
    name: METRIC_NAMES.queueWait,
    kind: 'histogram',
    help: 'Time that calls waited for a place.',
    labels: [],
    buckets: WAIT_SECONDS,
  },
  queueLength: {
    name: METRIC_NAMES.queueLength,
    kind: 'gauge',
    help: 'Calls that wait for a place now.',
    labels: [],
  },
  queueLimit: {
    name: METRIC_NAMES.queueLimit,
    kind: 'gauge',
    help: 'Calls that may wait for a place; one more is refused with 503.',
    labels: [],
  },
  callsInFlight: {
    name: METRIC_NAMES.callsInFlight,
    kind: 'gauge',
    help: 'Calls that have a place in the engine now.',
    labels: [],
  },
  batchSize: {
    name: METRIC_NAMES.batchSize,
    kind: 'histogram',
    help: 'Items of the batches that predictBatch was called with.',
    labels: [],
    buckets: ITEMS,
  },
  batchWait: {
    name: METRIC_NAMES.batchWait,
    kind: 'histogram',
    help: 'Time that items waited for their batch to begin.',
    labels: [],
    buckets: WAIT_SECONDS,
  },
  stepSize: {
    name: METRIC_NAMES.stepSize,
    kind: 'histogram',
    help: 'Sequences that a step of a SequencePredictor advanced.',
    labels: [],
    buckets: ITEMS,
  },
  stepDuration: {
    name: METRIC_NAMES.stepDuration,
    kind: 'histogram',
    help: 'Time that a step of a SequencePredictor took.',
    labels: [],
    buckets: SECONDS,
  },
  sequences: {
    name: METRIC_NAMES.sequences,
    kind: 'gauge',
    help: 'Live sequences: running in a step, waiting for a place in one, or paused because the reader stalls.',
    labels: ['replica', 'state'],
  },
  streamItems: {
    name: METRIC_NAMES.streamItems,
    kind: 'counter',
    help: 'Items of streamed answers.',
    labels: [],
  },
  replicas: {
    name: METRIC_NAMES.replicas,
    kind: 'gauge',
    help: 'Replicas by state.',
    labels: ['state'],
  },
  replicaRestarts: {
    name: METRIC_NAMES.replicaRestarts,
    kind: 'counter',
    help: 'Replicas that were replaced, by the reason.',
    labels: ['reason'],
  },
  brokenAnswers: {
    name: METRIC_NAMES.brokenAnswers,
    kind: 'counter',
    help: 'Answers that broke on the side of the server after their head had been sent, by the reason.',
    labels: ['reason'],
  },
  authRefusals: {
    name: METRIC_NAMES.authRefusals,
    kind: 'counter',
    help: 'Requests that authentication, authorization or a rate refused, by the code of the error.',
    labels: ['reason'],
  },
  jobs: {
    name: METRIC_NAMES.jobs,
    kind: 'gauge',
    help: 'Jobs of the store that wait (queued) or run (running), counted every 5 s. Models and servers that share a store show the same.',
    labels: ['state'],
  },
  jobsEnded: {
    name: METRIC_NAMES.jobsEnded,
    kind: 'counter',
    help: 'Jobs that this server ended, by their status.',
    labels: ['status'],
  },
  jobQueueWait: {
    name: METRIC_NAMES.jobQueueWait,
    kind: 'histogram',
    help: 'Time from the submission of a job to its start.',
    labels: [],
    buckets: JOB_SECONDS,
  },
  jobStoreErrors: {
    name: METRIC_NAMES.jobStoreErrors,
    kind: 'counter',
    help: 'Attempts to read or write the store of jobs that failed, while jobs were run or webhooks sent.',
    labels: [],
  },
  webhooksPending: {
    name: METRIC_NAMES.webhooksPending,
    kind: 'gauge',
    help: 'Webhooks of the store that are not delivered and not given up, counted every 5 s.',
    labels: [],
  },
  webhooks: {
    name: METRIC_NAMES.webhooks,
    kind: 'counter',
    help: 'Attempts to send a webhook of a job, by the event and the outcome: delivered, retried later, given_up.',
    labels: ['event', 'outcome'],
  },
  webhookDuration: {
    name: METRIC_NAMES.webhookDuration,
    kind: 'histogram',
    help: 'Time of an attempt to send a webhook, from the read of the job to the answer of the receiver.',
    labels: [],
    buckets: SECONDS,
  },
  ready: {
    name: METRIC_NAMES.ready,
    kind: 'gauge',
    help: '1 while /ready answers 200, else 0.',
    labels: [],
  },
  eventLoopDelayMedian: {
    name: METRIC_NAMES.eventLoopDelayMedian,
    kind: 'gauge',
    help: 'Median delay of the event loop since the scrape before, while there was work.',
    labels: ['replica'],
  },
  eventLoopDelayP99: {
    name: METRIC_NAMES.eventLoopDelayP99,
    kind: 'gauge',
    help: '99th percentile of the delay of the event loop since the scrape before, while there was work.',
    labels: ['replica'],
  },
  residentMemory: {
    name: METRIC_NAMES.residentMemory,
    kind: 'gauge',
    help: 'Resident memory of a process. The replica "front" is the process with the sockets.',
    labels: ['replica'],
  },
  heapUsed: {
    name: METRIC_NAMES.heapUsed,
    kind: 'gauge',
    help: 'JavaScript heap in use in a process.',
    labels: ['replica'],
  },
  cpuSeconds: {
    name: METRIC_NAMES.cpuSeconds,
    kind: 'counter',
    help: 'Processor time, user and system, that a process has used; over all processes a replica has been.',
    labels: ['replica'],
  },
  certificateExpiry: {
    name: METRIC_NAMES.certificateExpiry,
    kind: 'gauge',
    help: 'When the TLS certificate expires, in seconds since the epoch. Absent without TLS.',
    labels: [],
  },
  buildInfo: {
    name: METRIC_NAMES.buildInfo,
    kind: 'gauge',
    help: 'Always 1; its labels describe what is served.',
    labels: ['version', 'node', 'model', 'model_version', 'model_digest'],
  },
  custom: {
    name: METRIC_NAMES.custom,
    kind: 'gauge',
    help: 'The last value that the predictor gave sendMetric under a name and a tag.',
    labels: ['name', 'tag', 'replica'],
  },
}
