import { type IncomingMessage, type OutgoingHttpHeader, type OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { STRICT_TRANSPORT } from '../tls/protocol.ts'
import type { NodeTransport } from './node-transport.ts'

type WriteCallback = (error: Error | null | undefined) => void

type Headers = OutgoingHttpHeaders | OutgoingHttpHeader[]

/** Node's own way to send a piece of a message, which puts the head before the first one. It is in no types. */
interface PieceSender {
  _send?(piece: string, encoding: 'utf8'): boolean
}

/**
 * Node's response, which decides about the connection when the head is written, at the last possible moment: how much
 * of the body has arrived by then, or whether the server is stopping, is not known earlier.
 */
export class GateResponse extends ServerResponse<IncomingMessage> {
  exchange: NodeTransport | undefined
  /** Bytes of the body that were given to be sent. */
  bodyBytes = 0

  /**
   * Writes an answer that is all there. `end` would hand the socket two pieces, the second one empty, to be gathered and
   * written together: that costs a tenth of what Node takes for a small request.
   */
  answer(status: number, lines: string[], body: string | Uint8Array | null): void {
    this.writeHead(status, lines)
    const sender = this as PieceSender
    if (typeof body !== 'string' || this.req.method === 'HEAD' || sender._send === undefined)
      this.end(body ?? undefined)
    else {
      this.#count(body)
      sender._send(body, 'utf8')
      this.end()
    }
  }

  override write(chunk: unknown, encoding?: BufferEncoding | WriteCallback, callback?: WriteCallback): boolean {
    this.#count(chunk)
    // The overloads of Node's method, called with whichever arguments came; so below.
    const hasRoom = super.write(chunk, encoding as BufferEncoding, callback)
    this.#watchReader()
    return hasRoom
  }

  override end(chunk?: unknown, encoding?: BufferEncoding | (() => void), callback?: () => void): this {
    this.#count(chunk)
    super.end(chunk, encoding as BufferEncoding, callback)
    this.#watchReader()
    return this
  }

  override writeHead(status: number, reason?: string | Headers, headers?: Headers): this {
    this.exchange?.decideConnection()
    if (this.exchange?.connection.isEncrypted !== true) return this.#write(status, reason, headers)
    if (typeof reason === 'string') return this.#write(status, reason, secured(headers))
    return this.#write(status, secured(reason ?? headers))
  }

  /**
   * A reader that does not take everything at once is watched. Node may gather it for a moment before the socket has
   * it.
   */
  #watchReader(): void {
    if (this.writableLength > 0) this.exchange?.connection.watchReader()
  }

  /** An answer to HEAD has no body, even if one is written. */
  #count(chunk: unknown): void {
    if (this.exchange?.countsBytes !== true || this.req.method === 'HEAD') return
    if (typeof chunk === 'string') this.bodyBytes += Buffer.byteLength(chunk)
    else if (chunk instanceof Uint8Array) this.bodyBytes += chunk.byteLength
  }

  #write(status: number, reason: string | Headers | undefined, headers?: Headers): this {
    // The overloads of Node's method, called with whichever arguments came.
    return super.writeHead(status, reason as string, headers)
  }
}

/** Headers of an answer over TLS. */
function secured(headers: Headers = {}): Headers {
  const [name, value] = STRICT_TRANSPORT
  return Array.isArray(headers) ? [...headers, name, value] : { ...headers, [name]: value }
}
