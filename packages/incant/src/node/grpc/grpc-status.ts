import { STATUS, statusOfProblem } from '../../faces/grpc/status.ts'
import type { Answer } from '../../http/answer.ts'

/** How a call ends that gets no message. */
export interface GRPCStatus {
  readonly code: number
  readonly details: string
}

/** Characters of a message: what a client takes of trailers is bounded, and each may be sent as nine. */
const MOST = 500

/** The status of an unknown method, in the library's own words, so that a caller cannot tell which of the two answers. */
export function unimplemented(path: string): GRPCStatus {
  return { code: STATUS.unimplemented, details: `The server does not implement the method ${path}` }
}

/** The status of an answer without a message, as its face has written it. */
export function statusOf(answer: Answer | Response): GRPCStatus {
  const { body } = answer
  const document: unknown = typeof body === 'string' ? JSON.parse(body) : undefined
  if (isStatus(document)) return { code: document.code, details: wellFormed(document.message).slice(0, MOST) }
  // A response of predict's own has no message that a call could get.
  return { code: statusOfProblem({ status: answer.status, code: '' }), details: '' }
}

function isStatus(document: unknown): document is { readonly code: number; readonly message: string } {
  return (
    typeof document === 'object' &&
    document !== null &&
    'code' in document &&
    typeof document.code === 'number' &&
    'message' in document &&
    typeof document.message === 'string'
  )
}

/** The library percent-encodes it, which fails for half of a surrogate pair. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString()
}
