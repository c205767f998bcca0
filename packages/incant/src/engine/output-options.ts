import type { Problem } from '../http/problem.ts'
import type { PredictorFigures } from '../metrics/predictor-figures.ts'
import type { PredictCall } from './engine.ts'

/** The options for writing an answer. */
export interface OutputOptions {
  readonly call: PredictCall
  /** Runs the predictor's code in a context from which its call is known. */
  scope<Result>(work: () => Result): Result
  /** Where the items of streams are counted. */
  readonly figures?: PredictorFigures | undefined
  /** Makes the problem that ends a failed stream. */
  describe(thrown: unknown): Problem
  /** Called once when the answer no longer needs the predictor: at once, or when a stream is over. */
  onEnd(): void
}
