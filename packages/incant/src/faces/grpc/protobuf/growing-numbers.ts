import { MalformedMessage, Reader } from './reader.ts'
import type { Scalar } from './shape.ts'

/** The scalars that are numbers, or a bit. */
export type NumberScalar = Exclude<Scalar, 'string' | 'bytes'>

type Numbers = Uint8Array | Int32Array | Uint32Array | BigInt64Array | BigUint64Array | Float32Array | Float64Array

const ARRAYS: { readonly [Type in NumberScalar]: new (length: number) => Numbers } = {
  bool: Uint8Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float: Float32Array,
  double: Float64Array,
}

const NONE = new Uint32Array(0)

/** The values of a repeated field of numbers, while they are read. The format is little-endian, as every platform of Node. */
export class GrowingNumbers {
  readonly #type: NumberScalar
  #values: Numbers
  /** Numbers of 64 bits as two of 32, so that there is no `bigint` in between. */
  #halves: Uint32Array = NONE
  #length = 0

  constructor(type: NumberScalar) {
    this.#type = type
    this.#values = new ARRAYS[type](0)
  }

  /**
   * Takes the values of a packed field of fixed width in one copy. False: their width is not fixed.
   *
   * @throws {MalformedMessage} Where they are not whole.
   */
  takesWhole(bytes: Uint8Array): boolean {
    const width = this.#type === 'float' ? 4 : this.#type === 'double' ? 8 : 0
    if (width === 0) return false
    if (bytes.byteLength % width !== 0) throw new MalformedMessage('packed numbers are not whole')
    const start = this.#grow(bytes.byteLength / width)
    const { buffer, byteOffset } = this.#values
    new Uint8Array(buffer, byteOffset + start * width, bytes.byteLength).set(bytes)
    return true
  }

  /** Reads a packed field of varints. Returns how many they are, and reads none of more than `most`. */
  readAll(bytes: Uint8Array, most: number): number {
    let count = 0
    for (let index = 0; index < bytes.byteLength && count < most; index += 1) if ((bytes[index] ?? 0) < 0x80) count += 1
    if (count >= most) return count
    const reader = new Reader(bytes)
    this.read(reader, count)
    if (!reader.isDone) throw new MalformedMessage('packed numbers are not whole')
    return count
  }

  read(reader: Reader, count: number): void {
    const start = this.#grow(count)
    for (let index = start; index < start + count; index += 1) this.#readOne(reader, index)
  }

  finish(): Numbers {
    return this.#values.length === this.#length ? this.#values : this.#values.slice(0, this.#length)
  }

  #readOne(reader: Reader, index: number): void {
    const values = this.#values
    if (values instanceof Float32Array) values[index] = reader.float()
    else if (values instanceof Float64Array) values[index] = reader.double()
    else {
      reader.varint()
      if (values instanceof Uint8Array) values[index] = reader.low !== 0 || reader.high !== 0 ? 1 : 0
      else if (values instanceof Int32Array || values instanceof Uint32Array) values[index] = reader.low
      else {
        this.#halves[index * 2] = reader.low
        this.#halves[index * 2 + 1] = reader.high
      }
    }
  }

  /** Makes room, and returns where it begins. Memory grows by doubling, so that one value at a time costs no more. */
  #grow(count: number): number {
    const start = this.#length
    const needed = start + count
    if (needed > this.#values.length) {
      const grown = new ARRAYS[this.#type](start === 0 ? needed : Math.max(needed, this.#values.length * 2))
      new Uint8Array(grown.buffer).set(new Uint8Array(this.#values.buffer))
      this.#values = grown
      if (grown.BYTES_PER_ELEMENT === 8) this.#halves = new Uint32Array(grown.buffer)
    }
    this.#length = needed
    return start
  }
}
