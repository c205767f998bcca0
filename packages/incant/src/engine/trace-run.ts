import type { CallTrace } from '../tracing/tracing.ts'
import type { Scope } from './call-predict.ts'

/**
 * Runs predict as one step of its call's trace: what it does, and what its stream does later, belongs to the step,
 * which ends with its answer.
 *
 * @param run - Gets the scope of the call within the step, and a function to call when the answer is complete.
 */
export function traceRun<Result>(
  trace: CallTrace,
  scope: Scope,
  run: (scope: Scope, over: () => void) => Result | Promise<Result>,
): Result | Promise<Result> {
  const step = trace.step('predict')
  try {
    const result = run(
      work => scope(() => step.within(work)),
      () => step.end(),
    )
    if (result instanceof Promise) result.catch(thrown => step.fail(thrown))
    return result
  } catch (thrown) {
    step.fail(thrown)
    throw thrown
  }
}
