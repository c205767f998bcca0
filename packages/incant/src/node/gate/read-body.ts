import type { IncomingMessage } from 'node:http'
import { RequestError } from '../../errors/request-error.ts'
import { tooLarge } from '../../http/web-transport.ts'

/** What a body may be at most. */
export interface BodyLimits {
  /** Bytes. */
  readonly maximum: number
  readonly maxChunks: number
}

/** A body that is being read. */
export interface BodyReading {
  /** Bytes that have been read. */
  readonly bytes: number
  /** It will not arrive whole. Without effect once it has. */
  fail(error: RequestError): void
}

/** The reader of a body. After `end` or `fail` there are no more calls. */
export interface BodyReader {
  chunk(chunk: Buffer): void
  end(): void
  fail(error: RequestError): void
}

/** Counts arriving bytes, and passes each chunk to the reader, then once the end. */
export function readThrough(incoming: IncomingMessage, limits: BodyLimits, reader: BodyReader): BodyReading {
  let chunks = 0
  const fail = (error: RequestError) => {
    incoming.off('data', onData)
    incoming.off('end', onEnd)
    reader.fail(error)
  }
  const onData = (chunk: Buffer) => {
    reading.bytes += chunk.length
    chunks += 1
    if (reading.bytes > limits.maximum) fail(tooLarge(limits.maximum))
    else if (chunks > limits.maxChunks) fail(tooManyChunks(limits.maxChunks))
    else reader.chunk(chunk)
  }
  const onEnd = () => reader.end()
  // A getter in a literal that is made for each call costs more than the reading.
  const reading = { bytes: 0, fail }
  incoming.on('data', onData)
  incoming.on('end', onEnd)
  return reading
}

function tooManyChunks(maximum: number): RequestError {
  return new RequestError('body_too_large', { detail: `A body may arrive in ${maximum} chunks.` })
}

/** Reads a body to its end. A body of one chunk, as small ones are, is not copied. */
export function collectBody(
  incoming: IncomingMessage,
  limits: BodyLimits,
  promise: { resolve(body: Uint8Array): void; reject(error: RequestError): void },
): BodyReading {
  const chunks: Buffer[] = []
  return readThrough(incoming, limits, {
    chunk: chunk => chunks.push(chunk),
    end: () => promise.resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    fail: promise.reject,
  })
}
