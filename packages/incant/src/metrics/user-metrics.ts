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
   * Reads what has changed since a version; without a version everything, also metrics known to prom-client alone, and
   * those with a collect function.
   */
  read(since: number | undefined): Promise<readonly UserMetric[]>
}

const SOURCES: unique symbol = Symbol.for('incant.metrics')

/**
 * The register of all copies of `incant/metrics` that this process has loaded, so that publishing does not load
 * prom-client for a predictor without metrics.
 */
export function userMetrics(): UserMetrics[] {
  // The symbol is private to this file.
  const holder = globalThis as { [SOURCES]?: UserMetrics[] }
  holder[SOURCES] ??= []
  return holder[SOURCES]
}
