import { REQUEST_ERRORS, type RequestErrorCode } from './codes.ts'
import type { ValidationIssue } from './issue.ts'

/** Headers by name; a list is sent as several lines. */
export type HeaderLines = { readonly [name: string]: string | readonly string[] }

/** The options of a {@link RequestError}. */
export interface RequestErrorOptions {
  /** Helps the caller, names no internals and no input. */
  readonly detail?: string
  /** A list is sent as several lines. */
  readonly headers?: HeaderLines
  readonly issues?: readonly ValidationIssue[]
  readonly cause?: unknown
}

const BRAND = Symbol.for('incant.RequestError')

/** A request that is answered with an error of Incant's own, as a problem document. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly code: RequestErrorCode
  readonly status: number
  readonly detail: string | undefined
  readonly headers: HeaderLines
  readonly issues: readonly ValidationIssue[] | undefined

  constructor(code: RequestErrorCode, options: RequestErrorOptions = {}) {
    super(options.detail ?? REQUEST_ERRORS[code].title, { cause: options.cause })
    this.code = code
    this.status = REQUEST_ERRORS[code].status
    this.detail = options.detail
    this.headers = options.headers ?? {}
    this.issues = options.issues
  }

  /** Whether a value is a RequestError, also one from another copy of the package. */
  static is(value: unknown): value is RequestError {
    return typeof value === 'object' && value !== null && BRAND in value
  }
}

Object.defineProperty(RequestError.prototype, BRAND, { value: true })
