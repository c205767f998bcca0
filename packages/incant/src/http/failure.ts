import { HTTPException } from 'hono/http-exception'
import { describeThrown } from '../errors/describe-thrown.ts'
import { RequestError } from '../errors/request-error.ts'
import type { Logger } from '../log/logger.ts'
import { describeProblem, describeStatus, type Problem } from './problem.ts'
import { NotSerializableError } from './to-json.ts'

/**
 * The one place where anything thrown becomes an answer. What the caller may know is in the problem; the rest goes to
 * the log under the request id.
 */
export function describeFailure(thrown: unknown, requestId: string, logger: Logger): Problem {
  if (thrown instanceof RequestError) {
    const { detail, issues } = thrown
    return describeProblem(thrown.code, { requestId, detail, errors: issues })
  }
  const exception = asHTTPException(thrown)
  if (exception !== undefined) return describeStatus(exception.status, { requestId, detail: exception.message })
  const code = thrown instanceof NotSerializableError ? 'not_serializable' : 'internal'
  logger.log('error', 'predict failed', { requestId, reason: code, error: describeThrown(thrown) })
  return describeProblem(code, { requestId })
}

/** Hono's HTTPException, also that of another copy of hono, with a status that is an error's. */
export function asHTTPException(thrown: unknown): HTTPException | undefined {
  try {
    if (thrown instanceof HTTPException || looksLikeException(thrown)) {
      return Number.isInteger(thrown.status) && thrown.status >= 200 && thrown.status <= 599 ? thrown : undefined
    }
  } catch {
    // An object whose getters throw.
  }
  return undefined
}

/** The code of what was thrown, as the log shows it. */
export function reasonOf(thrown: unknown): string {
  if (thrown instanceof RequestError) return thrown.code
  const exception = asHTTPException(thrown)
  if (exception !== undefined) return `http_${exception.status}`
  return thrown instanceof NotSerializableError ? 'not_serializable' : 'internal'
}

function looksLikeException(thrown: unknown): thrown is HTTPException {
  return (
    thrown instanceof Error && 'status' in thrown && 'getResponse' in thrown && typeof thrown.getResponse === 'function'
  )
}
