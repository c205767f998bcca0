import type { IncomingMessage } from 'node:http'
import { RequestError } from '../../errors/request-error.ts'
import type { LentBody } from '../../http/transport.ts'
import { tooLarge } from '../../http/web-transport.ts'
import { BLOCK, giveBlocks, takeBlock } from '../../process/memory/block-pool.ts'
import { LARGE_BODY, takeBodyMemory } from '../../process/memory/body-memory.ts'

/** The limits of a body. */
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
  const body = new CollectedBody(Number(incoming.headers['content-length'] ?? 0))
  return readThrough(incoming, limits, {
    chunk: chunk => body.add(chunk),
    end: () => promise.resolve(body.take()),
    fail: promise.reject,
  })
}

/** Reads a body to its end, into memory that is used again. */
export function lendBody(
  incoming: IncomingMessage,
  limits: BodyLimits,
  promise: { resolve(body: LentBody): void; reject(error: RequestError): void },
): BodyReading {
  const body = new BlockBody()
  return readThrough(incoming, limits, {
    chunk: chunk => body.add(chunk),
    end: () => promise.resolve(body),
    fail: promise.reject,
  })
}

/** A body that arrives in blocks, once as much is there as is worth one. */
class BlockBody implements LentBody {
  #chunks: Buffer[] = []
  #length = 0
  #blocks: Buffer[] = []
  /** Bytes of the last block that are taken. */
  #filled = BLOCK

  get pieces(): readonly Uint8Array[] {
    const last = this.#blocks.at(-1)
    return last === undefined ? this.#chunks : this.#blocks.with(-1, last.subarray(0, this.#filled))
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    if (this.#length < LARGE_BODY) return
    for (const one of this.#chunks) this.#copy(one)
    this.#chunks = []
  }

  giveBack(): void {
    giveBlocks(this.#blocks)
    this.#blocks = []
  }

  #copy(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      const copied = chunk.copy(this.#last(), this.#filled, at)
      this.#filled += copied
      at += copied
    }
  }

  /** The block with room. */
  #last(): Buffer {
    const last = this.#blocks.at(-1)
    if (last !== undefined && this.#filled < BLOCK) return last
    const block = takeBlock()
    this.#blocks.push(block)
    this.#filled = 0
    return block
  }
}

/** How many times as much as has arrived a body may declare, to get memory for the whole of it. */
const TRUST = 16

/** A body that is arriving. The chunks of a large one are copied as they come: kept to its end, it would be there twice. */
class CollectedBody {
  readonly #declared: number
  #chunks: Buffer[] = []
  #whole: Buffer | undefined
  #length = 0

  /** @param declared - Bytes as the head declares them, which Node counts. 0: it does not. */
  constructor(declared: number) {
    this.#declared = declared
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    if (this.#declared >= LARGE_BODY && this.#length * TRUST >= this.#declared) this.#copy()
  }

  take(): Buffer {
    const [first] = this.#chunks
    if (this.#whole !== undefined) return this.#whole
    return this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks)
  }

  #copy(): void {
    this.#whole ??= takeBodyMemory(this.#declared)
    let at = this.#length - this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0)
    for (const chunk of this.#chunks) at += chunk.copy(this.#whole, at)
    this.#chunks = []
  }
}
