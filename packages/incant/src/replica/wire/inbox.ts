/** Bytes that have arrived, in the pieces in which they came, until they are taken in pieces of another size. */
export class Inbox {
  #pieces: Buffer[] = []
  #length = 0

  /** Bytes that are there. */
  get length(): number {
    return this.#length
  }

  add(piece: Buffer): void {
    this.#pieces.push(piece)
    this.#length += piece.byteLength
  }

  /** Takes the next bytes: a window of what has arrived where they came in one piece. */
  take(length: number): Buffer {
    const [first] = this.#pieces
    if (first === undefined || first.byteLength < length) return Buffer.from(this.takeOwn(length))
    this.#length -= length
    if (first.byteLength === length) this.#pieces.shift()
    else this.#pieces[0] = first.subarray(length)
    return first.subarray(0, length)
  }

  /** Takes the next bytes into a separate buffer. */
  takeOwn(length: number): ArrayBuffer {
    const own = new Uint8Array(length)
    let filled = 0
    let used = 0
    for (const piece of this.#pieces) {
      if (filled === length) break
      const part = piece.byteLength <= length - filled ? piece : piece.subarray(0, length - filled)
      own.set(part, filled)
      filled += part.byteLength
      if (part !== piece) this.#pieces[used] = piece.subarray(part.byteLength)
      else used += 1
    }
    this.#pieces.splice(0, used)
    this.#length -= filled
    return own.buffer
  }
}
