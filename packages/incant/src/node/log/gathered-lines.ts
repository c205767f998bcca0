/** Bytes of a piece of memory that lines are put into: more than are gathered where they are written in time. */
const PIECE = 80 * 1024

/** Bytes that a UTF-16 code unit takes in UTF-8, at most. */
const WIDEST = 3

/**
 * Lines as bytes, one after the other. Put there at once, a line leaves nothing to collect; a text that grows by it would
 * keep each of its parts until it is written.
 */
export class GatheredLines {
  #full: Buffer[] = []
  #piece: Buffer = Buffer.alloc(0)
  #used = 0
  #bytesInFull = 0

  /** Bytes. */
  get size(): number {
    return this.#bytesInFull + this.#used
  }

  add(line: string): void {
    const room = line.length * WIDEST
    if (this.#piece.length - this.#used < room) this.#startPiece(room)
    this.#used += this.#piece.write(line, this.#used)
  }

  /** All that has been gathered, which is forgotten here. */
  take(): Buffer {
    this.#startPiece(0)
    const [first = Buffer.alloc(0), ...others] = this.#full
    this.#full = []
    this.#bytesInFull = 0
    return others.length === 0 ? first : Buffer.concat([first, ...others])
  }

  #startPiece(room: number): void {
    if (this.#used > 0) this.#full.push(this.#piece.subarray(0, this.#used))
    this.#bytesInFull += this.#used
    this.#piece = room === 0 ? Buffer.alloc(0) : Buffer.allocUnsafeSlow(Math.max(PIECE, room))
    this.#used = 0
  }
}
