import { ConnectionError } from './errors.ts'

/**
 * What a `fetch` that failed is. Only a failure that certainly came before a request was sent is `connection_failed`: Node,
 * Bun and Deno each say so in their own way, and browsers, which tell a page nothing, never do.
 */
export function describeConnectionFailure(thrown: unknown): ConnectionError {
  return isNotConnected(thrown)
    ? new ConnectionError('No connection to the server could be made.', { code: 'connection_failed', cause: thrown })
    : connectionLost(thrown)
}

/** A connection that broke after a request, or part of it, was on its way. */
export function connectionLost(cause: unknown, requestId?: string): ConnectionError {
  const message = 'The connection to the server broke before the answer was complete.'
  return new ConnectionError(message, { code: 'connection_lost', cause, requestId })
}

function isNotConnected(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false
  // Bun: https://bun.com/reference/bun/FetchError; Deno puts hyper's words into the message.
  if (codeOf(thrown) === 'ConnectionRefused' || thrown.message.includes('client error (Connect)')) return true
  return failedToConnect(thrown.cause)
}

/** Node: the error of the system call, or one of each address that was tried. */
function failedToConnect(cause: unknown): boolean {
  if (cause instanceof AggregateError && cause.errors.length > 0) return cause.errors.every(failedToConnect)
  if (typeof cause !== 'object' || cause === null) return false
  if (codeOf(cause) === 'UND_ERR_CONNECT_TIMEOUT') return true
  return 'syscall' in cause && (cause.syscall === 'connect' || cause.syscall === 'getaddrinfo')
}

function codeOf(error: object): unknown {
  return 'code' in error ? error.code : undefined
}
