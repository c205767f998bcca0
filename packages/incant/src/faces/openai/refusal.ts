import { RequestError } from '../../errors/request-error.ts'
import type { Problem } from '../../http/problem.ts'
import type { FaceFailure, FaceRefusal } from '../face.ts'

/** Reasons of this API for which a request is refused, as its clients know them. */
export type RefusalCode = 'unsupported_parameter' | 'invalid_value' | 'missing_required_parameter' | 'model_not_found'

/** An error in a request, as the API describes it. */
export interface RefusalOptions {
  readonly code: RefusalCode
  /** The parameter, as a path: `messages[0].role`. Null: the request as a whole. */
  readonly param: string | null
  /** A sentence for the caller. */
  readonly message: string
}

/** A request that this face refuses itself. */
export class ApiRefusal extends RequestError {
  readonly reason: RefusalOptions

  constructor(reason: RefusalOptions) {
    const isMissing = reason.code === 'model_not_found'
    super(isMissing ? 'not_found' : 'invalid_payload', {
      detail: reason.message,
      ...(isMissing ? {} : { issues: [{ pointer: toPointer(reason.param), detail: reason.message }] }),
    })
    this.reason = reason
  }
}

/** Names that a client of the API could have. Others are the caller's, and are not repeated. */
const NAME = /^[A-Za-z_][\w.[\]-]{0,63}$/

/** Refuses a parameter that the model cannot do anything about. */
export function unsupported(param: string, message?: string): ApiRefusal {
  const name = NAME.test(param) ? param : undefined
  return new ApiRefusal({
    code: 'unsupported_parameter',
    param: name ?? null,
    message: message ?? `This model does not support ${name ?? 'a member of the request'}.`,
  })
}

/** Refuses a parameter for its value. */
export function invalidValue(param: string | null, message: string): ApiRefusal {
  return new ApiRefusal({ code: 'invalid_value', param, message })
}

/** The `error` of an answer. */
export interface ApiError {
  readonly message: string
  readonly type: string
  readonly param: string | null
  readonly code: string | null
}

/**
 * A failure in the form that clients of the API read, beside the members of the problem document: 400 in place of 422, as
 * they expect it. A client repeats a call that failed with a 5xx, unless `x-should-retry` says otherwise: a model that
 * fails is not run three times.
 */
export function refuse({ thrown, problem }: FaceFailure): FaceRefusal {
  const status = problem.status === 422 ? 400 : problem.status
  const told = { ...problem, status }
  const reason = thrown instanceof ApiRefusal ? thrown.reason : undefined
  const error = reason === undefined ? describe(told) : ofReason(reason)
  const isFinal = status >= 500 && status !== 503
  return {
    status,
    ...(isFinal ? { headers: { 'x-should-retry': 'false' } } : {}),
    document: { ...told, error },
  }
}

/** The `error` of a failure in the middle of a stream. */
export function streamError(problem: Problem): ApiError {
  return describe(problem)
}

function ofReason({ code, param, message }: RefusalOptions): ApiError {
  return { message, type: 'invalid_request_error', param, code }
}

const CODES: Readonly<Record<string, string>> = {
  unauthorized: 'invalid_api_key',
  invalid_credentials: 'invalid_api_key',
  malformed_credentials: 'invalid_api_key',
  invalid_payload: 'invalid_value',
  rate_limited: 'rate_limit_exceeded',
}

function describe({ status, code, title, detail, errors = [] }: Problem): ApiError {
  const [issue] = errors
  const param = issue === undefined ? null : toParam(issue.pointer)
  const message = issue === undefined ? (detail ?? title) : `${param ?? 'The request'} ${issue.detail}`
  return {
    message,
    type: typeOf(status),
    param,
    code: CODES[code] ?? code,
  }
}

function typeOf(status: number): string {
  if (status === 429) return 'rate_limit_error'
  return status >= 500 ? 'server_error' : 'invalid_request_error'
}

/** `messages[0].role` of `#/messages/0/role`; null of the whole. */
export function toParam(pointer: string): string | null {
  const [, ...names] = pointer.split('/')
  const path = names.map(name => (/^\d+$/.test(name) ? `[${name}]` : `.${name}`)).join('')
  return path === '' ? null : path.replace(/^\./, '')
}

/** `#/input/0` of `input[0]`. */
function toPointer(param: string | null): string {
  return param === null ? '#' : `#/${param.replaceAll(/\[(\d+)\]/g, '/$1').replaceAll('.', '/')}`
}
