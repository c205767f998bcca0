import fc from 'fast-check'
import type { Definitions, JSONSchema, JSONValue } from '../../src/schema/json-schema.ts'
import { NUMBER_ARRAYS, numberArraySchema } from '../../src/schema/number-arrays.ts'

const NAMES = ['a', 'b', 'x-c', 'toString', 'constructor', 'a/b~c'] as const
const PATTERNS = ['^x-', 'b', '^.{1,3}$'] as const

/** Definitions that every random schema may refer to; one of them refers to itself. */
export const DEFINITIONS: Definitions = {
  Text: { type: 'string', maxLength: 3 },
  Tree: {
    type: 'object',
    properties: { a: { type: 'integer' }, b: { type: 'array', items: { $ref: '#/$defs/Tree' } } },
    required: ['a'],
  },
  Nested: { anyOf: [{ type: 'number' }, { type: 'array', items: { $ref: '#/$defs/Nested' } }] },
}

const names = fc.constantFrom(...NAMES)
const counts = fc.integer({ min: 0, max: 4 })
const bounds = fc.integer({ min: -5, max: 5 })
const strings = fc.oneof(names, fc.string({ unit: 'grapheme', maxLength: 5 }), fc.constantFrom('😀', '😀😀', ''))
const numbers = fc.oneof(bounds, fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.constantFrom(-0, 0.5))
const scalars: fc.Arbitrary<JSONValue> = fc.oneof(strings, numbers, fc.boolean(), fc.constant(null))

/** Any JSON value, with member names that the schemas below know. */
export const jsonValues: fc.Arbitrary<JSONValue> = fc.letrec<{ value: JSONValue }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalars,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(names, fc.string({ maxLength: 3 })), tie('value'), { maxKeys: 4 }).map(own),
  ),
})).value

/** Any schema of the dialect but for defaults, formats and decoding, which JSON Schema leaves open. */
export const schemas: fc.Arbitrary<JSONSchema> = fc.letrec<{ schema: JSONSchema }>(tie => {
  const schema = tie('schema')
  const members = fc.dictionary(names, schema, { maxKeys: 3 })
  return {
    schema: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.oneof(numberSchemas(), stringSchemas(), plainSchemas()),
      partial({ type: fc.constant('array'), items: fc.oneof(schema, fc.constant(false)), ...arraySizes() }),
      partial({
        type: fc.constant('array'),
        prefixItems: fc.array(schema, { minLength: 1, maxLength: 3 }),
        items: fc.oneof(schema, fc.constant(false)),
        minItems: counts,
      }),
      partial({
        type: fc.constant('object'),
        properties: members,
        required: fc.uniqueArray(names, { maxLength: 2 }),
        additionalProperties: fc.oneof(schema, fc.constant(false)),
      }),
      partial({
        type: fc.constant('object'),
        properties: members,
        patternProperties: fc.dictionary(fc.constantFrom(...PATTERNS), schema, { maxKeys: 2 }),
        additionalProperties: fc.oneof(schema, fc.constant(false)),
      }),
      fc.record({ anyOf: fc.array(schema, { minLength: 1, maxLength: 3 }) }),
      fc.record({ not: schema }),
      discriminated(schema),
      numberArrays(),
      mixtures(schema),
    ),
  }
}).schema

/** A schema with a value that has a fair chance to match it. */
export const schemasWithValues: fc.Arbitrary<readonly [JSONSchema, JSONValue]> = schemas.chain(schema =>
  fc.tuple(
    fc.constant(schema),
    fc.oneof({ weight: 3, arbitrary: valuesFor(schema) }, { weight: 1, arbitrary: jsonValues }),
  ),
)

function own(dictionary: Record<string, JSONValue>): JSONValue {
  return Object.fromEntries(Object.entries(dictionary))
}

function partial(
  keywords: { [keyword in keyof JSONSchema]?: fc.Arbitrary<JSONSchema[keyword]> },
): fc.Arbitrary<JSONSchema> {
  // Each keyword is there or not; fast-check's type has them as possibly undefined, which it never makes them.
  return fc.record(keywords, { requiredKeys: [] }) as fc.Arbitrary<JSONSchema>
}

function arraySizes() {
  return { minItems: counts, maxItems: counts, uniqueItems: fc.boolean() }
}

function numberSchemas(): fc.Arbitrary<JSONSchema> {
  const type = fc.constantFrom('number', 'integer')
  return partial({
    type,
    minimum: bounds,
    maximum: bounds,
    exclusiveMinimum: bounds,
    exclusiveMaximum: bounds,
    multipleOf: fc.constantFrom(1, 2, 0.5),
  })
}

function stringSchemas(): fc.Arbitrary<JSONSchema> {
  return partial({
    type: fc.constant('string'),
    minLength: counts,
    maxLength: counts,
    pattern: fc.constantFrom(...PATTERNS),
  })
}

function plainSchemas(): fc.Arbitrary<JSONSchema> {
  const typeNames = fc.constantFrom('null', 'boolean', 'number', 'integer', 'string', 'array', 'object')
  return fc.oneof(
    fc.record({ type: fc.uniqueArray(typeNames, { minLength: 1, maxLength: 3 }) }),
    fc.record({ const: jsonValues }),
    fc.record({
      enum: fc.uniqueArray(jsonValues, {
        minLength: 1,
        maxLength: 4,
        comparator: (a, b) => JSON.stringify(a) === JSON.stringify(b),
      }),
    }),
    fc.constantFrom(...Object.keys(DEFINITIONS)).map(name => ({ $ref: `#/$defs/${name}` })),
  )
}

function discriminated(schema: fc.Arbitrary<JSONSchema>): fc.Arbitrary<JSONSchema> {
  const alternative = (kind: JSONValue) =>
    fc.record({
      type: fc.constant('object'),
      properties: fc.record({ a: fc.constant({ const: kind }), b: schema }),
      required: fc.constantFrom(['a'], ['a', 'b']),
    })
  const anyOf = fc.array(fc.constantFrom('a', 'b', 1, null).chain(alternative), { minLength: 1, maxLength: 3 })
  return fc.record({ discriminator: fc.constant({ propertyName: 'a' }), anyOf })
}

/** Arrays that predict gets as typed arrays, some of them with bounds. */
function numberArrays(): fc.Arbitrary<JSONSchema> {
  const type = fc.constantFrom(...NUMBER_ARRAYS)
  return fc.tuple(type, partial({ minItems: counts, uniqueItems: fc.boolean() })).map(([name, sizes]) => ({
    ...numberArraySchema(name),
    ...sizes,
  }))
}

/** Keywords of several kinds in one schema. */
function mixtures(schema: fc.Arbitrary<JSONSchema>): fc.Arbitrary<JSONSchema> {
  return partial({
    $ref: fc.constant('#/$defs/Tree'),
    anyOf: fc.array(schema, { minLength: 1, maxLength: 2 }),
    type: fc.uniqueArray(fc.constantFrom('string', 'number', 'array', 'object', 'null'), { minLength: 1 }),
    properties: fc.dictionary(names, schema, { maxKeys: 2 }),
    required: fc.uniqueArray(names, { maxLength: 1 }),
    minimum: bounds,
    minLength: counts,
    items: schema,
    enum: fc.array(jsonValues, { minLength: 1, maxLength: 4 }),
  })
}

function valuesFor(schema: JSONSchema, depth = 0): fc.Arbitrary<JSONValue> {
  if (depth > 4) return jsonValues
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined && schema.enum.length > 0) return fc.constantFrom(...schema.enum)
  if (schema.$ref !== undefined) return valuesFor(DEFINITIONS[schema.$ref.slice('#/$defs/'.length)] ?? {}, depth + 1)
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(alternative => valuesFor(alternative, depth + 1)))
  const [type] = [schema.type ?? []].flat()
  if (type === 'array') return arraysFor(schema, depth)
  if (type === 'object') return objectsFor(schema, depth)
  if (type === 'string') return strings
  if (type === 'number' || type === 'integer') return numbers
  return jsonValues
}

function arraysFor(schema: JSONSchema, depth: number): fc.Arbitrary<JSONValue> {
  const prefix = (schema.prefixItems ?? []).map(item => valuesFor(item, depth + 1))
  const rest = fc.array(valuesFor(schema.items || {}, depth + 1), { maxLength: 3 })
  return fc.tuple(fc.tuple(...prefix), rest).map(([first, others]) => [...first, ...others])
}

function objectsFor(schema: JSONSchema, depth: number): fc.Arbitrary<JSONValue> {
  const members = Object.entries(schema.properties ?? {}).map(([name, member]) =>
    fc.tuple(fc.constant(name), valuesFor(member, depth + 1)),
  )
  const other = fc.tuple(names, valuesFor(schema.additionalProperties || {}, depth + 1))
  return fc
    .tuple(fc.tuple(...members), fc.array(other, { maxLength: 1 }), fc.integer({ min: 0, max: 3 }))
    .map(([named, others, dropped]) => Object.fromEntries([...others, ...named.slice(dropped === 0 ? 1 : 0)]))
}
