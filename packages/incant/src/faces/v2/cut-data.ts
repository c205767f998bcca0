import { endOfString } from '../../http/json-size.ts'
import { type NumberArray, readNumberArray } from '../../json/number-array.ts'

/** An array in a body: from its bracket to behind the one that closes it. */
export interface CutArray {
  readonly start: number
  readonly end: number
  /** What is in it, if these are numbers. */
  readonly numbers: NumberArray | undefined
}

/** A request without the elements of its tensors, and where they are. */
export interface CutRequest {
  /** JSON, in which `{"data": […]}` is `{"data array": 0}`. */
  readonly head: Uint8Array
  readonly arrays: readonly CutArray[]
}

/** The member that replaces data that was cut out: the index of its array. */
export const ARRAY = 'data array'

const QUOTE = 0x22
const COLON = 0x3a
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const SPACE = 0x20

/** How deep the members of a tensor are: in an object, in an array, in the request. */
const TENSOR_DEPTH = 3

const encoder = new TextEncoder()
const DATA = encoder.encode('"data"')

/**
 * Cuts the arrays of `data` out of a request. Those of numbers are read on the way, in turns of the event loop and before their
 * datatype is known: the members of a tensor have no order. What is not JSON is found where the parts are parsed.
 */
export async function cutData(bytes: Uint8Array): Promise<CutRequest> {
  const parts: Uint8Array[] = []
  const arrays: CutArray[] = []
  let depth = 0
  let from = 0
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index]
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1
    else if (byte === QUOTE) {
      const start =
        depth === TENSOR_DEPTH && isData(bytes, index) ? startOfArray(bytes, index + DATA.length) : undefined
      if (start === undefined) index = endOfString(bytes, index)
      else {
        const array = await cutArray(bytes, start)
        parts.push(bytes.subarray(from, index), encoder.encode(`${JSON.stringify(ARRAY)}:${arrays.length}`))
        arrays.push(array)
        from = array.end
        index = from - 1
      }
    }
  }
  return { head: join([...parts, bytes.subarray(from)]), arrays }
}

async function cutArray(bytes: Uint8Array, start: number): Promise<CutArray> {
  const numbers = await readNumberArray(bytes, start)
  return { start, end: numbers?.end ?? endOfArray(bytes, start), numbers }
}

function isData(bytes: Uint8Array, at: number): boolean {
  return DATA.every((byte, offset) => bytes[at + offset] === byte)
}

/** Where the array of a member begins, if it is one. */
function startOfArray(bytes: Uint8Array, behindName: number): number | undefined {
  const colon = skipSpace(bytes, behindName)
  if (bytes[colon] !== COLON) return undefined
  const start = skipSpace(bytes, colon + 1)
  return bytes[start] === OPEN_BRACKET ? start : undefined
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let index = from
  while (index < bytes.length && (bytes[index] ?? 0) <= SPACE) index += 1
  return index
}

/** Behind the bracket that closes an array; the end of the bytes where none does. */
function endOfArray(bytes: Uint8Array, start: number): number {
  let depth = 0
  for (let index = start; index < bytes.length; index += 1) {
    const byte = bytes[index]
    if (byte === QUOTE) index = endOfString(bytes, index)
    else if (byte === OPEN_BRACKET) depth += 1
    else if (byte === CLOSE_BRACKET) depth -= 1
    if (depth === 0) return index + 1
  }
  return bytes.length
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}
