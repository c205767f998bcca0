import type { TensorDatatype } from '../../predictor/tensor.ts'
import { type ElementArray, elementClass } from '../../schema/element-class.ts'
import { refuseTensors } from './refusal.ts'

/**
 * Elements in row-major order, in the class of their datatype: `FP16` and `BF16` as their bits in a `Uint16Array`, `BOOL` as
 * 0 and 1 in a `Uint8Array`. `BYTES` are bytes or texts.
 */
export type TensorData = ElementArray | readonly (string | Uint8Array)[]

/** A tensor as it travels, whichever way it is written. */
export interface NamedTensor {
  readonly name: string
  readonly datatype: TensorDatatype
  /** Without free dimensions. */
  readonly shape: readonly number[]
  readonly data: TensorData
}

/** What a request says of a tensor whose elements are JSON. */
export interface JSONTensor {
  readonly name: string
  readonly datatype: TensorDatatype
  readonly shape: readonly number[]
  /** How many elements the shape says. */
  readonly count: number
}

/** New elements of a datatype that is not `BYTES`, all zero. */
export function makeElements(datatype: TensorDatatype, length: number): ElementArray {
  return new (elementClass(datatype) ?? Uint8Array)(length)
}

/** Whether elements are of one size each. */
export function isElementArray(data: TensorData): data is ElementArray {
  return ArrayBuffer.isView(data)
}

/**
 * Reads elements as the binary forms of the protocol have them: little-endian, one after the other; `BYTES` each after its
 * length in four bytes. A view of the same bytes where they lie as the class asks, else a copy.
 *
 * @param count - How many elements the shape says.
 * @throws {RequestError} `invalid_tensor` where the bytes are not as long as the shape says, or lengths in them are not true.
 */
export function readElements(
  datatype: TensorDatatype,
  bytes: Uint8Array,
  { name, count }: { readonly name: string; readonly count: number },
): TensorData {
  const Elements = elementClass(datatype)
  if (Elements === undefined) {
    refuseManyValues(name, count)
    return readByteElements(bytes, { name, count })
  }
  const length = count * Elements.BYTES_PER_ELEMENT
  if (bytes.byteLength !== length) {
    throw refuseTensors(`${name} has ${bytes.byteLength} bytes, and its shape and datatype say ${length}.`)
  }
  const { buffer, byteOffset } = bytes
  const isAligned = byteOffset % Elements.BYTES_PER_ELEMENT === 0
  const elements = isAligned ? new Elements(buffer, byteOffset, count) : new Elements(bytes.slice().buffer, 0, count)
  if (datatype === 'BOOL') refuseOtherThanBits(elements as Uint8Array, name)
  return elements
}

/** So many values in one request: those of typed arrays are none. */
const MAXIMUM_VALUES = 200_000

/**
 * A value of JavaScript costs ten times what its bytes do, and arrays in arrays more.
 *
 * @throws {RequestError} `invalid_tensor` where there are too many.
 */
export function refuseManyValues(name: string, values: number): void {
  if (values > MAXIMUM_VALUES)
    throw refuseTensors(
      `${name} has ${values} values, and may have ${MAXIMUM_VALUES} where predict takes no typed array.`,
    )
}

function refuseOtherThanBits(elements: Uint8Array, name: string): void {
  for (let index = 0; index < elements.length; index += 1) {
    if ((elements[index] ?? 0) > 1) throw refuseTensors(`${name} is BOOL, and has a byte other than 0 and 1.`)
  }
}

const LENGTH_BYTES = 4

function readByteElements(
  bytes: Uint8Array,
  { name, count }: { readonly name: string; readonly count: number },
): readonly Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const elements: Uint8Array[] = []
  let offset = 0
  // Each element takes bytes, so that a shape that lies ends here.
  while (elements.length < count) {
    if (offset + LENGTH_BYTES > bytes.length) throw refuseTensors(`${name} ends before its ${count} elements do.`)
    const start = offset + LENGTH_BYTES
    const end = start + view.getUint32(offset, true)
    if (end > bytes.length) throw refuseTensors(`${name} has an element that is said to be longer than its bytes.`)
    elements.push(bytes.subarray(start, end))
    offset = end
  }
  if (offset !== bytes.length)
    throw refuseTensors(`${name} has ${bytes.length - offset} bytes after its ${count} elements.`)
  return elements
}

const encoder = new TextEncoder()

/** Elements in the binary form of the protocol; those of one size as they are. */
export function writeElements(data: TensorData): Uint8Array {
  if (isElementArray(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const elements = data.map(element => (typeof element === 'string' ? encoder.encode(element) : element))
  const bytes = new Uint8Array(elements.reduce((sum, { length }) => sum + LENGTH_BYTES + length, 0))
  const view = new DataView(bytes.buffer)
  let offset = 0
  for (const element of elements) {
    view.setUint32(offset, element.length, true)
    bytes.set(element, offset + LENGTH_BYTES)
    offset += LENGTH_BYTES + element.length
  }
  return bytes
}
