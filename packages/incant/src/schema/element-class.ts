import type { TensorDatatype } from '../predictor/tensor.ts'
import { ELEMENT_ARRAYS, type ElementArrayType } from './tensor.ts'

/** A class of typed arrays that elements are in. */
export type ElementClass =
  | typeof Int8Array
  | typeof Uint8Array
  | typeof Int16Array
  | typeof Uint16Array
  | typeof Int32Array
  | typeof Uint32Array
  | typeof Float32Array
  | typeof Float64Array
  | typeof BigInt64Array
  | typeof BigUint64Array

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
