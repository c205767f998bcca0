import { batchConcurrency, type PredictorDecorator } from './batch-predictor.ts'

const CONCURRENCY = Symbol.for('incant.concurrency')

/** More calls than this a process is never given at once. */
const MAXIMUM = 10_000

/**
 * A class decorator: calls of predict in flight at most, in each process that runs the predictor. A model that takes one
 * input at a time says `@concurrency(1)`, and the others wait where they can go to whichever process is free first. The
 * setting `concurrency` wins over it; subclasses inherit it.
 *
 * @example
 * ```ts
 * @concurrency(1)
 * export default class Segmenter extends BasePredictor {}
 * ```
 * @throws {TypeError} For a number of calls that cannot be one.
 */
export function concurrency(calls: number): PredictorDecorator {
  if (!Number.isInteger(calls) || calls < 1 || calls > MAXIMUM)
    throw new TypeError(`@concurrency takes a whole number from 1 to ${MAXIMUM}, not ${String(calls)}`)
  return target => {
    Object.defineProperty(target, CONCURRENCY, { value: calls, configurable: true })
  }
}

/** The concurrency of a class, from its decorator or its batches. */
export function readConcurrency(predictor: { readonly prototype: object }): number | undefined {
  // Only `concurrency` writes it, whichever copy of the package.
  return (Reflect.get(predictor, CONCURRENCY) as number | undefined) ?? batchConcurrency(predictor)
}
