import { concatenate } from '../collections/concatenate.ts'
import { COMMA, endOfString, endOfValue, OPEN_BRACE, OPEN_BRACKET, QUOTE, skipSpace } from './json-bytes.ts'
import { type NumberArray, readNumberArray, releaseNumbers } from './number-array.ts'

/** Where the arrays of a document are that are cut out of it: in members of objects, in items of arrays, or at the root. */
export type Places<Kind> =
  | { readonly members: ReadonlyMap<string, Places<Kind>> }
  | { readonly items: Places<Kind> }
  | { readonly array: Kind }

/** An array in a document: from its bracket to behind the one that closes it. */
export interface CutArray {
  readonly start: number
  readonly end: number
  /** How many containers it is in. */
  readonly depth: number
  /** The content, if these are numbers. */
  readonly numbers: NumberArray | undefined
}

/** A document without some of its arrays, and where they are. */
export interface CutDocument {
  /** JSON, in which the index of an array is in its place. */
  readonly head: Uint8Array
  readonly arrays: readonly CutArray[]
}

/** Gives back the memory of the numbers, which are not read again. */
export function releaseArrays(arrays: readonly CutArray[]): void {
  for (const { numbers } of arrays) if (numbers !== undefined) releaseNumbers(numbers)
}

/** How a document is cut. */
export interface CutOptions {
  /** The name that a member gets whose array is cut out. Default: the name that it has. */
  readonly rename?: string
  /**
   * Whether a document is refused that has another value than an array of numbers at one of the places, or an escape in the name
   * of a member there. So every number at a place of the head is the index of an array.
   */
  readonly isStrict: boolean
}

const COLON = 0x3a
const NOT_ASCII = 0x80

/** Bytes of a name that are read one by one: the decoder takes longer to be called than to walk them. */
const SHORT = 32

/** Bytes between two values that are walked in one turn of the event loop. */
const TURN = 65_536

/** Arrays that are cut out of one document. More of them are not worth their places in the head. */
const MOST = 4096

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** The space keeps a digit behind an array from being one of its index. */
const writeIndex = (index: number): Uint8Array => encoder.encode(`${index} `)

/** Few documents have more arrays. */
const INDICES: readonly Uint8Array[] = Array.from({ length: 16 }, (_, index) => writeIndex(index))

/**
 * Cuts arrays out of JSON, and reads those of numbers on the way. A document that is not JSON has a head that is not JSON.
 *
 * It yields after so many bytes as are read in one turn of an event loop.
 *
 * @returns `undefined` for a document that strict options refuse.
 */
export function* cutArrays(
  bytes: Uint8Array,
  places: Places<unknown>,
  options: CutOptions,
): Generator<void, CutDocument | undefined> {
  const cutter = new Cutter(bytes, options)
  yield* cutter.walk(0, places, 0)
  return cutter.finish()
}

class Cutter {
  readonly #bytes: Uint8Array
  readonly #options: CutOptions
  readonly #arrays: CutArray[] = []
  /** The head as far as it goes, and where the rest of it begins. */
  readonly #parts: Uint8Array[] = []
  #from = 0
  /** Where this turn ends. */
  #turn = TURN
  #isRefused = false

  constructor(bytes: Uint8Array, options: CutOptions) {
    this.#bytes = bytes
    this.#options = options
  }

  finish(): CutDocument | undefined {
    if (this.#isRefused) {
      releaseArrays(this.#arrays)
      return undefined
    }
    return { head: concatenate([...this.#parts, this.#bytes.subarray(this.#from)]), arrays: this.#arrays }
  }

  /**
   * Walks one value, and returns the place behind it.
   *
   * @param depth - How many containers it is in.
   */
  *walk(start: number, places: Places<unknown> | undefined, depth: number): Generator<void, number> {
    const at = skipSpace(this.#bytes, start)
    if (at > this.#turn) {
      this.#turn = at + TURN
      yield
    }
    const byte = this.#bytes[at]
    if (places !== undefined) {
      if ('array' in places) return yield* this.#isCut(places, at) ? this.#cut(at, depth) : this.#other(at)
      if ('members' in places && byte === OPEN_BRACE) return yield* this.#walkMembers(at + 1, places.members, depth + 1)
      if ('items' in places && byte === OPEN_BRACKET) return yield* this.#walkItems(at + 1, places.items, depth + 1)
    }
    return yield* endOfValue(this.#bytes, at)
  }

  *#walkMembers(start: number, members: ReadonlyMap<string, Places<unknown>>, depth: number): Generator<void, number> {
    const bytes = this.#bytes
    let at = skipSpace(bytes, start)
    while (bytes[at] === QUOTE) {
      const end = endOfString(bytes, at)
      const name = readName(bytes, at + 1, end)
      if (this.#options.isStrict && name.includes('\\')) return yield* this.#other(at)
      const colon = skipSpace(bytes, end + 1)
      // What is no JSON stays in the head.
      if (bytes[colon] !== COLON) return bytes.length
      const inner = members.get(name)
      if (this.#options.rename !== undefined && this.#isCut(inner, colon + 1))
        this.#replace(at, end + 1, encoder.encode(JSON.stringify(this.#options.rename)))
      at = skipSpace(bytes, yield* this.walk(colon + 1, inner, depth))
      if (bytes[at] !== COMMA) break
      at = skipSpace(bytes, at + 1)
    }
    return at + 1
  }

  *#walkItems(start: number, items: Places<unknown>, depth: number): Generator<void, number> {
    let end = yield* this.walk(start, items, depth)
    for (;;) {
      const at = skipSpace(this.#bytes, end)
      if (this.#bytes[at] !== COMMA) return at + 1
      end = yield* this.walk(at + 1, items, depth)
    }
  }

  /** Whether there is an array that is cut out. The others stay in the head. */
  #isCut(places: Places<unknown> | undefined, start: number): boolean {
    if (places === undefined || !('array' in places) || this.#arrays.length === MOST) return false
    return this.#bytes[skipSpace(this.#bytes, start)] === OPEN_BRACKET
  }

  *#cut(start: number, depth: number): Generator<void, number> {
    const numbers = yield* readNumberArray(this.#bytes, start)
    if (numbers === undefined && this.#options.isStrict) return yield* this.#other(start)
    const end = numbers?.end ?? (yield* endOfValue(this.#bytes, start))
    const index = this.#arrays.length
    this.#replace(start, end, INDICES[index] ?? writeIndex(index))
    this.#arrays.push({ start, end, depth, numbers })
    return end
  }

  #replace(start: number, end: number, text: Uint8Array): void {
    this.#parts.push(this.#bytes.subarray(this.#from, start), text)
    this.#from = end
  }

  /** Another value than one to cut out. Strict options end the walk here. */
  *#other(start: number): Generator<void, number> {
    if (!this.#options.isStrict) return yield* endOfValue(this.#bytes, start)
    this.#isRefused = true
    return this.#bytes.length
  }
}

/** The name of a member as it is written, escapes included. */
function readName(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > SHORT) return decoder.decode(bytes.subarray(start, end))
  let name = ''
  for (let index = start; index < end; index += 1) {
    const byte = bytes[index] ?? 0
    if (byte >= NOT_ASCII) return decoder.decode(bytes.subarray(start, end))
    name += String.fromCharCode(byte)
  }
  return name
}
