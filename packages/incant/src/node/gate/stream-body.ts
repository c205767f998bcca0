import type { IncomingMessage } from 'node:http'
import type { RequestError } from '../../errors/request-error.ts'
import { type BodyLimits, type BodyReader, type BodyReading, readThrough } from './read-body.ts'

/** A body as a stream, and a function that pauses its reading. */
export interface StreamedBody {
  readonly stream: ReadableStream<Uint8Array>
  readonly reading: BodyReading
}

/**
 * A body as a stream, one chunk at a time: the socket is read only when the stream is. `Readable.toWeb` throws outside
 * every handler when its stream is cancelled at the wrong time.
 */
export function streamBody(incoming: IncomingMessage, limits: BodyLimits): StreamedBody {
  const source = new BodySource(incoming)
  const stream = new ReadableStream<Uint8Array>(source, { highWaterMark: 0 })
  const reading = readThrough(incoming, limits, source)
  incoming.pause()
  return { stream, reading }
}

class BodySource implements BodyReader {
  readonly #incoming: IncomingMessage
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  #delivered: (() => void) | undefined
  #over = false

  constructor(incoming: IncomingMessage) {
    this.#incoming = incoming
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.#controller = controller
  }

  /** Settles when something has come, so that it is not asked again before. */
  pull(): Promise<void> {
    return new Promise(resolve => {
      this.#delivered = resolve
      this.#incoming.resume()
    })
  }

  /** The rest is dropped. */
  cancel(): void {
    this.#over = true
    this.#incoming.resume()
  }

  chunk(chunk: Uint8Array): void {
    if (this.#over) return
    this.#controller?.enqueue(chunk)
    this.#incoming.pause()
    this.#delivered?.()
  }

  end(): void {
    this.#finish(controller => controller.close())
  }

  fail(error: RequestError): void {
    this.#finish(controller => controller.error(error))
  }

  #finish(finish: (controller: ReadableStreamDefaultController<Uint8Array>) => void): void {
    if (this.#over || this.#controller === undefined) return
    this.#over = true
    finish(this.#controller)
    this.#delivered?.()
  }
}
