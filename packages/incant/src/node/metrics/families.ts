import type { Labels, UserMetric } from '../../metrics/user-metrics.ts'

/** One value: of the family's own name, or with something behind it: `_bucket`. */
export interface Sample {
  readonly suffix: string
  readonly labels: Labels
  readonly value: number
}

/** A metric and all its values. */
export interface Family {
  readonly name: string
  readonly type: UserMetric['type']
  readonly help: string
  readonly samples: readonly Sample[]
}
