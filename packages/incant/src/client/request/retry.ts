import { ConnectionError, ModelClientError } from '../failures/errors.ts'
import type { RetryPlan } from './options.ts'

/** Refusals that are given before predict runs (`docs/errors.md`). */
const NOT_RUN = ['queue_full', 'starting', 'draining', 'unavailable', 'auth_unavailable']

/** Failures that another attempt does not change. */
const LASTING = [501, 505]

/**
 * Milliseconds to wait before a call is made again. Undefined: it is not.
 *
 * @param attempt - The one that failed, from 1.
 */
export function planRetry(thrown: unknown, attempt: number, plan: RetryPlan): number | undefined {
  if (attempt >= plan.attempts || !(thrown instanceof ModelClientError)) return undefined
  if (!hasNotRun(thrown) && !(plan.unsafe && mayPass(thrown))) return undefined
  const delay = backoff(attempt, plan)
  if (thrown.retryAfter === undefined) return delay
  const asked = thrown.retryAfter * 1000
  // Sooner than it asked would be of no use, so a wait that is too long ends the call.
  return asked > plan.maxDelay ? undefined : Math.max(asked, delay) + Math.random() * plan.delay
}

/** Whether predict cannot have been called. */
function hasNotRun(error: ModelClientError): boolean {
  if (error.code === 'connection_failed' || error.status === 429) return true
  // A call that was cut off while the server stopped has the same code, but no Retry-After.
  return error.status === 503 && NOT_RUN.includes(error.code) && error.retryAfter !== undefined
}

/** Whether another attempt may go better. */
function mayPass(error: ModelClientError): boolean {
  if (error instanceof ConnectionError) return true
  return error.status !== undefined && error.status >= 500 && !LASTING.includes(error.status)
}

function backoff(attempt: number, { delay, maxDelay }: RetryPlan): number {
  const longest = Math.min(maxDelay, delay * 2 ** (attempt - 1))
  return longest / 2 + (Math.random() * longest) / 2
}
