import type { TensorDatatype } from '../predictor/tensor.ts'
import type { JSONSchema, NumberArrayType } from './json-schema.ts'

/** The kind of the innermost elements of a value. */
export type TensorLeaf = 'number' | 'boolean' | 'string' | 'bigint' | 'bytes' | NumberArrayType | 'Uint8Array'

/**
 * How a value is a tensor: as an object of the type `Tensor` (`tensor`); as a scalar, an array, or arrays in arrays, the
 * innermost of which may be typed (`array`); or as its JSON text (`json`).
 */
export type TensorLayout =
  | { readonly kind: 'tensor' }
  | { readonly kind: 'array'; readonly leaf: TensorLeaf; readonly depth: number }
  | { readonly kind: 'json' }

/** A type as a tensor. */
export interface TensorForm {
  readonly datatype: TensorDatatype
  /** -1: a dimension of any size. */
  readonly shape: readonly number[]
  readonly layout: TensorLayout
}

/** Whether the innermost elements are in a typed array. */
export function isTypedLeaf(leaf: TensorLeaf): boolean {
  return leaf.endsWith('Array')
}

/** Whether a schema is that of the type `Tensor`. */
export function isTensorType({ properties, 'x-incant-tensor': remark }: JSONSchema): boolean {
  return properties !== undefined && remark?.datatype !== undefined
}

/** Why a type is no tensor, as a predicate, and what to write. */
export interface TensorFault {
  readonly found: string
  readonly instead: string
}

/** Follows the reference of a schema. */
export type Dereference = (schema: JSONSchema) => JSONSchema

/** Whether a type is no tensor. */
export function isFault(form: TensorForm | TensorFault): form is TensorFault {
  return 'found' in form
}

/** The datatype of each leaf but `number`, which depends on whether it is an integer. */
export const LEAF_DATATYPES: { readonly [leaf in TensorLeaf]?: TensorDatatype } = {
  boolean: 'BOOL',
  string: 'BYTES',
  bytes: 'BYTES',
  bigint: 'INT64',
  Int8Array: 'INT8',
  Uint8Array: 'UINT8',
  Uint8ClampedArray: 'UINT8',
  Int16Array: 'INT16',
  Uint16Array: 'UINT16',
  Int32Array: 'INT32',
  Uint32Array: 'UINT32',
  Float32Array: 'FP32',
  Float64Array: 'FP64',
  BigInt64Array: 'INT64',
  BigUint64Array: 'UINT64',
}
