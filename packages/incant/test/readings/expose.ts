import { METRICS, type MetricDefinition } from '../../src/metrics/definitions.ts'

/** A metric by the name the code has for it. */
export type MetricName = keyof typeof METRICS

/**
 * What a metric is to show: its value, values by labels as they are written (`state="ready"`), or for a histogram what
 * was observed.
 */
export type Shown = number | readonly number[] | Readonly<Record<string, number | readonly number[]>>

/** An exposition of these metrics, as a server writes it. */
export function expose(shown: Partial<Record<MetricName, Shown>>): string {
  return Object.entries(shown)
    .flatMap(([name, value]) => exposeMetric(METRICS[name as MetricName], value)) // the keys are those of the record
    .map(line => `${line}\n`)
    .join('')
}

/** An exposition of every metric there is, so that a new one cannot be forgotten. */
export function exposeAll(shown: Record<MetricName, Shown>): string {
  return expose(shown)
}

function exposeMetric(metric: MetricDefinition, shown: Shown): string[] {
  const series = typeof shown === 'number' || Array.isArray(shown) ? { '': shown } : shown
  return [
    `# HELP ${metric.name} ${metric.help}`,
    `# TYPE ${metric.name} ${metric.kind}`,
    ...Object.entries(series).flatMap(([labels, value]) => exposeSeries(metric, labels, value)),
  ]
}

function exposeSeries(metric: MetricDefinition, labels: string, value: number | readonly number[]): string[] {
  const given = [...labels.matchAll(/(\w+)="/g)].map(([, name]) => name)
  // Series of no protocol beside /predict lack that label.
  const expected = metric.labels.filter(name => name !== 'protocol' || given.includes(name))
  if (String(given) !== String(expected)) throw new Error(`${metric.name} has the labels ${metric.labels}`)
  if (typeof value === 'number') return [`${metric.name}${braces(labels)} ${value}`]
  const buckets = [...(metric.buckets ?? []), Number.POSITIVE_INFINITY].map(bound => {
    const le = bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound)
    const count = value.filter(observed => observed <= bound).length
    return `${metric.name}_bucket${braces([labels, `le="${le}"`].filter(part => part !== '').join(','))} ${count}`
  })
  const sum = value.reduce((total, observed) => total + observed, 0)
  return [
    ...buckets,
    `${metric.name}_sum${braces(labels)} ${sum}`,
    `${metric.name}_count${braces(labels)} ${value.length}`,
  ]
}

function braces(labels: string): string {
  return labels === '' ? '' : `{${labels}}`
}
