import { METRICS } from 'incant/internal'
import {
  CALLS,
  histogramRate,
  increase,
  type Matchers,
  maxBy,
  mean,
  quantile,
  quantileByModel,
  rate,
  type Scope,
  select,
  sumBy,
  sumByModel,
  sumOfTarget,
} from './promql.ts'

/** One query of a panel. */
export interface Query {
  readonly expr: string
  /** How its lines are called. */
  readonly legend: string
}

/** One picture of the dashboard. */
export interface Panel {
  readonly title: string
  /** What it shows and what to think of it, one or two sentences. */
  readonly description: string
  /** A line over time, or the last value alone. */
  readonly shows: 'lines' | 'stack' | 'value'
  /** A unit as Grafana calls it. */
  readonly unit: string
  readonly queries: readonly Query[]
  /** Below the first a number is yellow, below the second red. */
  readonly limits?: { readonly warning: number; readonly bad: number }
}

/** A group of panels under a heading. */
export interface Section {
  readonly title: string
  readonly panels: readonly Panel[]
}

/** What Grafana puts in: the servers and models chosen, and a time that fits the step of the picture. */
const DASHBOARD: Scope = {
  matchers: { instance: '=~"$instance"', model: '=~"$model"' },
  window: '$__rate_interval',
}

const percentiles = [
  { share: 0.5, legend: 'p50' },
  { share: 0.9, legend: 'p90' },
  { share: 0.99, legend: 'p99' },
]

function quantiles(metric: Parameters<typeof quantile>[2], matchers: Matchers = {}): readonly Query[] {
  return percentiles.map(({ share, legend }) => ({ legend, expr: quantile(DASHBOARD, share, metric, matchers) }))
}

/** The share of requests with these statuses; zero, and not nothing, while there are none. */
function share(status: string): string {
  const some = rate(DASHBOARD, METRICS.requests, { ...CALLS, status })
  return `(sum(${some}) or vector(0)) / sum(${rate(DASHBOARD, METRICS.requests, CALLS)})`
}

/** The dashboard, from the top to the bottom. */
export const SECTIONS: readonly Section[] = [
  {
    title: 'State',
    panels: [
      {
        title: 'Ready',
        description: 'The share of the servers whose /ready answers 200.',
        shows: 'value',
        unit: 'percentunit',
        limits: { warning: 1, bad: 0.5 },
        queries: [{ legend: 'ready', expr: `avg(${select(DASHBOARD, METRICS.ready)})` }],
      },
      {
        title: 'Replicas',
        description: 'Replicas by state. Only a ready one takes calls.',
        shows: 'value',
        unit: 'short',
        queries: [
          { legend: '{{state}}', expr: sumBy(METRICS.replicas, ['state'], select(DASHBOARD, METRICS.replicas)) },
        ],
      },
      {
        title: 'Certificate expires in',
        description: 'Until the first of the TLS certificates expires. Empty without TLS.',
        shows: 'value',
        unit: 's',
        limits: { warning: 30 * 86_400, bad: 7 * 86_400 },
        queries: [{ legend: 'certificate', expr: `min(${select(DASHBOARD, METRICS.certificateExpiry)} - time())` }],
      },
      {
        title: 'Served',
        description: 'Servers by model, its version and the version of Incant.',
        shows: 'value',
        unit: 'short',
        queries: [
          {
            legend: '{{model}} {{model_version}} · incant {{version}} · node {{node}}',
            expr: `count by (model, model_version, version, node) (${select(DASHBOARD, METRICS.buildInfo)})`,
          },
        ],
      },
    ],
  },
  {
    title: 'Requests',
    panels: [
      {
        title: 'Requests by status',
        description: 'Requests a second, by status. 499 is a caller who left.',
        shows: 'stack',
        unit: 'reqps',
        queries: [
          { legend: '{{status}}', expr: sumBy(METRICS.requests, ['status'], rate(DASHBOARD, METRICS.requests)) },
        ],
      },
      {
        title: 'Error ratio',
        description: 'The share of predictions that the server failed (5xx) and that the caller got wrong (4xx).',
        shows: 'lines',
        unit: 'percentunit',
        queries: [
          { legend: 'server errors', expr: share('=~"5.."') },
          { legend: 'caller errors', expr: share('=~"4.."') },
        ],
      },
      {
        title: 'Latency of calls',
        description: 'From the head of a request to the last byte of its answer.',
        shows: 'lines',
        unit: 's',
        queries: quantiles(METRICS.requestDuration, CALLS),
      },
      {
        title: 'In flight',
        description: 'Requests that are being answered, and calls that are in the engine.',
        shows: 'lines',
        unit: 'short',
        queries: [
          { legend: 'requests', expr: `sum(${select(DASHBOARD, METRICS.requestsInFlight)})` },
          { legend: 'calls', expr: `sum(${select(DASHBOARD, METRICS.callsInFlight)})` },
        ],
      },
      {
        title: 'Bytes',
        description: 'Bytes of bodies a second.',
        shows: 'lines',
        unit: 'Bps',
        queries: [
          { legend: 'received', expr: `sum(${rate(DASHBOARD, METRICS.requestBytes)})` },
          { legend: 'sent', expr: `sum(${rate(DASHBOARD, METRICS.responseBytes)})` },
        ],
      },
      {
        title: 'Broken answers',
        description: 'Answers a second that broke on the side of the server after they had begun, by the reason.',
        shows: 'stack',
        unit: 'reqps',
        queries: [
          {
            legend: '{{reason}}',
            expr: sumBy(METRICS.brokenAnswers, ['reason'], rate(DASHBOARD, METRICS.brokenAnswers)),
          },
        ],
      },
      {
        title: 'Auth refusals',
        description: 'Requests a second that were refused for who sent them, by the code of the error.',
        shows: 'stack',
        unit: 'reqps',
        queries: [
          {
            legend: '{{reason}}',
            expr: sumBy(METRICS.authRefusals, ['reason'], rate(DASHBOARD, METRICS.authRefusals)),
          },
        ],
      },
    ],
  },
  {
    title: 'Predictions',
    panels: [
      {
        title: 'Queue',
        description: 'Calls that wait, and how many may. Beyond that calls are refused with 503.',
        shows: 'lines',
        unit: 'short',
        queries: [
          { legend: 'waiting', expr: `sum(${select(DASHBOARD, METRICS.queueLength)})` },
          { legend: 'limit', expr: `sum(${select(DASHBOARD, METRICS.queueLimit)})` },
        ],
      },
      {
        title: 'Wait in the queue',
        description: 'How long calls wait for a place. When it grows, the replicas do not keep up.',
        shows: 'lines',
        unit: 's',
        queries: quantiles(METRICS.queueWait),
      },
      {
        title: 'Time in predict',
        description: 'From the start of a call to its result, or to the first item of its stream.',
        shows: 'lines',
        unit: 's',
        queries: quantiles(METRICS.predictDuration),
      },
      {
        title: 'Calls by model',
        description: 'Calls a second of each model, and of each version of it. One line where a server has one model.',
        shows: 'stack',
        unit: 'reqps',
        queries: [
          {
            legend: '{{model}} {{model_version}}',
            expr: sumByModel(histogramRate(DASHBOARD, METRICS.predictDuration, 'count')),
          },
        ],
      },
      {
        title: 'Time in predict by model, p99',
        description: 'Which of several models is slow.',
        shows: 'lines',
        unit: 's',
        queries: [
          {
            legend: '{{model}} {{model_version}}',
            expr: quantileByModel(DASHBOARD, 0.99, METRICS.predictDuration),
          },
        ],
      },
      {
        title: 'Batch size',
        description: 'Items of the batches that predictBatch got. Empty without a BatchPredictor.',
        shows: 'lines',
        unit: 'short',
        queries: [{ legend: 'mean', expr: mean(DASHBOARD, METRICS.batchSize) }, ...quantiles(METRICS.batchSize)],
      },
      {
        title: 'Wait for a batch',
        description: 'How long items wait for their batch to begin.',
        shows: 'lines',
        unit: 's',
        queries: quantiles(METRICS.batchWait),
      },
      {
        title: 'Live sequences',
        description:
          'Running in a step, waiting for a place in one, or paused by their readers. Needs a SequencePredictor.',
        shows: 'stack',
        unit: 'short',
        queries: [
          { legend: '{{state}}', expr: sumBy(METRICS.sequences, ['state'], select(DASHBOARD, METRICS.sequences)) },
        ],
      },
      {
        title: 'Sequences in a step',
        description: 'How many sequences a step of a SequencePredictor advances.',
        shows: 'lines',
        unit: 'short',
        queries: [{ legend: 'mean', expr: mean(DASHBOARD, METRICS.stepSize) }, ...quantiles(METRICS.stepSize)],
      },
      {
        title: 'Time of a step',
        description: 'How long steps of a SequencePredictor take.',
        shows: 'lines',
        unit: 's',
        queries: quantiles(METRICS.stepDuration),
      },
      {
        title: 'Stream items',
        description: 'Items of streamed answers a second.',
        shows: 'lines',
        unit: 'cps',
        queries: [{ legend: 'items', expr: `sum(${rate(DASHBOARD, METRICS.streamItems)})` }],
      },
      {
        title: 'Jobs',
        description: 'Those of the store that wait and that run. Empty without the protocol jobs.',
        shows: 'stack',
        unit: 'short',
        queries: [
          { legend: '{{state}}', expr: maxBy(METRICS.jobs, ['state'], select(DASHBOARD, METRICS.jobs)) },
          {
            legend: 'webhooks to send',
            expr: maxBy(METRICS.webhooksPending, [], select(DASHBOARD, METRICS.webhooksPending)),
          },
        ],
      },
      {
        title: 'Ended jobs',
        description: 'Jobs that ended, by their status, and failures of their store.',
        shows: 'stack',
        unit: 'short',
        queries: [
          {
            legend: '{{status}}',
            expr: sumBy(METRICS.jobsEnded, ['status'], increase(DASHBOARD, METRICS.jobsEnded)),
          },
          { legend: 'store errors', expr: `sum(${increase(DASHBOARD, METRICS.jobStoreErrors)})` },
        ],
      },
      {
        title: 'Wait of a job',
        description: 'How long jobs wait before they begin.',
        shows: 'lines',
        unit: 's',
        queries: quantiles(METRICS.jobQueueWait),
      },
      {
        title: 'Webhooks',
        description: 'Attempts to send a webhook of a job, by the outcome. Empty without webhooks.',
        shows: 'stack',
        unit: 'short',
        queries: [
          {
            legend: '{{outcome}}',
            expr: sumBy(METRICS.webhooks, ['outcome'], increase(DASHBOARD, METRICS.webhooks)),
          },
        ],
      },
      {
        title: 'Time of a webhook',
        description: 'How long receivers of webhooks take to answer.',
        shows: 'lines',
        unit: 's',
        queries: quantiles(METRICS.webhookDuration),
      },
    ],
  },
  {
    title: 'Processes',
    panels: [
      {
        title: 'Replica restarts',
        description: 'Replicas that were replaced, by the reason.',
        shows: 'stack',
        unit: 'short',
        queries: [
          {
            legend: '{{reason}}',
            expr: sumBy(METRICS.replicaRestarts, ['reason'], increase(DASHBOARD, METRICS.replicaRestarts)),
          },
        ],
      },
      {
        title: 'Resident memory',
        description: 'By process. The front has the sockets.',
        shows: 'lines',
        unit: 'bytes',
        queries: [{ legend: '{{instance}} {{replica}}', expr: select(DASHBOARD, METRICS.residentMemory) }],
      },
      {
        title: 'Heap in use',
        description: 'JavaScript heap by process. The memory of native models is not in it.',
        shows: 'lines',
        unit: 'bytes',
        queries: [{ legend: '{{instance}} {{replica}}', expr: select(DASHBOARD, METRICS.heapUsed) }],
      },
      {
        title: 'CPU',
        description: 'Processors in use, by process. 100 % is all of one.',
        shows: 'lines',
        unit: 'percentunit',
        queries: [{ legend: '{{instance}} {{replica}}', expr: rate(DASHBOARD, METRICS.cpuSeconds) }],
      },
      {
        title: 'Event loop delay, p99',
        description: 'How late a process gets to what is due. In the front it is what every caller waits.',
        shows: 'lines',
        unit: 's',
        queries: [{ legend: '{{instance}} {{replica}}', expr: select(DASHBOARD, METRICS.eventLoopDelayP99) }],
      },
      {
        title: 'Event loop delay, median',
        description: 'Close to zero where a process has time to spare.',
        shows: 'lines',
        unit: 's',
        queries: [{ legend: '{{instance}} {{replica}}', expr: select(DASHBOARD, METRICS.eventLoopDelayMedian) }],
      },
    ],
  },
  {
    title: 'The predictor itself',
    panels: [
      {
        title: 'sendMetric',
        description: 'What the predictor gave sendMetric last. Empty where it does not.',
        shows: 'lines',
        unit: 'short',
        queries: [{ legend: '{{instance}} {{replica}} {{name}} {{tag}}', expr: select(DASHBOARD, METRICS.custom) }],
      },
      {
        title: 'Calls by server',
        description: 'Predictions a second of each server: whether the load is spread.',
        shows: 'lines',
        unit: 'reqps',
        queries: [
          {
            legend: '{{instance}}',
            expr: sumOfTarget(METRICS.predictDuration, histogramRate(DASHBOARD, METRICS.predictDuration, 'count')),
          },
        ],
      },
    ],
  },
]
