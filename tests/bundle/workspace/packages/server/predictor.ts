import { BasePredictor } from 'incant'
import { labels, mark } from 'labels'
import { env } from 'onnxruntime-node'

interface Numbers {
  /** @minItems 1 @integer */
  numbers: number[]
}

interface Labelled {
  labels: string[]
  mark: string
  runtime: string
}

/** Says of numbers whether they are odd. */
export default class Labels extends BasePredictor {
  predict({ numbers }: Numbers): Labelled {
    return {
      labels: numbers.map(number => labels[number % 2] ?? ''),
      mark: mark(),
      runtime: String(env.versions.common),
    }
  }
}
