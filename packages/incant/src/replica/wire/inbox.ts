import { takeBodyMemory } from '../../process/memory/body-memory.ts'

/** Bytes that have arrived, in the pieces in which they came, until they are taken in pieces of another size. */
export class Inbox {
  readonly #own: boolean
  readonly #pieces: Buffer[] = []
  /** Bytes of the first piece that have been taken. */
  #offset = 0
  #length = 0
  /** The beginning of bytes of which the rest has yet to arrive. */
  #partial: Buffer | undefined
  #filled = 0

  /** @param own - Whether `takeAttached` copies bytes into memory that is theirs alone. */
  constructor(own: boolean) {
    this.#own = own
  }

  add(piece: Buffer): void {
    this.#pieces.push(piece)
    this.#length += piece.byteLength
  }

  /** Takes the next bytes, once all are there: a window of what has arrived where they came in one piece. */
  take(length: number): Buffer | undefined {
    if (this.#length < length) return undefined
    const [first] = this.#pieces
    const end = this.#offset + length
    if (first === undefined || first.byteLength < end) return this.#copy(length)
    const window = first.subarray(this.#offset, end)
    this.#skip(length)
    return window
  }

  /** Takes the next bytes, once all are there. Those of many pieces are copied as they come, so that no piece is kept. */
  takeAttached(length: number): Buffer | undefined {
    const isWindow = !this.#own && this.#partial === undefined && this.#length >= length
    return isWindow ? this.take(length) : this.#copy(length)
  }

  /** Copies what is left of the piece that came last: its memory is about to be used again. */
  keep(): void {
    const last = this.#pieces.length - 1
    const piece = this.#pieces[last]
    if (piece === undefined) return
    this.#pieces[last] = Buffer.from(last === 0 ? piece.subarray(this.#offset) : piece)
    if (last === 0) this.#offset = 0
  }

  #copy(length: number): Buffer | undefined {
    // Overwritten from end to end before anybody gets it.
    this.#partial ??= takeBodyMemory(length)
    for (let [piece] = this.#pieces; piece !== undefined && this.#filled < length; [piece] = this.#pieces) {
      const copied = piece.copy(this.#partial, this.#filled, this.#offset)
      this.#filled += copied
      this.#skip(copied)
    }
    if (this.#filled < length) return undefined
    const whole = this.#partial
    this.#partial = undefined
    this.#filled = 0
    return whole
  }

  #skip(length: number): void {
    this.#length -= length
    this.#offset += length
    if (this.#offset !== this.#pieces[0]?.byteLength) return
    this.#pieces.shift()
    this.#offset = 0
  }
}
