import promClient from 'prom-client'
import { type UserMetric, type UserMetrics, userMetrics } from './user-metrics.ts'
import { watched } from './watched.ts'

/** What all kinds of metrics may be told. */
export interface MetricOptions<Label extends string> {
  /** What it tells, as one sentence. Default: its name. */
  readonly help?: string
  /** Names of its labels. Each combination of their values is a series of its own: keep them few. */
  readonly labels?: readonly Label[]
}

/** What {@link histogram} may be told. */
export interface HistogramOptions<Label extends string> extends MetricOptions<Label> {
  /** Upper bounds, ascending. Default: prom-client's, from 5 ms to 10 s. */
  readonly buckets?: readonly number[]
}

type Kind = 'counter' | 'gauge' | 'histogram'

/** Methods that change a value. */
const CHANGING = ['inc', 'dec', 'set', 'setToCurrentTime', 'observe', 'startTimer', 'labels', 'remove', 'reset', 'zero']

/** The metrics that were made here, each with the version of its last change. */
const versions: Map<string, number> = new Map()

const source: UserMetrics & { version: number } = {
  version: 0,
  async read(since) {
    const read: UserMetric[] = []
    for (const metric of promClient.register.getMetricsAsArray()) {
      if (since !== undefined && !hasChanged(metric, since)) continue
      const found = promClient.register.getSingleMetric(metric.name)
      // What every metric of prom-client gives has this form; its types name its kinds by an enum of their own.
      if (found !== undefined) read.push((await found.get()) as unknown as UserMetric)
    }
    return read
  },
}
userMetrics().push(source)

function hasChanged({ name, collect }: { readonly name: string; readonly collect: unknown }, since: number): boolean {
  return collect === undefined && (versions.get(name) ?? 0) > since
}

function note(name: string): void {
  source.version += 1
  versions.set(name, source.version)
}

/**
 * The metric of a name, made where there is none.
 *
 * @throws {TypeError} For a name that Prometheus cannot take or that is Incant's, and where the name has been given to
 * another kind of metric, or one with other labels.
 */
export function makeMetric<Metric extends object>(
  kind: Kind,
  name: string,
  labels: readonly string[],
  make: () => Metric,
): Metric {
  checkName(name)
  const existing = promClient.register.getSingleMetric(name)
  if (existing === undefined) return follow(name, make())
  const { type, labelNames } = readShape(existing)
  if (type !== kind || labelNames.join() !== labels.join()) {
    throw new TypeError(`${kind}: ${name} is a ${type} with ${describeLabels(labelNames)} already`)
  }
  // Its kind has just been looked at.
  return existing as Metric
}

/** Notes each change of a metric, and that it is there. */
export function follow<Metric extends object>(name: string, metric: Metric): Metric {
  note(name)
  return watched(metric, CHANGING, () => note(name))
}

function readShape(metric: object): { readonly type: string; readonly labelNames: readonly string[] } {
  // Every metric of prom-client has both, which its types do not tell.
  return metric as { readonly type: string; readonly labelNames: readonly string[] }
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
