import type { IncomingMessage } from 'node:http'
import { DIRECT_ENDPOINTS, type DirectEndpoints, type Endpoint } from '../../app/endpoint.ts'
import type { HeaderLines } from '../../errors/request-error.ts'
import { Answer } from '../../http/answer.ts'
import { isReadableStream } from '../../http/platform-objects.ts'
import type { GateListener } from './gate.ts'
import { IncomingHeaders } from './incoming-headers.ts'
import type { NodeTransport } from './node-transport.ts'
import { sendStream } from './send-stream.ts'

/**
 * Hands requests for endpoints that need no web `Request` straight to them, and writes their answers in one piece; all
 * others go the way of the adapter. What that saves is measured in `docs/performance.md`.
 *
 * Node parses a body that came with its head once the head has been handled, and before the next tick. By then a small
 * one is there: it is read at once, and the connection of a request that is refused without it need not be closed.
 */
export function directListener(app: object, adapter: GateListener): GateListener {
  // The application put it there; anything else with a fetch has none.
  const served = app as { readonly [DIRECT_ENDPOINTS]?: DirectEndpoints }
  return (incoming, outgoing) => {
    // Node leaves the body of an answer to HEAD away.
    const method = incoming.method === 'HEAD' ? 'GET' : incoming.method
    // Looked at each time: middleware that is added turns them off.
    const endpoint = served[DIRECT_ENDPOINTS]?.get(sentPath(incoming))?.[method ?? '']
    if (endpoint === undefined || outgoing.exchange === undefined) process.nextTick(adapter, incoming, outgoing)
    else process.nextTick(answerDirectly, outgoing.exchange, endpoint)
  }
}

/** The path as it was sent: one that needs to be normalised is not found here, and left to the adapter. */
function sentPath({ url = '' }: IncomingMessage): string {
  const query = url.indexOf('?')
  return query === -1 ? url : url.slice(0, query)
}

function answerDirectly(exchange: NodeTransport, endpoint: Endpoint): void {
  const { incoming } = exchange
  const answer = endpoint({
    method: incoming.method ?? 'GET',
    target: incoming.url,
    headers: new IncomingHeaders(incoming),
    transport: exchange,
    toRequest: refuseRequest,
  })
  if (answer instanceof Promise) void answer.then(settled => send(exchange, settled))
  else send(exchange, answer)
}

function refuseRequest(): never {
  throw new Error('This endpoint was not to need a Request; this is a bug in Incant')
}

/** Writes an answer in one piece. */
export function send(exchange: NodeTransport, answer: Answer | Response): void {
  const { outgoing } = exchange
  const { status, body } = answer
  const lines = answer instanceof Answer ? listLines(answer.headers) : [...answer.headers].flat()
  if (isReadableStream(body)) {
    void sendStream(exchange, { status, lines, body })
    return
  }
  if (body !== null) lines.push('Content-Length', String(Buffer.byteLength(body)))
  outgoing.answer(status, lines, body)
}

/** Headers in a row, name and value in turn: Node writes them unchanged. */
function listLines(headers: HeaderLines): string[] {
  const lines: string[] = []
  for (const name in headers) {
    const value = headers[name] ?? ''
    if (typeof value === 'string') lines.push(name, value)
    else for (const line of value) lines.push(name, line)
  }
  return lines
}
