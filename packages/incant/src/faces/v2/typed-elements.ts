import type { NumberArray } from '../../json/number-array.ts'
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
  elements.set(numbers)
  // What they have become, in the class of the numbers: a loop over one class is a fast one.
  const kept = new Float64Array(elements)
  if (datatype === 'BOOL') return kept.every((bit, index) => bit <= 1 && bit === numbers[index])
  if (datatype.startsWith('FP')) return kept.every(Number.isFinite)
  return kept.every((integer, index) => integer === numbers[index])
}

function fillIntegers(elements: BigInt64Array | BigUint64Array, numbers: Float64Array): boolean {
  const isUnsigned = elements instanceof BigUint64Array
  return numbers.every((number, index) => {
    if (!Number.isSafeInteger(number) || (isUnsigned && number < 0)) return false
    elements[index] = BigInt(number)
    return true
  })
}
