import type { TensorDatatype } from '../predictor/tensor.ts'
import type { NumberArrayType } from './json-schema.ts'

/** The class of a typed array whose elements are those of a datatype: `FP16` and `BF16` as their bits, `BOOL` as 0 and 1. */
export type ElementArrayType = Exclude<NumberArrayType, 'Uint8ClampedArray'> | 'Uint8Array'

/** The typed array of each datatype. `BYTES` have different lengths and none. */
export const ELEMENT_ARRAYS: { readonly [datatype in TensorDatatype]: ElementArrayType | undefined } = {
  BOOL: 'Uint8Array',
  INT8: 'Int8Array',
  INT16: 'Int16Array',
  INT32: 'Int32Array',
  INT64: 'BigInt64Array',
  UINT8: 'Uint8Array',
  UINT16: 'Uint16Array',
  UINT32: 'Uint32Array',
  UINT64: 'BigUint64Array',
  FP16: 'Uint16Array',
  BF16: 'Uint16Array',
  FP32: 'Float32Array',
  FP64: 'Float64Array',
  BYTES: undefined,
}

/** The names of the datatypes. */
export const TENSOR_DATATYPES: readonly TensorDatatype[] = Object.keys(ELEMENT_ARRAYS) as TensorDatatype[]

/** The datatype of that name, if there is one. */
export function findDatatype(name: unknown): TensorDatatype | undefined {
  return TENSOR_DATATYPES.find(datatype => datatype === name)
}

/** How many elements a shape without free dimensions has. */
export function countElements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}
