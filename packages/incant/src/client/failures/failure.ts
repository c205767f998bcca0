import type { Problem } from '../../http/problem.ts'
import {
  AuthenticationError,
  DeadlineExceededError,
  InvalidPayloadError,
  InvalidResponseError,
  type ModelClientError,
  type ModelClientErrorOptions,
  RateLimitedError,
  RequestRefusedError,
  ServerFailedError,
  UnavailableError,
} from './errors.ts'
import { readRetryAfter } from './retry-after.ts'

/** More than any problem document needs. */
const MAXIMUM_PROBLEM = 256 * 1024

/** The classes by status; the others go by their hundreds. */
const CLASSES: Readonly<Record<number, typeof ModelClientError>> = {
  401: AuthenticationError,
  403: AuthenticationError,
  422: InvalidPayloadError,
  429: RateLimitedError,
  503: UnavailableError,
  504: DeadlineExceededError,
}

/** The error for an answer, from the server or from a proxy. Reads its body, or lets go of it. */
export async function toModelClientError(response: Response, url: string): Promise<ModelClientError> {
  const { status, headers } = response
  if (status < 400) return describeStranger(response)
  const problem = await readProblem(response)
  return makeError(problem?.status === status ? problem : undefined, {
    url,
    status,
    requestId: headers.get('x-request-id') ?? undefined,
    retryAfter: readRetryAfter(headers.get('retry-after')),
    contentType: headers.get('content-type') ?? 'no content type',
  })
}

/** The error that a stream ends with. */
export function describeStreamFailure(problem: Problem): ModelClientError {
  return makeError(problem, { status: problem.status })
}

/** Credentials that follow a redirect may reach someone they are not for. */
function describeStranger(response: Response): ModelClientError {
  void response.body?.cancel().catch(() => {})
  // A browser hides the status of a redirect it does not follow.
  const status = response.status === 0 ? undefined : response.status
  return new InvalidResponseError(
    'The server answered with a redirect, which is not followed. Give ModelClient the address it leads to.',
    { code: 'invalid_response', status, requestId: response.headers.get('x-request-id') ?? undefined },
  )
}

interface Circumstances extends Omit<ModelClientErrorOptions, 'code' | 'problem' | 'cause'> {
  readonly status: number
  readonly contentType?: string
  readonly url?: string
}

function makeError(problem: Problem | undefined, { contentType, url = '', ...known }: Circumstances): ModelClientError {
  const { status } = known
  const Kind = CLASSES[status] ?? (status < 500 ? RequestRefusedError : ServerFailedError)
  if (problem === undefined)
    return new Kind(`The answer was ${status}, and not a model server's (${contentType}).`, {
      ...known,
      code: `http_${status}`,
    })
  const { code, title, detail, requestId } = problem
  const message = `${status} ${code}: ${detail ?? title}${describeIssues(problem)}${adviseURL(status, url)}`
  return new Kind(message, { ...known, code, requestId, problem })
}

/** A server whose address was given with its route. */
function adviseURL(status: number, url: string): string {
  if (status !== 404 || !url.endsWith('/predict/predict')) return ''
  return '. Give ModelClient the URL of the server, without /predict.'
}

function describeIssues({ errors = [] }: Problem): string {
  const [first, ...others] = errors
  if (first === undefined) return ''
  return ` ${first.pointer} ${first.detail}${others.length === 0 ? '' : `, and ${others.length} more`}`
}

async function readProblem(response: Response): Promise<Problem | undefined> {
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true
  const length = Number(response.headers.get('content-length') ?? 0)
  if (!isProblem || length > MAXIMUM_PROBLEM) {
    void response.body?.cancel().catch(() => {})
    return undefined
  }
  // A problem that does not arrive whole is still a refusal: the status says so.
  return parseProblem(await response.text().catch(() => ''))
}

function parseProblem(text: string): Problem | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isProblem(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Whether a value is a problem document of a model server's: others have no `code`. */
export function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null) return false
  const { type, title, status, code, requestId, detail, errors } = value as {
    readonly [Name in keyof Problem]?: unknown
  }
  return (
    [type, title, code, requestId].every(text => typeof text === 'string') &&
    typeof status === 'number' &&
    (detail === undefined || typeof detail === 'string') &&
    (errors === undefined || (Array.isArray(errors) && errors.every(isIssue)))
  )
}

function isIssue(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pointer' in value &&
    typeof value.pointer === 'string' &&
    'detail' in value &&
    typeof value.detail === 'string'
  )
}
