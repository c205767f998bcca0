import { ConnectionError } from './errors.ts'

/**
 * Describes why a `fetch` failed. Only a failure that certainly came before a request was sent is `connection_failed`:
 * Node, Bun and Deno each say so in their own way; browsers, which give a page no details, never do.
 */
export function describeConnectionFailure(thrown: unknown, url: string): ConnectionError {
  if (!isNotConnected(thrown)) return connectionLost(thrown)
  const message = `No connection to ${new URL(url).origin} could be made.`
  return new ConnectionError(message, { code: 'connection_failed', cause: thrown })
}

/** A connection that broke after a request, or part of it, was on its way. */
export function connectionLost(cause: unknown, requestId?: string): ConnectionError {
  const message = 'The connection to the server broke before the answer was complete.'
  return new ConnectionError(message, { code: 'connection_lost', cause, requestId })
}

function isNotConnected(thrown: unknown): boolean {
  // Bun says it of the error itself, the others of its cause.
  return thrown instanceof Error && (failedToConnect(thrown) || failedToConnect(thrown.cause))
}

/** Of Node's fetch, and of Bun's, which has changed its word. */
const CODES = ['UND_ERR_CONNECT_TIMEOUT', 'ConnectionRefused', 'ECONNREFUSED']

/** Node and Bun name the system call, Node for each address that was tried; Deno has hyper's words. */
function failedToConnect(error: unknown): boolean {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(failedToConnect)
  if (!(error instanceof Error)) return false
  if ('code' in error && CODES.includes(String(error.code))) return true
  if ('syscall' in error && (error.syscall === 'connect' || error.syscall === 'getaddrinfo')) return true
  return error.message.includes(': client error (Connect): ')
}
