import type { TensorDatatype } from '../predictor/tensor.ts'
import type { JSONSchema } from '../schema/json-schema.ts'
import { numberArraySchema } from '../schema/number-arrays.ts'
import { ELEMENT_ARRAYS } from '../schema/tensor.ts'
import type { ModelTensor } from './runtime.ts'

/** The schema of a tensor as the type `Tensor` has it: an object of datatype, shape and data. */
export function tensorSchema({ datatype, shape }: ModelTensor): JSONSchema {
  return {
    type: 'object',
    properties: {
      datatype: { type: 'string', const: datatype },
      shape: shapeSchema(shape),
      data: dataSchema(datatype),
    },
    required: ['datatype', 'shape', 'data'],
    'x-incant-tensor': { datatype, ...(shape === undefined ? {} : { shape: toSizes(shape) }) },
    description: 'A tensor: its datatype, its shape, and its elements in row-major order.',
  }
}

/** Sizes, -1 for any. */
export function toSizes(shape: readonly (number | string)[]): readonly number[] {
  return shape.map(size => (typeof size === 'number' ? size : -1))
}

function shapeSchema(shape: ModelTensor['shape']): JSONSchema {
  if (shape === undefined) return { type: 'array', items: { type: 'number' } }
  const sizes = shape.map(size => (typeof size === 'number' ? { type: 'number', const: size } : { type: 'number' }))
  const prefix = sizes.length === 0 ? {} : { prefixItems: sizes as readonly JSONSchema[] }
  return { type: 'array', ...prefix, items: false, minItems: sizes.length, maxItems: sizes.length }
}

function dataSchema(datatype: TensorDatatype): JSONSchema {
  if (datatype === 'BOOL') return { type: 'array', items: { type: 'boolean' } }
  const type = ELEMENT_ARRAYS[datatype]
  if (type === undefined) return { type: 'array', items: { type: 'string' } }
  // As bytes are written everywhere else.
  if (type === 'Uint8Array') return { type: 'string', contentEncoding: 'base64', 'x-incant-type': type }
  return numberArraySchema(type)
}

/** An integer that JSON carries without loss. */
const INTEGER: JSONSchema = {
  type: 'integer',
  minimum: Number.MIN_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
}

/**
 * The schema of a tensor as arrays in arrays, one for each dimension, or as a single value where there is none. Absent where
 * the rank is not known, and for floats of 16 bits, which are bits here.
 */
export function nestedSchema({ datatype, shape }: ModelTensor): JSONSchema | undefined {
  if (shape === undefined || datatype === 'FP16' || datatype === 'BF16') return undefined
  return (
    toSizes(shape).reduceRight<JSONSchema | undefined>((inner, size) => {
      const list: JSONSchema =
        inner === undefined
          ? (rowSchema(datatype) ?? { type: 'array', items: elementSchema(datatype) })
          : { type: 'array', items: inner }
      return size === -1 ? list : { ...list, minItems: size, maxItems: size }
    }, undefined) ?? elementSchema(datatype)
  )
}

/** The innermost array, where it becomes a typed one. */
function rowSchema(datatype: TensorDatatype): JSONSchema | undefined {
  const type = ELEMENT_ARRAYS[datatype]
  const isPlain = type === undefined || type === 'Uint8Array' || type === 'BigInt64Array' || type === 'BigUint64Array'
  return isPlain ? undefined : numberArraySchema(type)
}

function elementSchema(datatype: TensorDatatype): JSONSchema {
  if (datatype === 'BYTES') return { type: 'string' }
  if (datatype === 'BOOL') return { type: 'boolean' }
  return datatype === 'FP32' || datatype === 'FP64' ? { type: 'number' } : INTEGER
}
