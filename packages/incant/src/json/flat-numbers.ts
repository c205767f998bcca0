import type { NumberArray } from './number-array.ts'
import { createNumbers } from './wire-form.ts'

/** Numbers from which it is worth it to send their bytes in place of their text. */
export const LONG = 64

/** Numbers of an array, or of arrays in arrays, in one piece: on their way to the process that makes the arrays of them. */
export class FlatNumbers {
  /** In row-major order. */
  readonly values: Float64Array
  /** The lengths of the arrays, the outermost first. */
  readonly shape: readonly number[]

  constructor(values: Float64Array, shape: readonly number[]) {
    this.values = values
    this.shape = shape
  }

  /** The arrays. */
  toArrays(): readonly unknown[] {
    return toArrays({ pieces: [this.values], shape: this.shape })
  }
}

/** The numbers in one piece. */
export function flatten({ pieces, shape }: NumberArray): FlatNumbers {
  const values = new Float64Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const piece of pieces) {
    values.set(piece, offset)
    offset += piece.length
  }
  return new FlatNumbers(values, shape)
}

/** The numbers as an array, or as arrays in arrays: what `JSON.parse` makes of their text. */
export function toArrays({ pieces, shape }: Pick<NumberArray, 'pieces' | 'shape'>): readonly unknown[] {
  return nest(shape, 0, new NumberCursor(pieces))
}

function nest(shape: readonly number[], axis: number, numbers: NumberCursor): readonly unknown[] {
  const length = shape[axis] ?? 0
  if (axis >= shape.length - 1) return numbers.take(length)
  const rows: unknown[] = []
  for (let row = 0; row < length; row += 1) rows.push(nest(shape, axis + 1, numbers))
  return rows
}

/** Goes through numbers that are in pieces. */
class NumberCursor {
  readonly #pieces: Iterator<Float64Array>
  #piece: Float64Array = new Float64Array(0)
  #at = 0

  constructor(pieces: readonly Float64Array[]) {
    this.#pieces = pieces.values()
  }

  /** As many numbers as there are at least. */
  take(length: number): number[] {
    const numbers = createNumbers(length)
    for (let index = 0; index < length; ) {
      if (this.#at === this.#piece.length) this.#next()
      const piece = this.#piece
      const end = Math.min(length, index + piece.length - this.#at)
      const offset = this.#at - index
      this.#at += end - index
      for (; index < end; index += 1) numbers[index] = piece[offset + index] ?? 0
    }
    return numbers
  }

  #next(): void {
    const { value, done } = this.#pieces.next()
    if (done === true) throw new RangeError('there are fewer numbers than the shape says')
    this.#piece = value
    this.#at = 0
  }
}
