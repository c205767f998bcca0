import type { RequestErrorCode } from '../../errors/codes.ts'
import type { ValidationIssue } from '../../errors/issue.ts'
import type { Problem } from '../../http/problem.ts'

/** The code of the error, for programs. */
export type ModelClientErrorCode =
  /** One of the server's own; `docs/errors.md` lists them. */
  | RequestErrorCode
  /** A status that predict chose itself, or that came from someone before the server. */
  | `http_${number}`
  /** No connection could be made: the call has not run. */
  | 'connection_failed'
  /** The connection broke, or fetch does not say why it failed: the call may have run. */
  | 'connection_lost'
  /** The client's own time was up. */
  | 'timeout'
  /** The answer cannot be read. */
  | 'invalid_response'
  // Servers of later versions may know more; this spelling keeps the names above in completion.
  | (string & Record<never, never>)

/** Options of {@link ModelClientError}. */
export interface ModelClientErrorOptions {
  readonly code: ModelClientErrorCode
  readonly status?: number | undefined
  readonly requestId?: string | undefined
  readonly problem?: Problem | undefined
  readonly retryAfter?: number | undefined
  readonly cause?: unknown
}

/**
 * A call that failed. The subclass says whose fault it was; `code` says exactly what happened. It contains no credentials and
 * nothing of the payload.
 *
 * @example
 * ```ts
 * try {
 *   await model.predict({ text })
 * } catch (error) {
 *   if (error instanceof ModelClientError) console.error(error.code, error.requestId)
 * }
 * ```
 */
export class ModelClientError extends Error {
  override readonly name: string = 'ModelClientError'
  readonly code: ModelClientErrorCode
  /** The HTTP status. Undefined where no answer came. */
  readonly status: number | undefined
  /** The request id of the call in the server's log. */
  readonly requestId: string | undefined
  /** The problem document (RFC 9457). Undefined where the answer was none: a proxy's page. */
  readonly problem: Problem | undefined
  /** Seconds after which the server wants to be asked again, as it said. */
  readonly retryAfter: number | undefined

  constructor(message: string, options: ModelClientErrorOptions) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = options.code
    this.status = options.status
    this.requestId = options.requestId
    this.problem = options.problem
    this.retryAfter = options.retryAfter
  }
}

/**
 * The request was refused (4xx): it will be refused again unless something changes.
 *
 * @example
 * ```ts
 * if (error instanceof RequestRefusedError) return reply(400, error.problem?.detail)
 * ```
 */
export class RequestRefusedError extends ModelClientError {
  override readonly name: string = 'RequestRefusedError'
}

/**
 * The credentials are missing or wrong (401), or do not allow this (403).
 *
 * @example
 * ```ts
 * if (error instanceof AuthenticationError && error.status === 401) await renewToken()
 * ```
 */
export class AuthenticationError extends RequestRefusedError {
  override readonly name: string = 'AuthenticationError'
}

/**
 * The payload does not match predict's type (422).
 *
 * @example
 * ```ts
 * if (error instanceof InvalidPayloadError) {
 *   for (const { pointer, detail } of error.issues) form.showMistake(pointer, detail)
 * }
 * ```
 */
export class InvalidPayloadError extends RequestRefusedError {
  override readonly name: string = 'InvalidPayloadError'

  /** Where it does not match, at most 50 places. */
  get issues(): readonly ValidationIssue[] {
    return this.problem?.errors ?? []
  }
}

/**
 * Too many calls (429), for now.
 *
 * @example
 * ```ts
 * if (error instanceof RateLimitedError) await sleep((error.retryAfter ?? 1) * 1000)
 * ```
 */
export class RateLimitedError extends RequestRefusedError {
  override readonly name: string = 'RateLimitedError'
}

/**
 * The server failed (5xx).
 *
 * @example
 * ```ts
 * if (error instanceof ServerFailedError) report(`the model failed: its log has ${error.requestId}`)
 * ```
 */
export class ServerFailedError extends ModelClientError {
  override readonly name: string = 'ServerFailedError'
}

/**
 * The server takes no work for now (503): it starts, stops, or its queue is full.
 *
 * @example
 * ```ts
 * if (error instanceof UnavailableError) return answerFromCache(text)
 * ```
 */
export class UnavailableError extends ServerFailedError {
  override readonly name: string = 'UnavailableError'
}

/**
 * Predict was not done by the server's deadline (504).
 *
 * @example
 * ```ts
 * if (error instanceof DeadlineExceededError) return model.predict({ text: shorten(text) })
 * ```
 */
export class DeadlineExceededError extends ServerFailedError {
  override readonly name: string = 'DeadlineExceededError'
}

/**
 * There is no connection: none could be made (`connection_failed`), or it broke (`connection_lost`).
 *
 * @example
 * ```ts
 * if (error instanceof ConnectionError && error.code === 'connection_failed') await startServer()
 * ```
 */
export class ConnectionError extends ModelClientError {
  override readonly name: string = 'ConnectionError'
}

/**
 * The client's own `timeout` was up. The call may have run, and may still run.
 *
 * @example
 * ```ts
 * if (error instanceof TimeoutError) return model.predict({ text }, { timeout: '5m' })
 * ```
 */
export class TimeoutError extends ModelClientError {
  override readonly name: string = 'TimeoutError'
}

/**
 * An answer came that a model server does not give: a redirect, JSON that does not parse, a stream of something else.
 *
 * @example
 * ```ts
 * if (error instanceof InvalidResponseError) throw new Error('is this the address of a model server?', { cause: error })
 * ```
 */
export class InvalidResponseError extends ModelClientError {
  override readonly name: string = 'InvalidResponseError'
}
