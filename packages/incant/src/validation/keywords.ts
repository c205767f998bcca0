import type { JSONSchema } from '../schema/json-schema.ts'

type Keyword = keyof JSONSchema

const STRING_KEYWORDS = ['minLength', 'maxLength', 'pattern', 'format', 'x-incant-type'] as const satisfies Keyword[]
const NUMBER_KEYWORDS = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
] as const satisfies Keyword[]
const ARRAY_KEYWORDS = ['items', 'prefixItems', 'minItems', 'maxItems', 'uniqueItems'] as const satisfies Keyword[]
const OBJECT_KEYWORDS = [
  'properties',
  'required',
  'patternProperties',
  'additionalProperties',
] as const satisfies Keyword[]
const TYPED_KEYWORDS = [...STRING_KEYWORDS, ...NUMBER_KEYWORDS, ...ARRAY_KEYWORDS, ...OBJECT_KEYWORDS]

/** Whether the schema lists its values. */
export function hasConstants(schema: JSONSchema): boolean {
  return schema.const !== undefined || schema.enum !== undefined
}

/** Whether the schema has keywords that look into a value of one type. */
export function hasTypedKeywords(schema: JSONSchema): boolean {
  return TYPED_KEYWORDS.some(keyword => schema[keyword] !== undefined)
}
