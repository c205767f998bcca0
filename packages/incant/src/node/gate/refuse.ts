import { randomUUID } from 'node:crypto'
import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { AccessLog } from '../../app/access-log/access-log.ts'
import { corsHeaders } from '../../http/cors.ts'
import { describeProblem, PROBLEM_TYPE } from '../../http/problem.ts'
import type { Recorder } from '../../metrics/recorder.ts'
import type { OriginList } from '../../network/origin-list.ts'
import { STRICT_TRANSPORT } from '../tls/protocol.ts'
import type { Connection } from './connection.ts'
import type { GateRefusal } from './gate-refusal.ts'
import type { NodeTransport } from './node-transport.ts'

/** Gets every refusal. */
export interface RefusalWitness {
  readonly accessLog: AccessLog
  readonly recorder: Recorder | undefined
  /** Web pages of other origins that may read what is refused. */
  readonly origins: OriginList
}

interface Answer {
  readonly requestId: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Answers a request that does not reach the application, and closes its connection.
 *
 * @param challenges - Lines of `WWW-Authenticate` for a refusal that is about credentials.
 */
export function refuseRequest(
  exchange: NodeTransport,
  refusal: GateRefusal,
  { witness, challenges }: { readonly witness: RefusalWitness; readonly challenges: readonly string[] },
): void {
  const began = performance.now()
  const { connection, incoming, outgoing } = exchange
  const answer = describeAnswer(refusal, witness, incoming)
  if (refusal.retryAfter !== undefined) outgoing.setHeader('Retry-After', refusal.retryAfter)
  if (refusal.challenges && challenges.length > 0) outgoing.setHeader('WWW-Authenticate', challenges)
  exchange.onEnd(end => {
    witness.recorder?.countBytes(end)
    tellRefusal(witness, { refusal, answer, connection, incoming, began })
  })
  connection.closeAfterResponse()
  outgoing.writeHead(answer.status, answer.headers)
  outgoing.end(answer.body)
}

/** Notes that a caller has left before its request was handled. */
export function noteLeft({ connection, incoming }: NodeTransport, witness: RefusalWitness): void {
  const refusal: GateRefusal = { code: 'client_closed' }
  tellRefusal(witness, { refusal, answer: describeAnswer(refusal, witness, incoming), connection, incoming })
}

/** Answers bytes that Node has not made a request of, and closes the connection. */
export function refuseOnSocket(
  connection: Connection,
  refusal: GateRefusal,
  { witness, incoming }: { readonly witness: RefusalWitness; readonly incoming: IncomingMessage | undefined },
): void {
  const answer = describeAnswer(refusal, witness, incoming)
  connection.closeAfterResponse()
  connection.socket.write(formatAnswer(answer, connection))
  connection.socket.destroySoon()
  tellRefusal(witness, { refusal, answer, connection, incoming })
}

/**
 * Line by line as Node and the application write theirs: a caller outside the network cannot see which of them has
 * answered.
 */
function formatAnswer({ status, headers, body }: Answer, { isEncrypted }: Connection): string {
  const { 'Content-Length': length, Date: date, ...others } = headers
  const lines = [
    ...Object.entries(others),
    ...(isEncrypted ? [STRICT_TRANSPORT] : []),
    ['Date', date],
    ['Connection', 'close'],
    ['Content-Length', length],
  ].map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`
}

function describeAnswer(
  refusal: GateRefusal,
  { origins }: RefusalWitness,
  incoming: IncomingMessage | undefined,
): Answer {
  const requestId = readRequestId(incoming)
  const problem = describeProblem(refusal.code, { requestId, detail: refusal.detail })
  const body = JSON.stringify(problem)
  return {
    requestId,
    status: problem.status,
    body,
    headers: {
      'Content-Type': PROBLEM_TYPE,
      'X-Request-Id': requestId,
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
      ...corsHeaders(origins, incoming?.headers.origin),
      'Content-Length': String(Buffer.byteLength(body)),
      Date: new Date().toUTCString(),
    },
  }
}

function readRequestId(incoming: IncomingMessage | undefined): string {
  const given = incoming?.headers['x-request-id']
  return typeof given === 'string' && /^[A-Za-z0-9._-]{1,128}$/.test(given) ? given : randomUUID()
}

interface ToldRefusal {
  readonly refusal: GateRefusal
  readonly answer: Answer
  readonly connection: Connection
  readonly incoming: IncomingMessage | undefined
  readonly began?: number
}

function tellRefusal(witness: RefusalWitness, { refusal, answer, ...place }: ToldRefusal): void {
  const { method } = place.incoming ?? {}
  const ms = place.began === undefined ? undefined : performance.now() - place.began
  witness.recorder?.countRefusal(refusal.code)
  witness.recorder?.route('*').count({ method: method ?? '', status: answer.status, seconds: (ms ?? 0) / 1000 })
  witness.accessLog.log('info', {
    requestId: answer.requestId,
    method,
    status: answer.status,
    ms: ms === undefined ? undefined : Math.round(ms * 1000) / 1000,
    client: place.connection.address,
    reason: refusal.code,
  })
}
