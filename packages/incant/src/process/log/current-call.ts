import { AsyncLocalStorage } from 'node:async_hooks'
import type { CallReport } from '../../engine/call-report.ts'
import type { LogFields, Logger } from '../../log/logger.ts'

/** A call of predict, as far as what it writes is concerned. */
export interface Call {
  /** Of a batch, those of all its calls. */
  readonly requestId: string | readonly string[]
  readonly logger: Logger
  /** Takes the figures that it sends. */
  readonly report: CallReport | undefined
}

/** Calls and everything they cause. */
const calls = new AsyncLocalStorage<Call>()
/** The call whose synchronous part runs now, while calls are not followed further. */
let running: Call | undefined
/** Whether calls are followed through what they await. */
let following = false

/** From 24 on Node hands the context from frame to frame, and does not watch every promise for it. */
const FOLLOWING_IS_CHEAP = Number.parseInt(process.versions.node, 10) >= 24

/**
 * Follows calls from now on through what they await, where that costs nothing or it is known to be needed.
 *
 * Before Node 24 it costs a third of a small call. There it begins only when the class of the predictor mentions the
 * console, a standard stream or `sendMetric`, else with the first thing that is written.
 */
export function followCalls(predictor: { toString(): string } | undefined): void {
  following ||= FOLLOWING_IS_CHEAP || /\bconsole\b|\bstd(out|err)\b|\bsendMetric\b/.test(String(predictor))
}

/** Something has been written: a predictor that writes once does so again. */
export function noteWriting(): void {
  following = true
}

/** Follows no call any more. */
export function forgetCalls(): void {
  following = false
  calls.disable()
}

/** Runs a call so that {@link currentCall} is it, also in what it causes. */
export function enterCall<Result>(entered: Call, call: () => Result): Result {
  if (following) return calls.run(entered, call)
  const outer = running
  running = entered
  try {
    return call()
  } finally {
    running = outer
  }
}

/** Does some work outside of the current call. */
export function leaveCall(work: () => void): void {
  const outer = running
  running = undefined
  try {
    calls.exit(work)
  } finally {
    running = outer
  }
}

/** The call that runs now, if one does and it is known. */
export function currentCall(): Call | undefined {
  return calls.getStore() ?? running
}

/** What a line of the log says of the call that runs now, or the batch of them, if one does and it is known. */
export function currentRequest(): LogFields {
  const call = currentCall()
  return call === undefined ? {} : describeRequest(call)
}

/** The fields of a call in a log line. */
export function describeRequest({ requestId }: Pick<Call, 'requestId'>): LogFields {
  if (typeof requestId === 'string') return { requestId }
  return requestId.length === 1 ? { requestId: requestId[0] } : { requestIds: requestId }
}
