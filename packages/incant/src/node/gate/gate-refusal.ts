import type { RequestErrorCode } from '../../errors/codes.ts'

/** Why a request does not reach the application: answered with a problem document, and the connection is closed. */
export interface GateRefusal {
  readonly code: RequestErrorCode
  /** For the caller. Never a piece of what was received. */
  readonly detail?: string
  /** Whether it is about credentials, so that the answer says how to send them. */
  readonly challenges?: true
  /** When it is worth another try, in seconds. */
  readonly retryAfter?: number
}
