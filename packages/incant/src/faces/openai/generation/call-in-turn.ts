import { Cancellation } from '../../../engine/cancellation.ts'
import { AT_ONCE, endCalls } from './start-calls.ts'

/** Calls back for each input, some at a time, and gives the results in their order. The first failure ends all. */
export async function callInTurn<Input, Result>(
  inputs: readonly Input[],
  call: (input: Input, cancellation: Cancellation) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  const cancellation = new Cancellation()
  const rest = inputs.entries()
  const work = async () => {
    for (const [index, input] of rest) {
      if (cancellation.reason !== undefined) return
      results[index] = await call(input, cancellation)
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, inputs.length) }, work))
  } catch (thrown) {
    endCalls(cancellation)
    throw thrown
  }
  return results
}
