import type { TensorDatatype } from '../predictor/tensor.ts'
import { ELEMENT_ARRAYS, type ElementArrayType } from './tensor.ts'

/** Elements in a typed array. */
export type ElementArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array

/** A class of typed arrays that elements are in. */
export interface ElementClass {
  readonly BYTES_PER_ELEMENT: number
  new (length: number): ElementArray
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): ElementArray
}

const CLASSES: { readonly [type in ElementArrayType]: ElementClass } = {
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
}

/** The class of the typed array with the elements of a datatype; undefined of `BYTES`, whose elements are of different lengths. */
export function elementClass(datatype: TensorDatatype): ElementClass | undefined {
  const type = ELEMENT_ARRAYS[datatype]
  return type && CLASSES[type]
}
