import promClient, { type Counter, type Gauge, type Histogram } from 'prom-client'
import { type HistogramOptions, type MetricOptions, makeMetric } from './make-metric.ts'

/**
 * The whole of prom-client. What is made with it and lands in its `register`, as everything does that names no other,
 * is shown on `/metrics`.
 */
export { promClient }

/**
 * A counter: summed over all replicas, those that are gone too. The same name gives the same counter.
 *
 * @example
 * ```ts
 * const words = counter('words_total', { help: 'Words that were read.', labels: ['language'] })
 * words.inc({ language: 'de' }, 12)
 * ```
 * @throws {TypeError} For a name that Prometheus cannot take or that begins with `incant_`, and where the name is that of
 * another kind of metric, or of one with other labels.
 */
export function counter<const Label extends string = never>(
  name: string,
  options: MetricOptions<Label> = {},
): Counter<Label> {
  const { help = name, labels = [] } = options
  return makeMetric({ kind: 'counter', name, labels }, () => new promClient.Counter({ name, help, labelNames: labels }))
}

/**
 * A gauge: a value per replica, with the label `replica`. The same name gives the same gauge.
 *
 * @example
 * ```ts
 * const cached = gauge('cached_models', { help: 'Models that are in memory.' })
 * cached.set(3)
 * ```
 * @throws {TypeError} As {@link counter}.
 */
export function gauge<const Label extends string = never>(
  name: string,
  options: MetricOptions<Label> = {},
): Gauge<Label> {
  const { help = name, labels = [] } = options
  return makeMetric({ kind: 'gauge', name, labels }, () => new promClient.Gauge({ name, help, labelNames: labels }))
}

/**
 * A histogram: summed over all replicas, those that are gone too. The same name gives the same histogram.
 *
 * @example
 * ```ts
 * const length = histogram('text_characters', { help: 'Length of texts.', buckets: [10, 100, 1000] })
 * length.observe(42)
 * ```
 * @throws {TypeError} As {@link counter}.
 */
export function histogram<const Label extends string = never>(
  name: string,
  options: HistogramOptions<Label> = {},
): Histogram<Label> {
  const { help = name, labels = [], buckets } = options
  const bounds = buckets === undefined ? {} : { buckets: [...buckets] }
  return makeMetric(
    { kind: 'histogram', name, labels },
    () => new promClient.Histogram({ name, help, labelNames: labels, ...bounds }),
  )
}
