import type { TensorDatatype } from '../../predictor/tensor.ts'
import type { ElementArray } from '../../schema/element-class.ts'
import { fromSmallBits, SMALL_FLOATS, toSmallBits } from './half.ts'
import { refuseTensors } from './refusal.ts'
import { isElementArray, makeElements, type TensorData } from './tensor.ts'

/** The datatypes whose every value another one has, too. */
const WIDER: { readonly [datatype in TensorDatatype]?: readonly TensorDatatype[] } = {
  FP64: ['FP32', 'FP16', 'BF16', 'INT8', 'INT16', 'INT32', 'INT64', 'UINT8', 'UINT16', 'UINT32', 'UINT64'],
  FP32: ['FP16', 'BF16', 'INT8', 'INT16', 'UINT8', 'UINT16'],
  FP16: ['INT8', 'UINT8'],
  BF16: ['INT8', 'UINT8'],
  INT64: ['INT8', 'INT16', 'INT32', 'UINT8', 'UINT16', 'UINT32'],
  INT32: ['INT8', 'INT16', 'UINT8', 'UINT16'],
  INT16: ['INT8', 'UINT8'],
  UINT64: ['UINT8', 'UINT16', 'UINT32'],
  UINT32: ['UINT8', 'UINT16'],
  UINT16: ['UINT8'],
}

/** Whether elements of a datatype are elements of another one without loss. */
export function isWidening(from: TensorDatatype, to: TensorDatatype): boolean {
  return from === to || (WIDER[to]?.includes(from) ?? false)
}

/**
 * Elements as those of a wider datatype; those of the same as they are.
 *
 * @throws {RequestError} `invalid_tensor` for an integer that a double has no place for.
 */
export function widen(
  data: TensorData,
  from: TensorDatatype,
  { to, name }: { readonly to: TensorDatatype; readonly name: string },
): TensorData {
  if (from === to || !isElementArray(data)) return data
  const numbers = toNumbers(data, from)
  if (numbers instanceof BigInt64Array || numbers instanceof BigUint64Array) return toDoubles(numbers, name)
  return fromNumbers(numbers, to)
}

function toDoubles(integers: BigInt64Array | BigUint64Array, name: string): Float64Array {
  const doubles = new Float64Array(integers.length)
  for (let index = 0; index < integers.length; index += 1) {
    const integer = integers[index] ?? 0n
    doubles[index] = Number(integer)
    if (BigInt(doubles[index] ?? 0) !== integer)
      throw refuseTensors(`${name} has an integer past 2^53, and FP64 has no place for all of its digits.`)
  }
  return doubles
}

/** Elements as numbers: halves become floats, all others stay as they are. */
export function toNumbers(data: ElementArray, datatype: TensorDatatype): ElementArray {
  if (datatype !== 'FP16' && datatype !== 'BF16') return data
  const numbers = new Float32Array(data.length)
  for (let index = 0; index < data.length; index += 1)
    numbers[index] = fromSmallBits(Number(data[index]), SMALL_FLOATS[datatype])
  return numbers
}

/**
 * Numbers as elements of a datatype.
 *
 * @throws {RangeError} For a number that an integer of the datatype cannot be.
 */
export function fromNumbers(numbers: ArrayLike<number | bigint | boolean>, datatype: TensorDatatype): ElementArray {
  const elements = makeElements(datatype, numbers.length)
  if (elements instanceof BigInt64Array || elements instanceof BigUint64Array) {
    for (let index = 0; index < numbers.length; index += 1) elements[index] = BigInt(numbers[index] ?? 0)
    return elements
  }
  const small = datatype === 'FP16' || datatype === 'BF16' ? SMALL_FLOATS[datatype] : undefined
  const isInteger = !datatype.includes('F')
  for (let index = 0; index < numbers.length; index += 1) {
    const value = Number(numbers[index])
    elements[index] = small === undefined ? value : toSmallBits(value, small)
    if (isInteger && elements[index] !== value) throw new RangeError(`a number is no ${datatype}`)
  }
  return elements
}
