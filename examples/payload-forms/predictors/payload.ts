import { BasePredictor } from 'incant'

interface Measurements {
  /** @minItems 1 @maxItems 100000 */
  values: number[]
  /** Also give the variance. @default false */
  variance?: boolean
}

interface Summary {
  mean: number
  variance?: number
}

/** A type that JSON can carry: the body is parsed, checked against the type, and refused with 422 where it does not fit. */
export default class Predictor extends BasePredictor {
  predict({ values, variance = false }: Measurements): Summary {
    const mean = average(values)
    if (!variance) return { mean }
    return { mean, variance: average(values.map(value => (value - mean) ** 2)) }
  }
}

function average(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
