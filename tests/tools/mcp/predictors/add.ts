import { BasePredictor } from 'incant'

interface Numbers {
  /** @minimum 0 */
  a: number
  b: number
}

export default class Add extends BasePredictor {
  /** Adds two numbers. */
  predict({ a, b }: Numbers): number {
    if (b === 13) throw new Error('a secret of the server')
    return a + b
  }
}
