import { HTTPException } from 'hono/http-exception'
import { describeThrown } from '../errors/describe-thrown.ts'
import { RequestError } from '../errors/request-error.ts'
import type { Logger } from '../log/logger.ts'
import { NotSerializableError } from './not-serializable.ts'
import { describeProblem, describeStatus, type Problem } from './problem.ts'

/**
 * The one place where anything thrown becomes an answer. What the caller may know is in the problem; the rest goes to
 * the log under the request id.
 */
export function describeFailure(thrown: unknown, requestId: string, logger: Logger): Problem {
  const refusal = asRequestError(thrown)
  if (refusal !== undefined) {
    return describeProblem(refusal.code, { requestId, detail: refusal.detail, errors: refusal.issues })
  }
  const exception = asHTTPException(thrown)
  if (exception === undefined || exception.status >= 500) logFailure(thrown, requestId, logger)
  if (exception !== undefined) return describeStatus(exception.status, { requestId, detail: exception.message })
  return describeProblem(codeOf(thrown), { requestId })
}

/** Names that a schema could have. Others may be what a caller wrote, as the key of a record is. */
const NAME = /^(?:[A-Za-z_$][\w$-]{0,39}|\d{1,9})$/

/** The first place where a payload does not match, for the log: `#/items/0/text must be a string`. */
export function firstIssue(thrown: unknown): string | undefined {
  const issue = asRequestError(thrown)?.issues?.[0]
  if (issue === undefined) return undefined
  const [root, ...names] = issue.pointer.split('/')
  return `${[root, ...names.map(name => (NAME.test(name) ? name : '*'))].join('/')} ${issue.detail}`
}

/** Logs why predict failed, for operators. */
function logFailure(thrown: unknown, requestId: string, logger: Logger): void {
  logger.log('error', 'predict failed', { requestId, reason: reasonOf(thrown), error: describeThrown(thrown) })
  noteTold(thrown)
}

/** Errors that have been logged. Primitives cannot be remembered. */
const TOLD = new WeakSet<object>()

/** Notes that the log has what was thrown, so that it is not written again where the answer breaks of it. */
export function noteTold(thrown: unknown): void {
  if (typeof thrown === 'object' && thrown !== null) TOLD.add(thrown)
}

/** Whether the log has what was thrown. */
export function isTold(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && TOLD.has(thrown)
}

/** How an exchange ended whose answer had begun: the head that was sent no longer says it. */
export interface BrokenEnd {
  readonly status: number
  readonly reason: string
}

/**
 * How an exchange ended whose answer broke on our side while it was sent. Its cause goes to the log, unless it is there
 * already; a deadline, or a server that stops, has no other cause.
 */
export function describeBreak(thrown: unknown, requestId: string, logger: Logger): BrokenEnd {
  const status = asRequestError(thrown)?.status ?? asHTTPException(thrown)?.status
  if (status !== undefined && (status < 500 || asRequestError(thrown) !== undefined || isTold(thrown)))
    return { status, reason: reasonOf(thrown) }
  const end = { status: 500, reason: 'response_failed' }
  if (!isTold(thrown))
    logger.log('error', 'an answer broke while it was sent', { requestId, ...end, error: describeThrown(thrown) })
  return end
}

/**
 * Hono's HTTPException, also that of another copy of hono, with a status an answer can have. The result is a new one: a
 * subclass's members are read here, where they may throw.
 */
export function asHTTPException(thrown: unknown): HTTPException | undefined {
  try {
    if (!(thrown instanceof HTTPException || looksLikeException(thrown))) return undefined
    const { status, message, res } = thrown
    if (!Number.isInteger(status) || status < 200 || status > 599) return undefined
    return new HTTPException(status, { message: String(message), ...(res === undefined ? {} : { res }) })
  } catch {
    return undefined
  }
}

/** A refusal of our own. */
export function asRequestError(thrown: unknown): RequestError | undefined {
  return isA(RequestError, thrown) ? thrown : undefined
}

/** The code of what was thrown, as the log shows it. */
export function reasonOf(thrown: unknown): string {
  const status = asHTTPException(thrown)?.status
  return asRequestError(thrown)?.code ?? (status === undefined ? codeOf(thrown) : `http_${status}`)
}

function codeOf(thrown: unknown): 'not_serializable' | 'internal' {
  return isA(NotSerializableError, thrown) ? 'not_serializable' : 'internal'
}

/** `instanceof` for any thrown value: a proxy may throw as well. */
function isA<Kind>(kind: abstract new (...parameters: never[]) => Kind, thrown: unknown): thrown is Kind {
  try {
    return thrown instanceof kind
  } catch {
    return false
  }
}

function looksLikeException(thrown: unknown): thrown is HTTPException {
  return (
    thrown instanceof Error && 'status' in thrown && 'getResponse' in thrown && typeof thrown.getResponse === 'function'
  )
}
