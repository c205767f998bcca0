import { connectionLost } from '../failures/connection-error.ts'
import type { CallClock } from '../request/call-clock.ts'
import type { ItemParser } from './item-parser.ts'

/** Options of {@link ItemStream}. */
export interface ItemStreamOptions {
  readonly body: ReadableStream<Uint8Array> | null
  readonly parser: ItemParser
  /** Runs while bytes are waited for, not while the caller is busy with an item. */
  readonly clock: CallClock
  readonly requestId: string | undefined
}

/** The result of a byte reader, which not every runtime's types name. */
interface Chunk {
  readonly done: boolean
  readonly value?: Uint8Array | undefined
}

/**
 * The items of an answer, read on demand: without a pending `next()` nothing is read, and the server's generator waits.
 * Leaving the loop before the end ends the request.
 */
export class ItemStream implements AsyncIterableIterator<unknown, undefined, undefined> {
  readonly #items: AsyncGenerator<unknown, undefined>
  readonly #clock: CallClock
  #left = false

  constructor(options: ItemStreamOptions) {
    this.#clock = options.clock
    this.#clock.pause()
    this.#items = this.#read(options)
  }

  /** The next item. Calls that do not wait for each other are answered in order. */
  next(): Promise<IteratorResult<unknown, undefined>> {
    return this.#items.next()
  }

  /** Ends the request, also where no item was read. */
  return(): Promise<IteratorResult<unknown, undefined>> {
    this.#left = true
    this.#clock.stop()
    return this.#items.return(undefined)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async *#read({ body, parser, requestId }: ItemStreamOptions): AsyncGenerator<unknown, undefined> {
    try {
      if (body !== null) for await (const text of this.#readText(body, parser, requestId)) yield* parser.push(text)
      yield* parser.end()
      this.#clock.release()
    } catch (thrown) {
      // A caller that has left does not get later errors.
      if (!this.#left) throw thrown
    } finally {
      // Also where the caller leaves the loop, which ends the generator here.
      this.#clock.stop()
    }
    return undefined
  }

  async *#readText(
    body: ReadableStream<Uint8Array>,
    parser: ItemParser,
    requestId: string | undefined,
  ): AsyncGenerator<string> {
    const reader = body.getReader()
    const decoder = new TextDecoder()
    for (;;) {
      const { done, value } = await this.#readChunk(reader).catch(thrown => {
        throw this.#clock.signal.aborted ? thrown : (parser.announced() ?? connectionLost(thrown, requestId))
      })
      if (done) break
      yield decoder.decode(value, { stream: true })
    }
    yield decoder.decode()
  }

  async #readChunk(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Chunk> {
    this.#clock.start()
    try {
      return await this.#clock.wait(reader.read())
    } finally {
      this.#clock.pause()
    }
  }
}
