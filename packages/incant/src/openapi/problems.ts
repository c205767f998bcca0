import { LOGGED_CODES, REQUEST_ERRORS, type RequestErrorCode } from '../errors/codes.ts'
import { PROBLEM_TYPE } from '../http/problem.ts'
import { MAX_ISSUES } from '../validation/validation.ts'
import type { OpenAPISchema, ResponseObject, Responses } from './document.ts'
import { withRequestId } from './headers.ts'

const CODES = Object.keys(REQUEST_ERRORS).filter(code => !LOGGED_CODES.includes(code))

const ISSUE: OpenAPISchema = {
  type: 'object',
  properties: {
    pointer: { type: 'string', description: 'A JSON Pointer (RFC 6901) as a URI fragment: `#/data/0`.' },
    detail: { type: 'string', description: 'What the value there must be.' },
  },
  required: ['pointer', 'detail'],
}

/** The body of every error, RFC 9457. */
const PROBLEM: OpenAPISchema = {
  type: 'object',
  description: 'An error, as RFC 9457 has it.',
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'One stable URI for each code.' },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string' },
    code: {
      description: 'What went wrong, for programs. `http_` and the status where predict chose the status itself.',
      anyOf: [{ enum: CODES }, { type: 'string', pattern: '^http_[1-5][0-9]{2}$' }],
    },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      items: { $ref: '#/components/schemas/ProblemIssue' },
      maxItems: MAX_ISSUES,
      description: 'Where the payload does not match its type.',
    },
  },
  required: ['type', 'title', 'status', 'code', 'requestId'],
}

/** Errors with which any request can be answered, on every route. */
export const FRAMING_ERRORS: readonly RequestErrorCode[] = [
  'bad_request',
  'request_timeout',
  'uri_too_long',
  'expectation_failed',
  'headers_too_large',
  'internal',
  'not_implemented',
  'version_not_supported',
]

/** The components that error responses refer to. */
export const PROBLEM_SCHEMAS: { readonly [name: string]: OpenAPISchema } = { Problem: PROBLEM, ProblemIssue: ISSUE }

/** A response with a problem document. */
export function describeProblem(description: string, ...headers: readonly string[]): ResponseObject {
  const schema = { $ref: '#/components/schemas/Problem' }
  return withRequestId({ description, content: { [PROBLEM_TYPE]: { schema } } }, ...headers)
}

/** One response for each status of the codes, with a description joined from theirs. */
export function describeProblems(codes: readonly RequestErrorCode[]): Responses {
  const statuses = [...new Set(codes.map(code => REQUEST_ERRORS[code].status))].sort()
  return Object.fromEntries(
    statuses.map(status => {
      const ofStatus = codes.filter(code => REQUEST_ERRORS[code].status === status)
      const description = ofStatus.map(code => `\`${code}\`: ${REQUEST_ERRORS[code].when}`).join('\n\n')
      return [String(status), describeProblem(description, ...(STATUS_HEADERS[status] ?? []))]
    }),
  )
}

const STATUS_HEADERS: { readonly [status: number]: readonly string[] } = {
  401: ['WWW-Authenticate'],
  403: ['WWW-Authenticate'],
  415: ['Accept', 'Accept-Encoding'],
  429: ['Retry-After'],
  503: ['Retry-After'],
}
