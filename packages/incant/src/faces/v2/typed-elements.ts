import type { NumberArray } from '../../json/number-array.ts'
import type { TensorDatatype } from '../../predictor/tensor.ts'
import type { ElementArray } from '../../schema/element-class.ts'
import { type JSONTensor, makeElements } from './tensor.ts'

/**
 * Numbers as the elements of a tensor.
 *
 * @returns `undefined` if they are not of its shape or datatype, and for integers past 2^53, whose digits a double does not
 * have.
 */
export function toElements({ pieces, shape }: NumberArray, tensor: JSONTensor): ElementArray | undefined {
  if (tensor.datatype === 'BYTES' || !isOfShape(shape, tensor)) return undefined
  const elements = makeElements(tensor.datatype, tensor.count)
  let start = 0
  for (const piece of pieces) {
    if (!fill(elements.subarray(start, start + piece.length), piece, tensor)) return undefined
    start += piece.length
  }
  return elements
}

/** One row of all elements, or arrays in arrays as the shape says. */
function isOfShape(found: readonly number[], { shape, count }: JSONTensor): boolean {
  if (found.length === 1) return found[0] === count
  return found.length === shape.length && found.every((length, axis) => length === shape[axis])
}

/** Writes numbers into as many elements. `false`: there is no place for one of them. */
function fill(elements: ElementArray, numbers: Float64Array, { datatype }: JSONTensor): boolean {
  if (elements instanceof BigInt64Array || elements instanceof BigUint64Array) return fillIntegers(elements, numbers)
  const range = RANGES[datatype]
  if (range === undefined || !areWithin(numbers, range)) return false
  elements.set(numbers)
  return true
}

interface Range {
  readonly minimum: number
  readonly maximum: number
  readonly whole: boolean
}

/** The largest double that rounds to a float of 32 bits: half way to the next float is infinite. */
const MAXIMUM_FP32 = (2 - 2 ** -24) * 2 ** 127 - 2 ** 75

/** The numbers that the elements of a datatype can be. */
const RANGES: { readonly [datatype in TensorDatatype]?: Range } = {
  BOOL: integers(0, 1),
  INT8: integers(-(2 ** 7), 2 ** 7 - 1),
  INT16: integers(-(2 ** 15), 2 ** 15 - 1),
  INT32: integers(-(2 ** 31), 2 ** 31 - 1),
  UINT8: integers(0, 2 ** 8 - 1),
  UINT16: integers(0, 2 ** 16 - 1),
  UINT32: integers(0, 2 ** 32 - 1),
  FP32: { minimum: -MAXIMUM_FP32, maximum: MAXIMUM_FP32, whole: false },
  FP64: { minimum: -Number.MAX_VALUE, maximum: Number.MAX_VALUE, whole: false },
}

function integers(minimum: number, maximum: number): Range {
  return { minimum, maximum, whole: true }
}

function areWithin(numbers: Float64Array, { minimum, maximum, whole }: Range): boolean {
  for (let index = 0; index < numbers.length; index += 1) {
    const number = numbers[index] ?? 0
    if (!(number >= minimum && number <= maximum) || (whole && Math.trunc(number) !== number)) return false
  }
  return true
}

function fillIntegers(elements: BigInt64Array | BigUint64Array, numbers: Float64Array): boolean {
  const isUnsigned = elements instanceof BigUint64Array
  return numbers.every((number, index) => {
    if (!Number.isSafeInteger(number) || (isUnsigned && number < 0)) return false
    elements[index] = BigInt(number)
    return true
  })
}
