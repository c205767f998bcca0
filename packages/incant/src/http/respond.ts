import type { HeaderLines } from '../errors/request-error.ts'
import type { Logger } from '../log/logger.ts'
import { Answer } from './answer.ts'
import { boundedStream, type OnCancel } from './bounded-stream.ts'
import { asHTTPException, asRequestError, describeFailure } from './failure.ts'
import type { PredictOutput } from './predict-io.ts'
import { PROBLEM_TYPE, type Problem } from './problem.ts'

/** The names of headers that belong to one connection (RFC 9110 §7.6.1), never to an answer passed on. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']

/** An answer to one caller, or about a failure, must not be stored for another. */
export const NO_STORE: { readonly 'Cache-Control': 'no-store' } = { 'Cache-Control': 'no-store' }

/**
 * What `Headers` takes, and no field value may have (RFC 9110 §5.5): Node would cut the connection without a word.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSENDABLE = /[\u0001-\u0008\u000b-\u001f\u007f]/

/** Statuses whose answers have no body (Fetch, null body status). */
const BODYLESS = [204, 205, 304]

/** One of Incant's answers. */
export function respond(requestId: string, output: PredictOutput, headers?: HeaderLines): Answer {
  return answerWith(200, { requestId, output, headers })
}

interface AnswerParts {
  readonly requestId: string
  readonly output: PredictOutput
  readonly headers: HeaderLines | undefined
}

function answerWith(status: number, { requestId, output, headers }: AnswerParts): Answer {
  const { contentType, body } = output
  // Written out for what comes with every authenticated call: a spread costs as much as checking a token.
  const lines: HeaderLines =
    headers === NO_STORE
      ? {
          'Content-Type': contentType,
          'X-Request-Id': requestId,
          'X-Content-Type-Options': 'nosniff',
          'Cache-Control': 'no-store',
        }
      : { 'Content-Type': contentType, 'X-Request-Id': requestId, 'X-Content-Type-Options': 'nosniff' }
  return new Answer(status, headers === undefined || headers === NO_STORE ? lines : { ...lines, ...headers }, body)
}

/** A problem document as an answer. */
export function respondProblem(problem: Problem, headers?: HeaderLines): Answer {
  const output = { contentType: PROBLEM_TYPE, body: JSON.stringify(problem) }
  const { requestId, status } = problem
  return answerWith(status, { requestId, output, headers: { ...NO_STORE, ...headers } })
}

/** Any thrown value, as an answer. */
export function respondFailure(thrown: unknown, requestId: string, logger: Logger): Answer | Response {
  const problem = describeFailure(thrown, requestId, logger)
  const exception = asHTTPException(thrown)
  if (exception === undefined) return respondProblem(problem, asRequestError(thrown)?.headers)
  const { status, res = BODYLESS.includes(status) ? new Response(null) : undefined } = exception
  return res === undefined ? respondProblem(problem) : respondException(res, { requestId, logger, status })
}

/** The headers that are set on an answer that is passed on. */
interface Ours {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Registers a listener for the end of the call, which ends the body early. */
  readonly onCancel?: OnCancel
}

/** The response of an exception, unless it cannot be sent: that is another failure. */
interface ExceptionParts {
  readonly requestId: string
  readonly logger: Logger
  readonly status: number
}

function respondException(response: Response, { requestId, logger, status }: ExceptionParts): Answer | Response {
  try {
    return respondForeign(response, requestId, { status, headers: NO_STORE })
  } catch (thrown) {
    return respondProblem(describeFailure(thrown, requestId, logger))
  }
}

/**
 * A `Response` that the predictor created, with Incant's headers added. It is read here, inside a boundary: a header
 * that HTTP cannot carry throws on first use, and further down that would end the process.
 *
 * @throws {Error} Where it cannot be sent. Its body is cancelled then.
 */
export function respondForeign(response: Response, requestId: string, ours: Ours = {}): Response {
  try {
    return adopt(response, requestId, ours)
  } catch (cause) {
    cancelBody(response)
    throw new Error('predict returned a Response that cannot be sent', { cause })
  }
}

/** Lets go of a body that will not be sent. */
function cancelBody(response: Response): void {
  try {
    // A locked body refuses: another reader has it.
    response.body?.cancel().catch(() => {})
  } catch {
    // A cheaper form of Response, which an adapter may have put in its place, throws only now for what it was made with.
  }
}

function adopt(response: Response, requestId: string, ours: Ours): Response {
  const { status = response.status } = ours
  refuseTakenBody(response)
  if (status < 200) throw new RangeError(`its status is ${status}`)
  const headers = new Headers(response.headers)
  for (const name of HOP_BY_HOP) headers.delete(name)
  for (const [name, value] of headers)
    if (UNSENDABLE.test(value)) throw new TypeError(`its header ${name} has a control character`)
  // A fetched answer has been decoded on the way; its headers about the coding no longer apply.
  if (response.url !== '' && headers.has('content-encoding')) {
    headers.delete('content-encoding')
    headers.delete('content-length')
  }
  checkLength(headers, response.body === null && status !== 304)
  headers.set('X-Request-Id', requestId)
  headers.set('X-Content-Type-Options', 'nosniff')
  for (const [name, value] of Object.entries(ours.headers ?? {})) headers.set(name, value)
  if (status >= 400 && !headers.has('cache-control')) headers.set('Cache-Control', 'no-store')
  return new Response(boundBody(response, ours), { status, statusText: response.statusText, headers })
}

/**
 * Refuses a `Response` whose body has another reader.
 *
 * @throws {TypeError}
 */
export function refuseTakenBody({ bodyUsed, body }: Response): void {
  if (bodyUsed) throw new TypeError('its body has been read already')
  if (body?.locked === true) throw new TypeError('its body is locked: something else has a reader of it')
}

/** A wrong length keeps the caller waiting for bytes that never come. For a body, the bytes themselves are counted. */
function checkLength(headers: Headers, isEmpty: boolean): void {
  const length = headers.get('content-length')
  if (length === null) return
  if (!/^\d+$/.test(length)) throw new TypeError('its Content-Length is not a number')
  if (isEmpty && Number(length) > 0) throw new TypeError(`its Content-Length is ${length} and it has no body`)
}

function boundBody({ body }: Response, { onCancel }: Ours): ReadableStream<Uint8Array> | null {
  return body === null || onCancel === undefined ? body : boundedStream(body, onCancel)
}
