import { registered } from './registered-metrics.ts'
import { watched } from './watched.ts'

/** Options of every kind of metric. */
export interface MetricOptions<Label extends string> {
  /** Its meaning, as one sentence. Default: its name. */
  readonly help?: string
  /** Names of its labels. Each combination of their values is a separate series: keep them few. */
  readonly labels?: readonly Label[]
}

/** Options of {@link histogram}. */
export interface HistogramOptions<Label extends string> extends MetricOptions<Label> {
  /** Upper bounds, ascending. Default: prom-client's, from 5 ms to 10 s. */
  readonly buckets?: readonly number[]
}

type Kind = 'counter' | 'gauge' | 'histogram'

/** Methods that change a value. */
const CHANGING = ['inc', 'dec', 'set', 'setToCurrentTime', 'observe', 'startTimer', 'labels', 'remove', 'reset', 'zero']

/** The properties in which metrics differ. */
export interface MetricDescription {
  readonly kind: Kind
  readonly name: string
  readonly labels: readonly string[]
}

/**
 * The metric of a name, created where there is none.
 *
 * @throws {TypeError} For a name that Prometheus does not allow or that is Incant's, and where the name belongs to
 * another kind of metric, or one with other labels.
 */
export function makeMetric<Metric extends object>(description: MetricDescription, make: () => Metric): Metric {
  checkName(description.name)
  return findOrMake(description, make)
}

/** Names that were used since this module was loaded. */
const asked: Set<string> = new Set()

/** As {@link makeMetric}, for any name. */
export function findOrMake<Metric extends object>(
  { kind, name, labels }: MetricDescription,
  make: () => Metric,
): Metric {
  const existing = registered.registry.getSingleMetric(name)
  const fault = existing === undefined ? undefined : describeDifference(existing, kind, labels)
  if (fault !== undefined && asked.has(name)) throw new TypeError(`${kind}: ${name} is ${fault} already`)
  asked.add(name)
  // Its kind has just been looked at.
  if (existing !== undefined && fault === undefined) return existing as Metric
  // A predictor that is loaded anew may have changed its mind.
  registered.registry.removeSingleMetric(name)
  return follow(name, make())
}

/** Notes each change of a metric, and that it is there. */
function follow<Metric extends object>(name: string, metric: Metric): Metric {
  registered.note(name)
  return watched(metric, CHANGING, () => registered.note(name))
}

/** The properties of an existing metric that differ from the requested ones. */
function describeDifference(metric: object, kind: Kind, labels: readonly string[]): string | undefined {
  // Every metric of prom-client has both, which its types leave out.
  const { type, labelNames } = metric as { readonly type: string; readonly labelNames: readonly string[] }
  if (type === kind && labelNames.join() === labels.join()) return undefined
  return `a ${type} with ${describeLabels(labelNames)}`
}

function describeLabels(names: readonly string[]): string {
  return names.length === 0 ? 'no labels' : `the labels ${names.join(', ')}`
}

function checkName(name: string): void {
  if (typeof name !== 'string' || !/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)) {
    throw new TypeError(
      `${JSON.stringify(name)} is no name of a metric: letters, digits, _ and : (sendMetric takes any)`,
    )
  }
  if (name.startsWith('incant_')) throw new TypeError(`${name}: names that begin with incant_ are those of the server`)
}
