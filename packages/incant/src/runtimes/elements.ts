import type { TensorDatatype } from '../predictor/tensor.ts'
import { type ElementClass, elementClass } from '../schema/element-class.ts'
import type { AnyTensor } from './runtime.ts'

/** Elements in a row, in the class of their datatype. */
export type Elements = AnyTensor['data']

/** The class of a datatype's elements; undefined where they are in a plain array. */
function classOf(datatype: TensorDatatype): ElementClass | undefined {
  return datatype === 'BOOL' ? undefined : elementClass(datatype)
}

/** A list that elements are written to. */
export interface Fillable {
  [index: number]: unknown
  readonly length: number
}

/** Room for elements. */
export function makeElements(datatype: TensorDatatype, length: number): Fillable {
  const Elements = classOf(datatype)
  return Elements === undefined ? Array<unknown>(length).fill(datatype === 'BOOL' ? false : '') : new Elements(length)
}

/** A tensor of elements that are of its class. */
export function makeTensor(datatype: TensorDatatype, shape: readonly number[], data: Fillable): AnyTensor {
  // The caller has made them with makeElements.
  return { datatype, shape, data } as unknown as AnyTensor
}

/** Elements one after the other. */
export function joinElements(datatype: TensorDatatype, parts: readonly Elements[]): Fillable {
  const joined = makeElements(
    datatype,
    parts.reduce((sum, { length }) => sum + length, 0),
  )
  let offset = 0
  for (const part of parts) {
    copyElements(part, joined, offset)
    offset += part.length
  }
  return joined
}

/** Copies elements of the same class. */
export function copyElements(from: ArrayLike<unknown>, to: Fillable, offset: number): void {
  // Both are typed arrays of the same class, or neither is one.
  if (ArrayBuffer.isView(from) && 'set' in to && typeof to.set === 'function') to.set(from, offset)
  else for (let index = 0; index < from.length; index += 1) to[offset + index] = from[index]
}
