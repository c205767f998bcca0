import { METRICS } from 'incant/internal'
import { CALLS, histogramRate, increase, type Matchers, rate, type Scope, select, sumOfTarget } from './promql.ts'

/** One alert rule. `{{ $labels.instance }}` in a text is the server it is about. */
export interface Alert {
  readonly name: string
  readonly expr: string
  /** How long it must hold. */
  readonly for: string
  /** `critical`: callers are hurt now, or will be within days. `warning`: somebody is to look today. */
  readonly severity: 'warning' | 'critical'
  readonly summary: string
  readonly description: string
}

/** Every server; the time that rates are taken over. */
const EVERYWHERE: Scope = { matchers: {}, window: '5m' }
const LATELY: Scope = { matchers: {}, window: '10m' }
const HOUR_BEFORE: Scope = { matchers: {}, window: '1h', before: '5m' }

/** Of a server with several models also the model, which the sums keep. */
const SERVER = '{{ $labels.instance }}{{ with $labels.model }} ({{ . }}){{ end }}'

const requests = (matchers: Matchers = {}) =>
  sumOfTarget(METRICS.requests, rate(EVERYWHERE, METRICS.requests, { ...CALLS, ...matchers }))

const latency = `histogram_quantile(0.99, ${sumOfTarget(
  METRICS.requestDuration,
  histogramRate(EVERYWHERE, METRICS.requestDuration, 'bucket', CALLS),
)})`

/** Recycled replicas are replaced on purpose. */
const deaths = sumOfTarget(
  METRICS.replicaRestarts,
  increase(LATELY, METRICS.replicaRestarts, { reason: '!~"max_requests|max_memory"' }),
)

const breaks = sumOfTarget(
  METRICS.brokenAnswers,
  increase(LATELY, METRICS.brokenAnswers, { reason: '="response_failed"' }),
)

const storeErrors = sumOfTarget(METRICS.jobStoreErrors, increase(EVERYWHERE, METRICS.jobStoreErrors))

const refusals = sumOfTarget(METRICS.authRefusals, rate(EVERYWHERE, METRICS.authRefusals))
const refusalsBefore = sumOfTarget(METRICS.authRefusals, rate(HOUR_BEFORE, METRICS.authRefusals))

const untilExpiry = `${select(EVERYWHERE, METRICS.certificateExpiry)} - time()`

/** Every alert, the worst first. Thresholds suit a small service; copy the file and change them. */
export const ALERTS: readonly Alert[] = [
  {
    name: 'IncantDown',
    // Known by its metrics, so that it holds whatever the scrape job is called.
    expr: `up == 0 and on (job, instance) last_over_time(${select(EVERYWHERE, METRICS.buildInfo)}[1d])`,
    for: '2m',
    severity: 'critical',
    summary: `${SERVER} does not answer`,
    description: 'Prometheus cannot read the metrics of a server that showed them within the last day.',
  },
  {
    name: 'IncantNotReady',
    expr: `${select(EVERYWHERE, METRICS.ready)} == 0`,
    for: '5m',
    severity: 'critical',
    summary: `${SERVER} is not ready`,
    description:
      'No replica takes calls: /ready has not answered 200 for five minutes. The log says whether setup fails, takes long, or replicas die.',
  },
  {
    name: 'IncantCrashLoop',
    expr: `${deaths} >= 3`,
    for: '1m',
    severity: 'critical',
    summary: `Replicas of ${SERVER} keep dying`,
    description:
      '{{ $value | humanize }} replicas died within ten minutes. Each took the calls it had begun with it. The log has the reason of each.',
  },
  {
    name: 'IncantErrorRatioHigh',
    expr: `${requests({ status: '=~"5.."' })} / ${requests()} > 0.05`,
    for: '5m',
    severity: 'critical',
    summary: `${SERVER} fails {{ $value | humanizePercentage }} of its predictions`,
    description: 'More than 5 % of the answers of /predict, or of another protocol, have a status of 500 or above.',
  },
  {
    name: 'IncantAnswersBreak',
    expr: `${breaks} >= 3`,
    for: '1m',
    severity: 'warning',
    summary: `Answers of ${SERVER} break while they are sent`,
    description:
      '{{ $value | humanize }} answers broke within ten minutes after their status 200 had been sent: a stream that failed, or a length that does not fit. Callers got a part. The log has the cause of each.',
  },
  {
    name: 'IncantRefusing',
    expr: `${requests({ status: '="503"' })} / ${requests()} > 0.01`,
    for: '5m',
    severity: 'warning',
    summary: `${SERVER} refuses {{ $value | humanizePercentage }} of its calls`,
    description:
      'More than 1 % of the calls are answered with 503: the queue is full, or no replica is ready. Add replicas or servers.',
  },
  {
    name: 'IncantQueueNearLimit',
    expr: `${select(EVERYWHERE, METRICS.queueLength)} / ${select(EVERYWHERE, METRICS.queueLimit)} > 0.8`,
    for: '2m',
    severity: 'warning',
    summary: `The queue of ${SERVER} is {{ $value | humanizePercentage }} full`,
    description: 'When it is full, calls are refused with 503. The replicas do not keep up with what comes in.',
  },
  {
    name: 'IncantLatencyHigh',
    expr: `${latency} > 5`,
    for: '10m',
    severity: 'warning',
    summary: `${SERVER} takes {{ $value | humanizeDuration }} for a prediction`,
    description: 'One in a hundred calls takes more than 5 s. What is long depends on the model: change the number.',
  },
  {
    name: 'IncantEventLoopBlocked',
    expr: `${select(EVERYWHERE, METRICS.eventLoopDelayP99, { replica: '="front"' })} > 0.25`,
    for: '5m',
    severity: 'warning',
    summary: `The front of ${SERVER} is blocked for {{ $value | humanizeDuration }} at a time`,
    description:
      'The process with the sockets does not get to its work, so every caller waits. It runs no model unless the server runs with --workers 0.',
  },
  {
    name: 'IncantAuthRefusals',
    expr: `${refusals} > 1 unless ${refusals} <= 5 * ${refusalsBefore}`,
    for: '5m',
    severity: 'warning',
    summary: `${SERVER} refuses {{ $value | humanize }} callers a second`,
    description:
      'More than one request a second, and five times as many as in the hour before, is refused for its credentials: a token that ended, or somebody who tries.',
  },
  {
    name: 'IncantJobStoreAway',
    expr: `${storeErrors} >= 5`,
    for: '2m',
    severity: 'critical',
    summary: `${SERVER} does not reach its store of jobs`,
    description:
      'Reads and writes of the store have failed for minutes: submissions are answered 503, and jobs wait. The log names the store and the reason.',
  },
  {
    name: 'IncantCertificateExpiresInDays',
    expr: `${untilExpiry} < 7 * 86400`,
    for: '10m',
    severity: 'critical',
    summary: `The certificate of ${SERVER} expires in {{ $value | humanizeDuration }}`,
    description: 'Callers refuse a server whose certificate has expired. A new file is used without a restart.',
  },
  {
    name: 'IncantCertificateExpiresInWeeks',
    expr: `${untilExpiry} < 30 * 86400`,
    for: '1h',
    severity: 'warning',
    summary: `The certificate of ${SERVER} expires in {{ $value | humanizeDuration }}`,
    description: 'It expires within 30 days and should have been renewed by now.',
  },
]

/** The rules as Prometheus reads them. */
export function makeRules(): object {
  const rules = ALERTS.map(({ name, expr, severity, summary, description, for: lasts }) => ({
    alert: name,
    expr,
    for: lasts,
    labels: { severity },
    annotations: { summary, description },
  }))
  return { groups: [{ name: 'incant', rules }] }
}
