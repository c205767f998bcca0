import { REQUEST_ERRORS, type RequestErrorCode } from '../errors/codes.ts'
import type { ValidationIssue } from '../errors/issue.ts'

/** A problem document, RFC 9457, `application/problem+json`. */
export interface Problem {
  /** One stable URI for each code. */
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  readonly code: string
  readonly requestId: string
  readonly errors?: readonly ValidationIssue[]
}

/** The media type of a problem document. */
export const PROBLEM_TYPE = 'application/problem+json'

/** Options of a problem. */
export interface ProblemOptions {
  readonly requestId: string
  readonly detail?: string | undefined
  readonly errors?: readonly ValidationIssue[] | undefined
}

/** The problem document of a code. */
export function describeProblem(code: RequestErrorCode, options: ProblemOptions): Problem {
  const { status, title } = REQUEST_ERRORS[code]
  return {
    type: `urn:incant:error:${code}`,
    title,
    status,
    ...(options.detail === undefined ? {} : { detail: options.detail }),
    code,
    requestId: options.requestId,
    ...(options.errors === undefined ? {} : { errors: options.errors }),
  }
}

/** The problem document of a status a predictor chose itself: `throw new HTTPException(418)`. */
export function describeStatus(status: number, options: ProblemOptions): Problem {
  return {
    type: 'about:blank',
    title: REASONS[status] ?? (status < 500 ? 'Client error' : 'Server error'),
    status,
    ...(options.detail === undefined || options.detail === '' ? {} : { detail: options.detail }),
    code: `http_${status}`,
    requestId: options.requestId,
  }
}

/** Reason phrases of RFC 9110 §15.5 and §15.6: with `about:blank` the title is the phrase (RFC 9457 §4.2.1). */
const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}
