import { type ModelPlan, planModel } from '../../../src/faces/v2/plan.ts'
import type { JSONSchema, TensorRemark } from '../../../src/schema/json-schema.ts'
import { numberArraySchema } from '../../../src/schema/number-arrays.ts'
import type { PredictSignature } from '../../../src/signature/signature.ts'

/** Schemas as the reader makes them of types. */
export const TYPES = {
  floats: numberArraySchema('Float32Array'),
  doubles: numberArraySchema('Float64Array'),
  int8: numberArraySchema('Int8Array'),
  int16: numberArraySchema('Int16Array'),
  uint16: numberArraySchema('Uint16Array'),
  int32: numberArraySchema('Int32Array'),
  uint32: numberArraySchema('Uint32Array'),
  int64: numberArraySchema('BigInt64Array'),
  uint64: numberArraySchema('BigUint64Array'),
  clamped: numberArraySchema('Uint8ClampedArray'),
  bytes: { type: 'string', contentEncoding: 'base64', 'x-incant-type': 'Uint8Array' },
  number: { type: 'number' },
  integer: { type: 'integer' },
  boolean: { type: 'boolean' },
  string: { type: 'string' },
  bigint: { type: 'string', pattern: '^(?:0|-?[1-9]\\d*)$', 'x-incant-type': 'bigint' },
  object: { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] },
} as const satisfies Record<string, JSONSchema>

/** An array of a type. */
export function arrayOf(items: JSONSchema): JSONSchema {
  return { type: 'array', items }
}

/** A type with tags. */
export function tagged(schema: JSONSchema, remark: TensorRemark): JSONSchema {
  return { ...schema, 'x-incant-tensor': remark }
}

/** The type `Tensor`. */
export function tensorType(data: JSONSchema, remark: Required<TensorRemark>): JSONSchema {
  const sizes = remark.shape.map(
    (size): JSONSchema => (size === -1 ? { type: 'number' } : { type: 'number', const: size }),
  )
  return {
    type: 'object',
    properties: {
      datatype: { type: 'string', const: remark.datatype },
      shape: { type: 'array', prefixItems: sizes, items: false, minItems: sizes.length, maxItems: sizes.length },
      data,
    },
    required: ['datatype', 'shape', 'data'],
    'x-incant-tensor': remark,
  }
}

/** A signature whose payload and result are objects with these members. */
export function signatureOf(
  input: Readonly<Record<string, JSONSchema>>,
  output: Readonly<Record<string, JSONSchema>>,
  more: Partial<PredictSignature> = {},
): PredictSignature {
  const object = (properties: Readonly<Record<string, JSONSchema>>): JSONSchema => ({
    type: 'object',
    properties,
    required: Object.keys(properties).filter(name => !name.startsWith('optional')),
  })
  return {
    version: 1,
    className: 'Predictor',
    location: { file: '/models/simple.ts' },
    parameters: [{ name: 'payload', role: 'payload', schema: object(input) }],
    returns: [{ kind: 'json', schema: object(output) }],
    definitions: {},
    ...more,
  }
}

/** The plan of a signature that fits. */
export function planOf(signature: PredictSignature): ModelPlan {
  const plan = planModel(signature)
  if (!plan.fits) throw new Error(plan.reason)
  return plan
}
