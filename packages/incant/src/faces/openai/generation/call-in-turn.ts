import { Cancellation } from '../../../engine/cancellation.ts'
import { RequestError } from '../../../errors/request-error.ts'

/** So many calls of one request wait or run at a time: enough to fill a batch, and no more of the queue than that. */
const AT_ONCE = 32

/** Ends the calls of a request of which one has failed. */
export function endOthers(cancellation: Cancellation): void {
  cancellation.cancel(new RequestError('interrupted', { detail: 'Another call of the same request failed.' }))
}

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
    endOthers(cancellation)
    throw thrown
  }
  return results
}
