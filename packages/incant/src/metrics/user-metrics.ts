/** Labels of a sample, by their names. */
export type Labels = Readonly<Record<string, string | number>>

/** One value of a metric that a predictor has made, as prom-client gives it. */
export interface UserSample {
  /** The metric's own name where undefined; with `_bucket`, `_sum` or `_count` behind it otherwise. */
  readonly metricName?: string
  readonly labels: Labels
  readonly value: number
}

/** A metric that a predictor has made. */
export interface UserMetric {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary'
  readonly values: readonly UserSample[]
}

/** The metrics a predictor has made through one copy of `incant/metrics`. */
export interface UserMetrics {
  /** Where prom-client keeps them. */
  readonly registry: object
  /** Grows with each change of a metric that the functions of the entry have made. */
  readonly version: number
  /**
   * Reads what has changed since a version; everything, also what prom-client alone knows, where there is none. What is
   * to be collected first is only read along with everything.
   */
  read(since: number | undefined): Promise<readonly UserMetric[]>
}

const SOURCES: unique symbol = Symbol.for('incant.metrics')

/**
 * Where the copies of `incant/metrics` that this process has loaded leave themselves to be found: whoever publishes them
 * need not load prom-client for a predictor that has no metrics.
 */
export function userMetrics(): UserMetrics[] {
  // Nobody else has this symbol.
  const holder = globalThis as { [SOURCES]?: UserMetrics[] }
  holder[SOURCES] ??= []
  return holder[SOURCES]
}
