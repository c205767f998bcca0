import type { TensorDatatype } from '../predictor/tensor.ts'

/** A value that JSON can carry. */
export type JSONValue = null | boolean | number | string | readonly JSONValue[] | { readonly [key: string]: JSONValue }

/** The `type` keyword's names, JSON Schema 2020-12 (validation §6.1.1). */
export type JSONTypeName = 'null' | 'boolean' | 'number' | 'integer' | 'string' | 'array' | 'object'

/**
 * The run-time value of a JSON string whose declared type JSON does not have.
 *
 * - `Date`: an RFC 3339 date-time.
 * - `bigint`: a decimal integer in a string, since JSON numbers lose digits past 2^53.
 * - `Uint8Array`, `ArrayBuffer`, `Buffer`: RFC 4648 base64 with padding.
 */
export type DecodedText = 'Date' | 'bigint' | 'Uint8Array' | 'ArrayBuffer' | 'Buffer'

/** The typed array that a JSON array becomes: of numbers, or, for 64 bits, of decimal strings. */
export type NumberArrayType =
  | 'Int8Array'
  | 'Uint8ClampedArray'
  | 'Int16Array'
  | 'Uint16Array'
  | 'Int32Array'
  | 'Uint32Array'
  | 'Float32Array'
  | 'Float64Array'
  | 'BigInt64Array'
  | 'BigUint64Array'

/** A file of a form; so are bytes whose `format` is `binary`. */
export type DecodedFile = 'File' | 'Blob'

/** The run-time value that a JSON value, or a field of a form, becomes. */
export type DecodedType = DecodedText | NumberArrayType | DecodedFile

/**
 * The part of JSON Schema 2020-12 that a TypeScript type becomes: the signature reader emits it, the validator enforces
 * it and `/openapi.json` shows it. An empty schema accepts every JSON value.
 *
 * References are always `#/$defs/NAME`, resolved in {@link PredictSignature.definitions}; annotations may be beside a
 * `$ref`.
 */
export interface JSONSchema {
  readonly $ref?: string
  readonly type?: JSONTypeName | readonly JSONTypeName[]
  readonly const?: JSONValue
  readonly enum?: readonly JSONValue[]
  readonly not?: JSONSchema

  /** Alternatives: at least one must accept. */
  readonly anyOf?: readonly JSONSchema[]
  /** OpenAPI 3.1's hint that one required property, with a `const` in each alternative, distinguishes them. */
  readonly discriminator?: { readonly propertyName: string }

  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly multipleOf?: number

  /** Lengths count Unicode code points, as JSON Schema has it. */
  readonly minLength?: number
  readonly maxLength?: number
  /** An ECMA-262 regular expression, compiled with the `u` flag, not anchored by itself. */
  readonly pattern?: string
  readonly format?: string
  readonly contentEncoding?: 'base64'
  /** Media ranges, separated by commas: what bytes are. Checked where they come with a type, as a file of a form does. */
  readonly contentMediaType?: string
  /** The value predict gets in place of the string or the array. */
  readonly 'x-incant-type'?: DecodedType
  /** How the value is a tensor, where the type or its JSDoc says so. */
  readonly 'x-incant-tensor'?: TensorRemark

  readonly items?: JSONSchema | false
  /** A tuple's leading elements; `items` is then its rest (`false`: none) and `minItems` its required count. */
  readonly prefixItems?: readonly JSONSchema[]
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean

  readonly properties?: { readonly [name: string]: JSONSchema }
  readonly required?: readonly string[]
  /** Members whose names match (template-literal index signatures). */
  readonly patternProperties?: { readonly [pattern: string]: JSONSchema }
  /** Absent: other members are dropped. `false`: they are refused. A schema: they are kept and checked. */
  readonly additionalProperties?: JSONSchema | false

  readonly title?: string
  readonly description?: string
  /** Filled in where the member is missing. */
  readonly default?: JSONValue
  readonly examples?: readonly JSONValue[]
  readonly deprecated?: boolean
}

/** The tensor of a type: `Tensor<'FP32', [-1, 3]>`, or the tags `@datatype` and `@shape`. */
export interface TensorRemark {
  readonly datatype?: TensorDatatype
  /** -1: a dimension of any size. */
  readonly shape?: readonly number[]
}

/** Named schemas that `$ref` points to. */
export type Definitions = { readonly [name: string]: JSONSchema }
