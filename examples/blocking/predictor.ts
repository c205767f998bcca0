import { BasePredictor } from 'incant'

interface Work {
  /** How long to compute, in milliseconds. @minimum 0 @maximum 10000 @default 1000 @example 1000 */
  milliseconds?: number
}

/** Computes without ever letting go of its thread, as most native models do. */
export default class Blocker extends BasePredictor {
  predict({ milliseconds = 1000 }: Work): { steps: number } {
    const end = performance.now() + milliseconds
    let steps = 0
    while (performance.now() < end) steps += 1
    return { steps }
  }
}
