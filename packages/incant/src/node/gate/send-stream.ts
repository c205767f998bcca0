import { checkChunk } from '../../http/byte-chunk.ts'
import { dropFalseCoding } from './content-coding.ts'
import type { NodeTransport } from './node-transport.ts'

/** An answer whose body is a stream, or none. */
export interface StreamedAnswer {
  readonly status: number
  /** Headers in a row, name and value in turn. */
  readonly lines: string[]
  readonly body: ReadableStream<Uint8Array> | null
}

/**
 * Writes a response whose body is a stream, no faster than the caller reads. A stream that fails ends the connection
 * without the end of the message, so that a part is not taken for the whole.
 */
export async function sendStream(exchange: NodeTransport, answer: StreamedAnswer): Promise<void> {
  const { outgoing } = exchange
  if (outgoing.destroyed) return void answer.body?.cancel().catch(() => {})
  const reader = answer.body?.getReader()
  exchange.onCut(() => void reader?.cancel().catch(() => {}))
  // A length that does not fit would put the rest of this message into the next one's place.
  outgoing.strictContentLength = true
  try {
    const { lines, first } = await dropFalseCoding(answer.lines, reader)
    outgoing.writeHead(answer.status, lines)
    // Sends the head as Latin-1, byte by byte (Fetch, isomorphic encode); flushHeaders would send UTF-8.
    outgoing.write('', 'latin1')
    for (let next = first ?? (await reader?.read()); next?.done === false; next = await reader?.read()) {
      if (!outgoing.write(checkChunk(next.value))) await drained(exchange)
    }
    outgoing.end()
  } catch (thrown) {
    exchange.breakAnswer(explain(thrown))
    // What is left to do is not to end the message.
    void reader?.cancel(thrown).catch(() => {})
    // Node gathers what is written until the next tick, and later versions drop what a close then overtakes.
    setImmediate(() => cut(exchange))
  }
}

/** Names the header if Node has found a length that does not fit; its message has only the numbers. */
function explain(thrown: unknown): unknown {
  if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_HTTP_CONTENT_LENGTH_MISMATCH'))
    return thrown
  return new Error('the Content-Length of the Response does not fit its body', { cause: thrown })
}

/** Settles when there is room again, or when the connection is gone: a write then is dropped, and the reader cancelled. */
function drained({ outgoing }: NodeTransport): Promise<void> {
  return new Promise(resolve => {
    const settle = () => {
      outgoing.off('drain', settle)
      outgoing.off('close', settle)
      resolve()
    }
    outgoing.on('drain', settle)
    outgoing.on('close', settle)
  })
}

/**
 * Closes after the written bytes, so that a last event still arrives. With HTTP/1.0 the close is the end of the
 * message; only a reset shows the caller that something is missing.
 */
function cut({ connection, incoming, outgoing }: NodeTransport): void {
  const { socket } = connection
  if (incoming.httpVersion === '1.0' || !outgoing.headersSent) connection.reset()
  else setTimeout(() => socket.end(() => socket.destroy()), LAST_MOMENT)
}

/**
 * Time between the last event and the close, in milliseconds: a browser drops what its page has not read when the
 * connection ends before the message does.
 */
const LAST_MOMENT = 50
