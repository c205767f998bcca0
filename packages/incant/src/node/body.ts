import type { IncomingMessage } from 'node:http'
import { RequestError } from '../errors/request-error.ts'
import { tooLarge } from '../http/web-transport.ts'

/** What a body may be at most. */
export interface BodyLimits {
  /** Bytes. */
  readonly maximum: number
  readonly maxChunks: number
}

/** A body that is being read. */
export interface BodyReading {
  /** It will not arrive whole. Without effect once it has. */
  fail(error: RequestError): void
}

interface BodyReader {
  chunk(chunk: Buffer): void
  end(): void
  fail(error: RequestError): void
}

/** Counts what arrives, and tells the reader about each chunk, then once how it ended. */
function readThrough(incoming: IncomingMessage, limits: BodyLimits, reader: BodyReader): BodyReading {
  let bytes = 0
  let chunks = 0
  const fail = (error: RequestError) => {
    incoming.off('data', onData)
    incoming.off('end', onEnd)
    reader.fail(error)
  }
  const onData = (chunk: Buffer) => {
    bytes += chunk.length
    chunks += 1
    if (bytes > limits.maximum) fail(tooLarge(limits.maximum))
    else if (chunks > limits.maxChunks) fail(tooManyChunks(limits.maxChunks))
    else reader.chunk(chunk)
  }
  const onEnd = () => reader.end()
  incoming.on('data', onData)
  incoming.on('end', onEnd)
  return { fail }
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

/**
 * A body as a stream, one chunk at a time: the socket is read only when the stream is. `Readable.toWeb` throws outside
 * every handler when its stream is cancelled at the wrong time.
 */
export function streamedBody(
  incoming: IncomingMessage,
  limits: BodyLimits,
): { stream: ReadableStream<Uint8Array>; reading: BodyReading } {
  let over = false
  let reading: BodyReading | undefined
  let wanted: (() => void) | undefined
  const deliver = () => {
    wanted?.()
    wanted = undefined
  }
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const finish = (act: () => void) => {
          if (over) return
          over = true
          act()
          deliver()
        }
        reading = readThrough(incoming, limits, {
          chunk(chunk) {
            if (over) return
            controller.enqueue(chunk)
            incoming.pause()
            deliver()
          },
          end: () => finish(() => controller.close()),
          fail: error => finish(() => controller.error(error)),
        })
        incoming.pause()
      },
      pull() {
        return new Promise<void>(resolve => {
          wanted = resolve
          incoming.resume()
        })
      },
      cancel() {
        over = true
        deliver()
        incoming.resume()
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, reading: { fail: error => reading?.fail(error) } }
}
