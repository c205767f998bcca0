import { nextTurn } from '../../async/next-turn.ts'
import { writtenOut } from '../../http/written-out.ts'
import type { CutArray } from '../../json/cut-arrays.ts'
import { endOfString } from '../../json/json-bytes.ts'
import type { ElementArray } from '../../schema/element-class.ts'
import { refuseTensors } from './refusal.ts'
import { type JSONTensor, makeElements, refuseManyValues, type TensorData } from './tensor.ts'
import { toElements } from './typed-elements.ts'

/** So many bytes are parsed in one turn of the event loop: half a millisecond. */
const TURN = 65_536

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const SPACE = 0x20

/**
 * The elements of a tensor that are JSON in a body: in a row, or in arrays in arrays of its shape. Those that have been read as
 * numbers are converted. Texts, booleans, long integers and what is wrong are read from the body, in which the brackets inside
 * become spaces.
 *
 * @throws {RequestError} `invalid_tensor` for what is not JSON, not of the datatype, or not of the shape.
 */
export async function readJSONElements(bytes: Uint8Array, array: CutArray, tensor: JSONTensor): Promise<TensorData> {
  if (tensor.datatype === 'FP16' || tensor.datatype === 'BF16')
    throw refuseTensors(`${tensor.name} is ${tensor.datatype}, which JSON has no form for: send it as binary data.`)
  if (tensor.datatype === 'BYTES') refuseManyValues(tensor.name, tensor.count)
  const elements = array.numbers && toElements(array.numbers, tensor)
  return elements ?? readValues(bytes, array, tensor)
}

async function readValues(bytes: Uint8Array, { start, end }: CutArray, tensor: JSONTensor): Promise<TensorData> {
  // Each element takes a byte, and a comma: no memory for a shape that lies.
  if (tensor.count > (end - start) / 2) throw refuseTensors(`${tensor.name} has fewer elements than its shape says.`)
  const nesting = new Nesting(tensor)
  const elements = new Elements(tensor)
  let from = start + 1
  for (let index = from; index < end - 1; index += 1) {
    const byte = bytes[index] ?? 0
    if (byte === OPEN_BRACKET || byte === CLOSE_BRACKET) {
      nesting.see(byte === OPEN_BRACKET)
      bytes[index] = SPACE
    } else if (byte === COMMA) {
      nesting.next()
      if (index - from > TURN) {
        elements.take(bytes.subarray(from, index))
        from = index + 1
        await nextTurn()
      }
    } else if (byte > SPACE) {
      nesting.value()
      index = byte === QUOTE ? Math.min(endOfString(bytes, index), end - 2) : lastOfToken(bytes, index)
    }
  }
  nesting.end()
  return elements.finish(bytes.subarray(from, end - 1))
}

/** The last byte of a number or a word. */
function lastOfToken(bytes: Uint8Array, start: number): number {
  let index = start + 1
  while (index < bytes.length && isOfToken(bytes[index] ?? 0)) index += 1
  return index - 1
}

function isOfToken(byte: number): boolean {
  return byte > COMMA && byte !== OPEN_BRACKET && byte !== CLOSE_BRACKET
}

/** Follows the arrays in arrays of a tensor: they are as long as its shape says, or there are none. */
class Nesting {
  readonly #tensor: JSONTensor
  /** How many elements each array that is open has so far. */
  readonly #lengths: number[] = [0]
  #isNested = false

  constructor(tensor: JSONTensor) {
    this.#tensor = tensor
  }

  see(opens: boolean): void {
    if (opens) {
      this.#mark()
      this.#isNested = true
      this.#lengths.push(0)
      if (this.#lengths.length > this.#tensor.shape.length) throw this.#mismatch()
    } else {
      if (this.#lengths.length < 2) throw this.#mismatch()
      this.#close()
    }
  }

  next(): void {
    const last = this.#lengths.length - 1
    this.#lengths[last] = (this.#lengths[last] ?? 0) + 1
  }

  value(): void {
    const { length } = this.#lengths
    if (length !== (this.#isNested ? this.#tensor.shape.length : 1)) throw this.#mismatch()
    this.#mark()
  }

  end(): void {
    const [length] = this.#lengths
    if (this.#lengths.length !== 1) throw this.#mismatch()
    if (this.#isNested) this.#close()
    else if (length !== this.#tensor.count)
      throw refuseTensors(`${this.#tensor.name} has ${length} elements, and its shape says ${this.#tensor.count}.`)
  }

  /** The first element of an array counts, as each separator does. */
  #mark(): void {
    const last = this.#lengths.length - 1
    if (this.#lengths[last] === 0) this.#lengths[last] = 1
  }

  #close(): void {
    const axis = this.#lengths.length - 1
    if (this.#lengths.pop() !== this.#tensor.shape[axis]) throw this.#mismatch()
  }

  #mismatch(): Error {
    const { name, shape } = this.#tensor
    return refuseTensors(
      `The data of ${name} is neither one row of elements nor arrays of the shape [${shape.join(', ')}].`,
    )
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true })

/** From so many digits on, an integer may be more than a double has a place for. */
const LONG = /\d{16}/

/** The elements of a tensor, part by part. */
class Elements {
  readonly #tensor: JSONTensor
  readonly #data: ElementArray | string[]
  #length = 0

  constructor(tensor: JSONTensor) {
    this.#tensor = tensor
    this.#data = tensor.datatype === 'BYTES' ? [] : makeElements(tensor.datatype, tensor.count)
  }

  take(part: Uint8Array): void {
    const values = this.#parse(part)
    if (this.#length + values.length > this.#tensor.count) throw this.#refuse('has more elements than its shape says')
    for (const value of values) {
      this.#put(value)
      this.#length += 1
    }
  }

  finish(part: Uint8Array): TensorData {
    if (this.#tensor.count > 0) this.take(part)
    if (this.#length < this.#tensor.count) throw this.#refuse('has fewer elements than its shape says')
    return this.#data
  }

  #parse(part: Uint8Array): readonly unknown[] {
    try {
      const text = decoder.decode(part)
      const isLong = this.#data instanceof BigInt64Array || this.#data instanceof BigUint64Array
      if (isLong && LONG.test(text)) return text.split(',').map(readInteger)
      return JSON.parse(`[${writtenOut(text)}]`)
    } catch {
      throw this.#refuse('has data that is not JSON')
    }
  }

  #put(value: unknown): void {
    const { datatype } = this.#tensor
    const data = this.#data
    if (Array.isArray(data)) {
      if (typeof value !== 'string') throw this.#refuse('is BYTES, and has an element that is no string')
      data.push(value)
    } else if (datatype === 'BOOL' ? !isBit(value) : !isNumeric(value)) {
      throw this.#refuse(`is ${datatype}, and has an element of another kind`)
    } else if (!put(data, this.#length, value as number | bigint | boolean)) {
      throw this.#refuse(`has an element that no ${datatype} is`)
    }
  }

  #refuse(what: string): Error {
    return refuseTensors(`${this.#tensor.name} ${what}.`)
  }
}

/** Every digit of an integer. Others are as JSON has them. */
function readInteger(text: string): unknown {
  const token = text.trim()
  return /^-?(?:0|[1-9]\d{0,19})$/.test(token) ? BigInt(token) : JSON.parse(token)
}

function isBit(value: unknown): boolean {
  return typeof value === 'boolean' || value === 0 || value === 1
}

function isNumeric(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint'
}

/** Whether a typed array has a place for a number; a float for the nearest one. */
function put(data: ElementArray, index: number, value: number | bigint | boolean): boolean {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    if (typeof value === 'number' && !Number.isInteger(value)) return false
    const integer = BigInt(value)
    data[index] = integer
    return data[index] === integer
  }
  data[index] = Number(value)
  if (data instanceof Float32Array || data instanceof Float64Array) return Number.isFinite(data[index])
  return data[index] === Number(value)
}
