import type { MetricDefinition } from 'incant/internal'

/** Conditions on labels, as PromQL has them: `{ status: '=~"5.."' }`. */
export type Matchers = Readonly<Record<string, string>>

/** Where a query is asked: what every selector of it has, and the time that rates are taken over. */
export interface Scope {
  readonly matchers: Matchers
  readonly window: string
  /** How long before now that time ends. */
  readonly before?: string
}

/** Requests that call a model: of one model, of one among several, and those of other protocols. */
export const CALLS: Matchers = { route: '=~"(/models/[^/]+)?/predict|(/openai)?/v[12]/.*|/mcp"' }

/** A sum for each of several models. Servers with one model have neither label. */
export function sumByModel(expression: string): string {
  return `sum by (model, model_version) (${expression})`
}

/** The series of a metric. A label that the metric does not have is a mistake, and so is a metric of the wrong kind. */
export function select({ matchers: shared }: Scope, metric: MetricDefinition, matchers: Matchers = {}): string {
  return selectSeries(metric.name, metric, shared, matchers)
}

/** How fast a counter grows, a second. */
export function rate(scope: Scope, metric: MetricDefinition, matchers: Matchers = {}): string {
  expectKind(metric, 'counter')
  return `rate(${select(scope, metric, matchers)}${range(scope)})`
}

/** How much a counter grows in the window. */
export function increase(scope: Scope, metric: MetricDefinition, matchers: Matchers = {}): string {
  expectKind(metric, 'counter')
  return `increase(${select(scope, metric, matchers)}${range(scope)})`
}

/** How fast one part of a histogram grows, a second. */
export function histogramRate(
  scope: Scope,
  metric: MetricDefinition,
  part: 'bucket' | 'sum' | 'count',
  matchers: Matchers = {},
): string {
  expectKind(metric, 'histogram')
  return `rate(${selectSeries(`${metric.name}_${part}`, metric, scope.matchers, matchers)}${range(scope)})`
}

/** The value below which a share of what a histogram observed lies, over all its series. */
export function quantile(scope: Scope, share: number, metric: MetricDefinition, matchers: Matchers = {}): string {
  return `histogram_quantile(${share}, sum by (le) (${histogramRate(scope, metric, 'bucket', matchers)}))`
}

/** The same for each of several models. */
export function quantileByModel(scope: Scope, share: number, metric: MetricDefinition): string {
  const buckets = histogramRate(scope, metric, 'bucket')
  return `histogram_quantile(${share}, sum by (model, model_version, le) (${buckets}))`
}

/** The mean of what a histogram observed. */
export function mean(scope: Scope, metric: MetricDefinition): string {
  return `sum(${histogramRate(scope, metric, 'sum')}) / sum(${histogramRate(scope, metric, 'count')})`
}

/** A sum over some labels of a metric's own, or over everything. */
export function sumBy(metric: MetricDefinition, labels: readonly string[], expression: string): string {
  for (const label of labels) expectLabel(metric, label)
  return labels.length === 0 ? `sum(${expression})` : `sum by (${labels.join(', ')}) (${expression})`
}

/** The largest value for each of some labels: of what several servers or models show alike. */
export function maxBy(metric: MetricDefinition, labels: readonly string[], expression: string): string {
  for (const label of labels) expectLabel(metric, label)
  return labels.length === 0 ? `max(${expression})` : `max by (${labels.join(', ')}) (${expression})`
}

/** A sum over all labels that a metric has itself. Those of the target stay, whatever they are. */
export function sumOfTarget(metric: MetricDefinition, expression: string): string {
  return `sum without (${metric.labels.join(', ')}) (${expression})`
}

function range({ window, before }: Scope): string {
  return before === undefined ? `[${window}]` : `[${window}] offset ${before}`
}

function selectSeries(name: string, metric: MetricDefinition, shared: Matchers, own: Matchers): string {
  for (const label of Object.keys(own)) expectLabel(metric, label)
  const conditions = Object.entries({ ...shared, ...own }).map(([label, condition]) => `${label}${condition}`)
  return conditions.length === 0 ? name : `${name}{${conditions.join(',')}}`
}

function expectKind({ name, kind }: MetricDefinition, expected: MetricDefinition['kind']): void {
  if (kind !== expected) throw new TypeError(`${name} is a ${kind} and no ${expected}`)
}

function expectLabel({ name, labels }: MetricDefinition, label: string): void {
  if (!labels.includes(label)) throw new TypeError(`${name} has no label ${label}`)
}
