import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { DIRECT_ENDPOINTS, type DirectEndpoints, type Endpoint } from '../app/endpoint.ts'
import { Answer } from '../http/answer.ts'
import type { Exchange } from './exchange.ts'
import type { GateListener } from './gate.ts'
import { IncomingHeaders } from './incoming-headers.ts'
import { plainHeaders, sendStream } from './send-stream.ts'

/**
 * Hands requests for endpoints that need no web `Request` straight to them, and writes their answers in one piece; all
 * others go the way of the adapter. What that saves is measured in `docs/performance.md`.
 */
export function directListener(app: object, adapter: GateListener): GateListener {
  // The application put it there; anything else with a fetch has none.
  const endpoints = (app as { [DIRECT_ENDPOINTS]?: DirectEndpoints })[DIRECT_ENDPOINTS]
  return (incoming, outgoing) => {
    const endpoint = endpoints?.get(`${incoming.method} ${pathOf(incoming)}`)
    if (endpoint === undefined || outgoing.exchange === undefined) adapter(incoming, outgoing)
    else void answerDirectly(outgoing.exchange, endpoint)
  }
}

/** The path as it was sent: one that needs to be normalised is not found here, and left to the adapter. */
function pathOf({ url = '' }: IncomingMessage): string {
  const query = url.indexOf('?')
  return query === -1 ? url : url.slice(0, query)
}

async function answerDirectly(exchange: Exchange, endpoint: Endpoint): Promise<void> {
  const { incoming } = exchange
  const answer = await endpoint({
    method: incoming.method ?? 'GET',
    headers: new IncomingHeaders(incoming),
    transport: exchange,
    toRequest: refuseRequest,
  })
  if (exchange.bodyIsAtHand) setImmediate(() => send(exchange, answer))
  else send(exchange, answer)
}

function refuseRequest(): never {
  throw new Error('This endpoint was not to need a Request; this is a bug in Incant')
}

function send(exchange: Exchange, answer: Answer | Response): void {
  const { outgoing } = exchange
  const { status, body } = answer
  // Node takes lists of lines, and does not write to them.
  const headers = answer instanceof Answer ? (answer.headers as OutgoingHttpHeaders) : plainHeaders(answer.headers)
  if (body instanceof ReadableStream) void sendStream(exchange, { status, headers, body })
  else if (body === null) outgoing.writeHead(status, headers).end()
  else outgoing.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) }).end(body)
}
