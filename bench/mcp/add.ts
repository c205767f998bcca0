import { BasePredictor } from 'incant'

interface Numbers {
  a: number
  b: number
}

export default class Add extends BasePredictor {
  /** Adds two numbers. */
  predict({ a, b }: Numbers): { result: number } {
    return { result: a + b }
  }
}
