/** Bytes that are no message of their type. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage'
}

const LATIN = 0x80

/** Reads the values of the Protocol Buffers wire format, never past its end. */
export class Reader {
  /** The last varint, as two halves of 32 bits. */
  low = 0
  high = 0
  at = 0
  readonly end: number
  readonly #bytes: Uint8Array
  readonly #view: DataView

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.end = bytes.byteLength
  }

  get isDone(): boolean {
    return this.at >= this.end
  }

  /** Reads a varint into {@link low} and {@link high}. */
  varint(): void {
    let [low, high] = [0, 0]
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#bytes[this.#take(1)] ?? 0
      const bits = byte & 0x7f
      if (shift < 32) low |= bits << shift
      if (shift === 28) high |= bits >>> 4
      else if (shift > 28) high |= bits << (shift - 32)
      if (byte < LATIN) {
        this.low = low >>> 0
        this.high = high >>> 0
        return
      }
    }
    throw new MalformedMessage('a number has more than ten bytes')
  }

  /** A varint of at most 32 bits: a tag. */
  tag(): number {
    this.varint()
    if (this.high !== 0) throw new MalformedMessage('a field has no valid number')
    return this.low
  }

  /** The bytes of a value that begins with its length; not a copy. */
  bytes(): Uint8Array {
    this.varint()
    const length = this.high === 0 ? this.low : Number.POSITIVE_INFINITY
    const start = this.#take(length)
    return this.#bytes.subarray(start, this.at)
  }

  float(): number {
    return this.#view.getFloat32(this.#take(4), true)
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), true)
  }

  /** Leaves out a value of a wire type. */
  skip(wireType: number): void {
    if (wireType === 0) this.varint()
    else if (wireType === 1) this.#take(8)
    else if (wireType === 2) this.bytes()
    else if (wireType === 5) this.#take(4)
    else throw new MalformedMessage('a field has an unknown wire type')
  }

  #take(length: number): number {
    const start = this.at
    if (length > this.end - start) throw new MalformedMessage('it ends in the middle of a value')
    this.at = start + length
    return start
  }
}
