import { NumberReader } from './number-reader.ts'

/** The numbers of a JSON array, or of arrays in arrays that have one length at each depth. */
export interface NumberArray {
  /** The numbers in row-major order, in pieces. */
  readonly pieces: readonly Float64Array[]
  /** The lengths of the arrays, the outermost first. */
  readonly shape: readonly number[]
  /** The place behind the bracket that closes the array. */
  readonly end: number
}

/** Numbers in one piece. */
const PIECE = 4096
/** Numbers in the first piece: a document may have many arrays of few numbers. */
const FIRST = 64
/** Pieces that are kept for the next arrays: 2 MiB. */
const KEPT = 64
/** Bytes that are read in one turn of the event loop, or the numbers of one piece: a fifth of a millisecond. */
const TURN = 65_536
const MAXIMUM_DEPTH = 32

const COMMA = 0x2c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

/** Memory that is taken again: new memory for each array would have the garbage of a whole heap collected every few of them. */
const free: Float64Array[] = []

/** Gives back the memory of an array whose numbers are not read again. */
export function releaseNumbers({ pieces }: NumberArray): void {
  for (const { buffer } of pieces)
    if (buffer.byteLength === PIECE * Float64Array.BYTES_PER_ELEMENT && free.length < KEPT)
      free.push(new Float64Array(buffer))
}

/**
 * Reads an array of numbers from JSON. It yields after so many bytes as are read in one turn of an event loop.
 *
 * @param start - The place of its bracket.
 * @returns `undefined` for everything else: an array of other values, arrays of none or of different lengths in an array, and
 * text that is not JSON.
 */
export function* readNumberArray(bytes: Uint8Array, start: number): Generator<void, NumberArray | undefined> {
  const scanner = new ArrayScanner(bytes, start)
  while (scanner.scan()) {
    if (scanner.isClosed) return scanner.result()
    yield
  }
  releaseNumbers(scanner.result())
  return undefined
}

/** Follows the brackets and commas around rows of numbers. */
class ArrayScanner {
  readonly #reader: NumberReader
  readonly #pieces: Float64Array[] = []
  /** The piece that is being filled, and how much of it is. */
  #piece: Float64Array
  #length = 0
  /** How many items each open array has so far. */
  readonly #open: number[] = []
  /** How many items the arrays of each depth have; unknown until the first of them is closed. */
  #shape: (number | undefined)[] = []

  constructor(bytes: Uint8Array, start: number) {
    this.#reader = new NumberReader(bytes, start)
    // A number takes a byte, and one to separate it from the next.
    this.#piece = new Float64Array(Math.min(FIRST, (bytes.length - start) >> 1))
  }

  get isClosed(): boolean {
    return this.#open.length === 0
  }

  /** Reads on for a turn, or to the end of the array. `false`: it is no array of numbers. */
  scan(): boolean {
    const until = this.#reader.position + TURN
    do {
      if (!(this.#openArrays() && this.#readRow() && this.#closeArrays())) return false
    } while (!this.isClosed && this.#reader.position < until)
    return true
  }

  result(): NumberArray {
    const pieces = [...this.#pieces, this.#piece.subarray(0, this.#length)]
    return { pieces, shape: this.#shape.map(length => length ?? 0), end: this.#reader.position }
  }

  /** Numbers are in the innermost arrays alone. */
  #openArrays(): boolean {
    while (this.#take(OPEN_BRACKET)) {
      this.#open.push(0)
      if (this.#open.length > MAXIMUM_DEPTH) return false
    }
    if (this.#shape.length === 0) this.#shape = this.#open.map(() => undefined)
    return this.#open.length === this.#shape.length
  }

  #readRow(): boolean {
    if (this.#length === this.#piece.length) this.#nextPiece()
    const start = this.#length
    this.#length = this.#reader.read(this.#piece, start)
    this.#count(this.#length - start)
    return this.#length > start || this.#isEmpty()
  }

  /** Whether there is no number, and can be none: in the outermost array, which then ends. */
  #isEmpty(): boolean {
    return this.#open.length === 1 && this.#open[0] === 0 && this.#reader.peek() === CLOSE_BRACKET
  }

  #nextPiece(): void {
    this.#pieces.push(this.#piece)
    this.#piece = takePiece()
    this.#length = 0
  }

  #count(items: number): void {
    const last = this.#open.length - 1
    this.#open[last] = (this.#open[last] ?? 0) + items
  }

  /** Closes arrays, and moves past the comma behind them. */
  #closeArrays(): boolean {
    while (this.#take(CLOSE_BRACKET)) {
      const length = this.#open.pop()
      const depth = this.#open.length
      this.#shape[depth] ??= length
      if (this.#shape[depth] !== length) return false
      if (depth === 0) return true
      this.#count(1)
    }
    return this.#take(COMMA)
  }

  /** Moves past a byte, if it is there. */
  #take(byte: number): boolean {
    const isThere = this.#reader.peek() === byte
    if (isThere) this.#reader.position += 1
    return isThere
  }
}

function takePiece(): Float64Array {
  return free.pop() ?? new Float64Array(PIECE)
}
