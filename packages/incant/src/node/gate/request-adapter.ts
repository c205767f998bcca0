import { getRequestListener } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { describeThrown } from '../../errors/describe-thrown.ts'
import { RequestError } from '../../errors/request-error.ts'
import { Answer, answerOf, toResponse } from '../../http/answer.ts'
import { respondFailure } from '../../http/respond.ts'
import { TRANSPORT, type Transport } from '../../http/transport.ts'
import type { Logger } from '../../log/logger.ts'
import type { Recorder } from '../../metrics/recorder.ts'
import { send } from './direct-listener.ts'
import type { GateListener } from './gate.ts'
import type { GateResponse } from './gate-response.ts'
import type { NodeTransport } from './node-transport.ts'
import { sendStream } from './send-stream.ts'

/** The application: Hono, or anything with its `fetch`. */
export interface FetchHandler {
  fetch(request: Request, env: object): Response | Promise<Response>
}

/** Options of {@link adaptRequests}. */
export interface AdapterOptions {
  readonly app: FetchHandler
  readonly logger: Logger
  readonly recorder?: Recorder | undefined
}

/** The bindings that the Node adapter passes to `fetch`, with the transport added. */
interface NodeEnvironment {
  readonly outgoing: GateResponse
  [TRANSPORT]?: Transport | undefined
}

/** Hands requests to an application, each with the transport of its exchange, and its responses to the socket. */
export function adaptRequests({ app, logger, recorder }: AdapterOptions): GateListener {
  const fetch = (request: Request, environment: NodeEnvironment) => {
    environment[TRANSPORT] = environment.outgoing.exchange
    const response = app.fetch(request, environment)
    const { exchange } = environment.outgoing
    return response instanceof Promise ? response.then(answer => write(answer, exchange)) : write(response, exchange)
  }
  const errorHandler = (thrown: unknown) => {
    const response = answerFailure(thrown, logger)
    // The adapter does not say for which request.
    recorder?.route('*').count({ method: '', status: response.status, seconds: 0 })
    return response
  }
  // The exchange reads the body and drops what is left of it. The adapter would read 64 MiB on.
  return getRequestListener(fetch, { autoCleanupIncoming: false, errorHandler, hostname: 'localhost' })
}

/**
 * A stream is written here: the adapter reports one that fails to the console, and ends its message like a whole one. So
 * is what has several lines of one name: some clients read no more than the first challenge of a line.
 */
function write(response: Response, exchange: NodeTransport | undefined): Response {
  const answer = answerOf(response)
  if (exchange !== undefined && answer !== undefined) {
    send(exchange, withAdded(answer, response))
    return alreadySent()
  }
  if (exchange?.streaming !== true) return response
  const { status, headers, body } = response
  void sendStream(exchange, { status, lines: [...headers].flat(), body })
  return alreadySent()
}

/** An answer with the headers that middleware has changed in its response; several lines of one name stay several. */
function withAdded({ headers, body }: Answer, { status, headers: joined }: Response): Answer {
  const lines = new Map<string, string | readonly string[]>(joined)
  for (const [name, value] of Object.entries(headers)) {
    const key = name.toLowerCase()
    if (Array.isArray(value) && lines.get(key) === String(value)) lines.set(key, value)
  }
  return new Answer(status, Object.fromEntries(lines), body)
}

/** Tells the adapter that the response is none of its business. */
function alreadySent(): Response {
  // Its headers only count once the adapter's own, cheaper form of a Response has become a real one.
  void RESPONSE_ALREADY_SENT.body
  return RESPONSE_ALREADY_SENT
}

/** An error outside the application's boundaries: a request the adapter cannot express, or a defect of Incant. */
function answerFailure(thrown: unknown, logger: Logger): Response {
  const requestId = crypto.randomUUID()
  if (thrown instanceof Error && thrown.name === 'RequestError' && !(thrown instanceof RequestError)) {
    const refused = new RequestError('bad_request', { detail: 'The request target is not a path of this server.' })
    return toResponse(respondFailure(refused, requestId, logger))
  }
  logger.log('error', 'a request failed outside the application', { requestId, error: describeThrown(thrown) })
  return toResponse(respondFailure(new RequestError('internal'), requestId, logger))
}
