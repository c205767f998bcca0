import { Cancellation } from '../../engine/cancellation.ts'
import { RequestError } from '../../errors/request-error.ts'

/** A cancellation that another one brings about, or the time. */
export interface BoundCancellation {
  readonly cancellation: Cancellation
  /** What it was for is over. */
  release(): void
}

/**
 * Makes a cancellation for work that is a part of another call: it fires when that one is cancelled, and at its own deadline.
 *
 * @param deadline - By `performance.now()`.
 */
export function endWith(parent: Cancellation, deadline: number): BoundCancellation {
  const cancellation = new Cancellation()
  parent.onCancel(reason => cancellation.cancel(reason))
  const late = (): void => cancellation.cancel(new RequestError('deadline_exceeded'))
  const timer = setTimeout(late, Math.max(0, deadline - performance.now()))
  return { cancellation, release: () => clearTimeout(timer) }
}
