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

const ITEMS: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]

/** What the code calls a built-in metric. */
export type MetricName =
  | 'requests'
  | 'requestDuration'
  | 'requestsInFlight'
  | 'requestBytes'
  | 'responseBytes'
  | 'predictDuration'
  | 'queueWait'
  | 'queueLength'
  | 'queueLimit'
  | 'callsInFlight'
  | 'batchSize'
  | 'batchWait'
  | 'stepSize'
  | 'stepDuration'
  | 'sequences'
  | 'streamItems'
  | 'replicas'
  | 'replicaRestarts'
  | 'brokenAnswers'
  | 'authRefusals'
  | 'ready'
  | 'eventLoopDelayMedian'
  | 'eventLoopDelayP99'
  | 'residentMemory'
  | 'heapUsed'
  | 'cpuSeconds'
  | 'certificateExpiry'
  | 'buildInfo'
  | 'custom'

/**
 * Every metric that a server keeps by itself. The exposition, the dashboard, the alert rules and `docs/metrics.md` are
 * generated from this table, so none of them can name a metric that does not exist.
 */
export const METRICS: { readonly [Name in MetricName]: MetricDefinition } = {
  requests: {
    name: 'incant_requests_total',
    kind: 'counter',
    help: 'Requests that were answered, whose caller left (499), or whose answer broke while it was sent (500).',
    labels: ['method', 'route', 'protocol', 'status'],
  },
  requestDuration: {
    name: 'incant_request_duration_seconds',
    kind: 'histogram',
    help: 'Time from the head of a request to the last byte of its response.',
    labels: ['route', 'protocol'],
    buckets: SECONDS,
  },
  requestsInFlight: {
    name: 'incant_requests_in_flight',
    kind: 'gauge',
    help: 'Requests that have begun and whose responses are not over.',
    labels: [],
  },
  requestBytes: {
    name: 'incant_request_body_bytes_total',
    kind: 'counter',
    help: 'Bytes of request bodies that were read.',
    labels: [],
  },
  responseBytes: {
    name: 'incant_response_body_bytes_total',
    kind: 'counter',
    help: 'Bytes of response bodies that were sent.',
    labels: [],
  },
  predictDuration: {
    name: 'incant_predict_duration_seconds',
    kind: 'histogram',
    help: 'Time from the start of a call in the engine, its wait over, to its result or the first item of its stream.',
    labels: [],
    buckets: SECONDS,
  },
  queueWait: {
    name: 'incant_queue_wait_seconds',
    kind: 'histogram',
    help: 'Time that calls waited for a place.',
    labels: [],
    buckets: WAIT_SECONDS,
  },
  queueLength: {
    name: 'incant_queue_length',
    kind: 'gauge',
    help: 'Calls that wait for a place now.',
    labels: [],
  },
  queueLimit: {
    name: 'incant_queue_limit',
    kind: 'gauge',
    help: 'Calls that may wait for a place; one more is refused with 503.',
    labels: [],
  },
  callsInFlight: {
    name: 'incant_calls_in_flight',
    kind: 'gauge',
    help: 'Calls that have a place in the engine now.',
    labels: [],
  },
  batchSize: {
    name: 'incant_batch_size',
    kind: 'histogram',
    help: 'Items of the batches that predictBatch was called with.',
    labels: [],
    buckets: ITEMS,
  },
  batchWait: {
    name: 'incant_batch_wait_seconds',
    kind: 'histogram',
    help: 'Time that items waited for their batch to begin.',
    labels: [],
    buckets: WAIT_SECONDS,
  },
  stepSize: {
    name: 'incant_step_size',
    kind: 'histogram',
    help: 'Sequences that a step of a SequencePredictor advanced.',
    labels: [],
    buckets: ITEMS,
  },
  stepDuration: {
    name: 'incant_step_duration_seconds',
    kind: 'histogram',
    help: 'Time that a step of a SequencePredictor took.',
    labels: [],
    buckets: SECONDS,
  },
  sequences: {
    name: 'incant_sequences',
    kind: 'gauge',
    help: 'Live sequences: running in a step, waiting for a place in one, or paused because the reader stalls.',
    labels: ['replica', 'state'],
  },
  streamItems: {
    name: 'incant_stream_items_total',
    kind: 'counter',
    help: 'Items of streamed answers.',
    labels: [],
  },
  replicas: {
    name: 'incant_replicas',
    kind: 'gauge',
    help: 'Replicas by state.',
    labels: ['state'],
  },
  replicaRestarts: {
    name: 'incant_replica_restarts_total',
    kind: 'counter',
    help: 'Replicas that were replaced, by the reason.',
    labels: ['reason'],
  },
  brokenAnswers: {
    name: 'incant_broken_answers_total',
    kind: 'counter',
    help: 'Answers that broke on the side of the server after their head had been sent, by the reason.',
    labels: ['reason'],
  },
  authRefusals: {
    name: 'incant_auth_refusals_total',
    kind: 'counter',
    help: 'Requests that authentication, authorization or a rate refused, by the code of the error.',
    labels: ['reason'],
  },
  ready: {
    name: 'incant_ready',
    kind: 'gauge',
    help: '1 while /ready answers 200, else 0.',
    labels: [],
  },
  eventLoopDelayMedian: {
    name: 'incant_event_loop_delay_p50_seconds',
    kind: 'gauge',
    help: 'Median delay of the event loop since the scrape before.',
    labels: ['replica'],
  },
  eventLoopDelayP99: {
    name: 'incant_event_loop_delay_p99_seconds',
    kind: 'gauge',
    help: '99th percentile of the delay of the event loop since the scrape before.',
    labels: ['replica'],
  },
  residentMemory: {
    name: 'incant_process_resident_memory_bytes',
    kind: 'gauge',
    help: 'Resident memory of a process. The replica "front" is the process with the sockets.',
    labels: ['replica'],
  },
  heapUsed: {
    name: 'incant_process_heap_used_bytes',
    kind: 'gauge',
    help: 'JavaScript heap in use in a process.',
    labels: ['replica'],
  },
  cpuSeconds: {
    name: 'incant_process_cpu_seconds_total',
    kind: 'counter',
    help: 'Processor time, user and system, that a process has used; over all processes a replica has been.',
    labels: ['replica'],
  },
  certificateExpiry: {
    name: 'incant_tls_certificate_expiry_timestamp_seconds',
    kind: 'gauge',
    help: 'When the TLS certificate expires, in seconds since the epoch. Absent without TLS.',
    labels: [],
  },
  buildInfo: {
    name: 'incant_build_info',
    kind: 'gauge',
    help: 'Always 1; its labels describe what is served.',
    labels: ['version', 'node', 'model', 'model_version'],
  },
  custom: {
    name: 'incant_custom',
    kind: 'gauge',
    help: 'The last value that the predictor gave sendMetric under a name and a tag.',
    labels: ['name', 'tag', 'replica'],
  },
}
