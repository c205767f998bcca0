import { RequestError } from '../../errors/request-error.ts'
import { ERROR } from './protocol.ts'

/** An error in a message, as the protocol describes it. */
export interface MCPErrorOptions {
  readonly code: number
  /** A sentence for the caller. */
  readonly message: string
  /** @default 200, where the message itself was understood */
  readonly status?: number
  readonly data?: unknown
}

/** A message that this face refuses. */
export class MCPError extends RequestError {
  readonly reason: MCPErrorOptions

  constructor(reason: MCPErrorOptions) {
    super('invalid_payload', { detail: reason.message })
    this.reason = reason
  }
}

/** A message that is none of the protocol. */
export function invalidRequest(message: string): MCPError {
  return new MCPError({ code: ERROR.invalidRequest, message, status: 400 })
}

/** A request whose parameters do not fit its method. */
export function invalidParams(message: string): MCPError {
  return new MCPError({ code: ERROR.invalidParams, message })
}

/** Headers that do not say what the body says. */
export function headerMismatch(message: string): MCPError {
  return new MCPError({ code: ERROR.headerMismatch, message, status: 400 })
}
