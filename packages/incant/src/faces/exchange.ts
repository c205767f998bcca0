import type { Cancellation } from '../engine/cancellation.ts'
import type { Problem } from '../http/problem.ts'
import type { HeaderReader } from '../http/request-source.ts'
import type { Principal } from '../predictor/context.ts'

/** One request on a route of a face, its caller admitted and its body read. */
export interface FaceExchange {
  /** The request id. */
  readonly id: string
  readonly headers: HeaderReader
  /** The parameters of the path, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: unknown
  readonly principal: Principal | undefined
  /** Fires when the deadline has passed, the caller has left or the server stops. */
  readonly cancellation: Cancellation
  /** The address of a path of this server, as the caller reaches it. */
  url(path: string): string
  /**
   * What a caller may know of what was thrown after the head of the answer was sent, as in the middle of a stream: its cause
   * is logged, and the exchange counts as broken.
   */
  describeBreak(thrown: unknown): Problem
  /** Takes work that runs once the response has been sent. */
  defer(task: () => unknown): void
}
