import type { SourceLocation } from '../errors/location.ts'
import type { Definitions, JSONSchema, TensorRemark } from '../schema/json-schema.ts'
import { NUMBER_ARRAYS } from '../schema/number-arrays.ts'
import { TENSOR_DATATYPES } from '../schema/tensor.ts'
import type { ExampleSignature, ParameterSignature, PredictSignature, ReturnSignature } from './signature.ts'
import { HINTS, REQUEST_PROTOCOLS, SIGNATURE_VERSION } from './signature.ts'

/** A schema for each member of a type, so that the data's schema cannot lag behind its type. */
type Members<Type> = { readonly [member in keyof Required<Type>]: JSONSchema }

const TEXT: JSONSchema = { type: 'string' }
const FLAG: JSONSchema = { type: 'boolean' }
const NUMBER: JSONSchema = { type: 'number' }
const COUNT: JSONSchema = { type: 'integer', minimum: 0 }
const TEXTS: JSONSchema = { type: 'array', items: TEXT }
const ANYTHING: JSONSchema = {}
const ANYTHINGS: JSONSchema = { type: 'array', items: ANYTHING }
const SCHEMA: JSONSchema = { $ref: '#/$defs/JSONSchema' }
const SCHEMAS: JSONSchema = { type: 'array', items: SCHEMA }
const NAMED_SCHEMAS: JSONSchema = { type: 'object', additionalProperties: SCHEMA }
const SCHEMA_OR_FALSE: JSONSchema = { anyOf: [{ const: false }, SCHEMA] }
const TYPE_NAME: JSONSchema = { enum: ['null', 'boolean', 'number', 'integer', 'string', 'array', 'object'] }

const KEYWORDS: Members<JSONSchema> = {
  $ref: { type: 'string', pattern: '^#/\\$defs/.' },
  type: { anyOf: [TYPE_NAME, { type: 'array', items: TYPE_NAME, minItems: 1, uniqueItems: true }] },
  const: ANYTHING,
  enum: ANYTHINGS,
  not: SCHEMA,
  anyOf: SCHEMAS,
  discriminator: closed<{ propertyName: string }>({ propertyName: TEXT }, ['propertyName']),
  minimum: NUMBER,
  maximum: NUMBER,
  exclusiveMinimum: NUMBER,
  exclusiveMaximum: NUMBER,
  multipleOf: { type: 'number', exclusiveMinimum: 0 },
  minLength: COUNT,
  maxLength: COUNT,
  pattern: TEXT,
  format: TEXT,
  contentEncoding: { const: 'base64' },
  contentMediaType: TEXT,
  'x-incant-type': {
    enum: ['Date', 'bigint', 'Uint8Array', 'ArrayBuffer', 'Buffer', 'File', 'Blob', ...NUMBER_ARRAYS],
  },
  'x-incant-tensor': closed<TensorRemark>(
    {
      datatype: { enum: [...TENSOR_DATATYPES] },
      shape: { type: 'array', items: { type: 'integer', minimum: -1 } },
    },
    [],
  ),
  items: SCHEMA_OR_FALSE,
  prefixItems: SCHEMAS,
  minItems: COUNT,
  maxItems: COUNT,
  uniqueItems: FLAG,
  properties: NAMED_SCHEMAS,
  required: TEXTS,
  patternProperties: NAMED_SCHEMAS,
  additionalProperties: SCHEMA_OR_FALSE,
  title: TEXT,
  description: TEXT,
  default: ANYTHING,
  examples: ANYTHINGS,
  deprecated: FLAG,
}

const LOCATION = closed<SourceLocation>({ file: TEXT, line: COUNT, column: COUNT }, ['file'])

const PARAMETER = closed<ParameterSignature>(
  {
    name: TEXT,
    role: { enum: ['payload', 'text', 'bytes', 'blob', 'stream', 'form', 'request', 'context', 'tasks'] },
    optional: FLAG,
    schema: SCHEMA,
    bodyClass: { enum: ['Uint8Array', 'ArrayBuffer', 'Buffer', 'Blob', 'File'] },
    type: TEXT,
    protocol: { enum: [...REQUEST_PROTOCOLS] },
  },
  ['name', 'role'],
)

const RETURN = closed<ReturnSignature>(
  {
    kind: { enum: ['json', 'text', 'bytes', 'stream', 'response'] },
    schema: SCHEMA,
    protocol: { enum: ['openai.embedding', 'openai'] },
  },
  ['kind'],
)

/**
 * The shape of {@link PredictSignature} data, in the dialect of its own schemas. `parse.ts` checks what a shape cannot
 * express.
 */
export const SIGNATURE_SCHEMA: JSONSchema = closed<PredictSignature>(
  {
    version: { const: SIGNATURE_VERSION },
    className: TEXT,
    exportName: TEXT,
    description: TEXT,
    deprecated: FLAG,
    title: TEXT,
    hints: { type: 'array', items: { enum: [...HINTS] } },
    examples: { type: 'array', items: closed<ExampleSignature>({ summary: TEXT, value: ANYTHING }, ['value']) },
    location: LOCATION,
    batched: FLAG,
    parameters: { type: 'array', items: PARAMETER },
    returns: { type: 'array', items: RETURN },
    config: closed<NonNullable<PredictSignature['config']>>({ schema: SCHEMA, optional: FLAG }, ['schema']),
    definitions: NAMED_SCHEMAS,
  },
  ['version', 'className', 'parameters', 'returns', 'definitions'],
)

/** The definitions of {@link SIGNATURE_SCHEMA}. */
export const SIGNATURE_DEFINITIONS: Definitions = { JSONSchema: closed<JSONSchema>(KEYWORDS, []) }

/** Unknown members are refused: an unknown keyword would be ignored, and would let through what it forbids. */
function closed<Type>(properties: Members<Type>, required: readonly (keyof Type & string)[]): JSONSchema {
  return { type: 'object', properties, required, additionalProperties: false }
}
