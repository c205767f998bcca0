import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { propertyRuns } from '../../../../tests/property-runs.ts'
import { RequestError } from '../../src/errors/request-error.ts'
import type { JSONLimits } from '../../src/http/parse-json.ts'
import { readDocument, takeValid } from '../../src/http/read-document.ts'
import { readNumbers } from '../../src/http/read-numbers.ts'
import { packValue, unpackValue } from '../../src/replica/wire/packed-value.ts'
import type { Definitions, JSONSchema } from '../../src/schema/json-schema.ts'
import { NUMBER_ARRAYS, numberArraySchema } from '../../src/schema/number-arrays.ts'
import { compileValidator } from '../../src/validation/validator.ts'
import { DEFINITIONS, schemasWithValues } from '../validation/arbitraries.ts'

const LIMITS: JSONLimits = { maxJsonDepth: 5, strictJson: false, maxJsonMembers: 12, maxJsonItems: 10_000 }

/** In front of a text, so that it is not read as a small one. */
const SPACE = ' '.repeat(4096)

const number: JSONSchema = { type: 'number' }
const listOf = (items: JSONSchema, rest: JSONSchema = {}): JSONSchema => ({ type: 'array', items, ...rest })

/** Members with arrays of numbers of every kind. */
const MEMBERS: { readonly [name: string]: JSONSchema } = {
  plain: listOf(number),
  bounded: listOf({ type: 'integer', minimum: -5, exclusiveMaximum: 300 }, { minItems: 1, maxItems: 3 }),
  rows: listOf(listOf(number, { maxItems: 3 })),
  rowsOfView: listOf(numberArraySchema('Float32Array')),
  boundedView: { ...numberArraySchema('Float32Array'), items: { type: 'number', minimum: 0, maximum: 0.1 } },
  unique: listOf(number, { uniqueItems: true }),
  optional: { anyOf: [listOf(number), { type: 'null' }] },
  optionalView: { anyOf: [numberArraySchema('Float64Array'), { type: 'null' }] },
  filled: { ...listOf(number), default: [1, 2] },
  tuple: { type: 'array', prefixItems: [number, { type: 'string' }], items: number },
  inner: { $ref: '#/$defs/Inner' },
  tensor: {
    type: 'object',
    properties: {
      datatype: { const: 'FP32' },
      shape: listOf({ type: 'integer' }),
      data: numberArraySchema('Float32Array'),
    },
    required: ['datatype', 'shape', 'data'],
    'x-incant-tensor': { datatype: 'FP32' },
  },
  ...Object.fromEntries(NUMBER_ARRAYS.map(type => [type, numberArraySchema(type)])),
}

const OWN: Definitions = {
  Inner: { type: 'object', properties: { plain: listOf(number), inner: { $ref: '#/$defs/Inner' } } },
}

const schemas: fc.Arbitrary<JSONSchema> = fc.oneof(
  { weight: 4, arbitrary: objects() },
  fc.constantFrom(...Object.values(MEMBERS)),
)

function objects(): fc.Arbitrary<JSONSchema> {
  const names = fc.uniqueArray(fc.constantFrom(...Object.keys(MEMBERS)), { minLength: 1, maxLength: 3 })
  const others = fc.constantFrom<Partial<JSONSchema>>(
    {},
    { additionalProperties: false },
    { patternProperties: { '^p': listOf(number) } },
    { required: ['plain', 'gone'] },
  )
  return fc.tuple(names, others).map(([chosen, rest]) => ({
    type: 'object',
    properties: Object.fromEntries(chosen.map(name => [name, MEMBERS[name] ?? {}])),
    ...rest,
  }))
}

/** Numbers as they may be written, and what is none. */
const numbers = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -2, max: 300 }).map(String) },
  { weight: 6, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => JSON.stringify(value)) },
  fc.constantFrom('-0', '1E2', '0.1', '1.0', '1e400', '-1e400', '5e-324', '9007199254740993', '3.4028235677973366e38'),
)
const odd = fc.constantFrom('01', '+1', '.5', 'null', '"1"', '{}', '[]', '-', '[1]', '1 2', 'NaN', '\u00a01')
const gap = fc.constantFrom('', '', '', ' ', '\n\t', '\u0001', '\u00a0')
const mostly = (usual: fc.Arbitrary<string>, other: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 30, arbitrary: usual }, { weight: 1, arbitrary: other })

/** Few numbers, or so many that they cross in one piece. */
const rows = fc
  .tuple(fc.array(mostly(numbers, odd), { maxLength: 5 }), fc.constantFrom(1, 1, 30))
  .map(([items, times]) => `[${Array(times).fill(items).flat().join(',')}]`)
const arrays = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(gap, rows, gap).map(parts => parts.join('')) },
  fc.tuple(fc.integer({ min: 1, max: 4 }), rows).map(([count, row]) => `[${Array(count).fill(row).join(', ')}]`),
  fc.array(rows, { maxLength: 3 }).map(some => `[${some.join(',')}]`),
  fc.constantFrom('[[[[[1]]]]]', '[1,2]3', '-[1]', '[1,2', '[1,2}', '[1],[2]', '7', '0', '"[1,2]"', 'null', '[1,2] 3'),
)

const names = mostly(
  fc.constantFrom(...Object.keys(MEMBERS).map(name => JSON.stringify(name))),
  fc.constantFrom('"pl\\u0061in"', '"__proto__"', '"a\\"b"', '"ä"', 'plain', '"plain', '"\\u005f_proto__"', '"data"'),
)

const documents: fc.Arbitrary<string> = fc.letrec<{ object: string }>(tie => {
  const values = fc.oneof({ maxDepth: 3 }, { weight: 5, arbitrary: arrays }, tie('object'))
  const members = fc.tuple(names, gap, values).map(([name, space, value]) => `${name}${space}:${value}`)
  return {
    object: fc.tuple(fc.array(members, { maxLength: 4 }), gap).map(([some, space]) => `{${some.join(`${space},`)}}`),
  }
}).object

/** A document, the value it may be in, and sometimes one of its bytes changed. */
const texts = fc
  .tuple(fc.oneof({ weight: 5, arbitrary: documents }, arrays), fc.nat(400), fc.constantFrom(...'[]{},:"\\0 é'))
  .map(([text, at, sign]) => (at < text.length ? text.slice(0, at) + sign + text.slice(at + 1) : text))

/** How a body is read: in the general way, from the bytes, or from the bytes on its way to another process. */
type Way = 'general' | 'bytes' | 'sent'

/** What becomes of a body: the value that predict gets, or everything that a caller is told. */
function read(text: string, schema: JSONSchema, { way, limits = LIMITS }: { way: Way; limits?: JSONLimits }): unknown {
  const { numbers: places, validate } = compileValidator(schema, { ...DEFINITIONS, ...OWN })
  const numbers = way === 'general' ? undefined : places
  try {
    const plan = { role: 'payload', hasSchema: true, limits, numbers, isFlat: way === 'sent' } as const
    const value = takeValid(validate(readDocument(Buffer.from(text), true, plan)))
    return { value: way === 'sent' ? send(value) : value }
  } catch (thrown) {
    if (!RequestError.is(thrown)) throw thrown
    const { code, detail, issues } = thrown
    return { code, detail, issues }
  }
}

/** The value as it arrives in the process that runs predict. */
function send(value: unknown): unknown {
  const { attached, ...packed } = packValue(value, true)
  return unpackValue({ ...packed, attached: attached.map(bytes => bytes.slice()) })
}

function isQuick(text: string, schema: JSONSchema): boolean {
  const { numbers: places } = compileValidator(schema, { ...DEFINITIONS, ...OWN })
  return places !== undefined && readNumbers(Buffer.from(text), { places, isFlat: false, limits: LIMITS }) !== undefined
}

const limits = fc.record({
  maxJsonDepth: fc.integer({ min: 1, max: 5 }),
  strictJson: fc.boolean(),
  maxJsonMembers: fc.integer({ min: 1, max: 12 }),
  maxJsonItems: fc.constantFrom(3, 10_000),
})

describe('numbers read from the bytes, for any schema and document', { tags: ['property'] }, () => {
  test('are what JSON.parse reads, and what is wrong is said alike', () => {
    let quick = 0
    let valid = 0
    const property = fc.property(schemas, texts, limits, (schema, text, given) => {
      const body = SPACE + text
      const expected = read(body, schema, { limits: given, way: 'general' })
      expect(read(body, schema, { limits: given, way: 'bytes' })).toStrictEqual(expected)
      expect(read(body, schema, { limits: given, way: 'sent' })).toStrictEqual(expected)
      if (isQuick(body, schema)) quick += 1
      if (isQuick(body, schema) && 'value' in Object(expected)) valid += 1
    })
    const runs = propertyRuns(10_000)
    fc.assert(property, { numRuns: runs })
    expect(quick / runs).toBeGreaterThan(0.05)
    expect(valid / runs).toBeGreaterThan(0.02)
  }, 120_000)

  test('are right where the values are of the schema', () => {
    const property = fc.property(schemasWithValues, ([schema, value]) => {
      const body = SPACE + JSON.stringify(value)
      const expected = read(body, schema, { way: 'general' })
      expect(read(body, schema, { way: 'bytes' })).toEqual(expected)
      expect(read(body, schema, { way: 'sent' })).toEqual(expected)
    })
    fc.assert(property, { numRuns: propertyRuns(2000) })
  }, 60_000)
})

test.each<[text: string, schema: JSONSchema]>([
  ['a list that is too long', listOf(number, { maxItems: 63 })],
  ['one that is too short', listOf(number, { minItems: 65 })],
  ['one that has no lists', listOf(listOf(number))],
  ['one with a number that is too large', listOf({ type: 'number', maximum: 62 })],
  ['one that may have no equal numbers', listOf(number, { uniqueItems: true })],
])('numbers in one piece are refused as their arrays are: %s', (_what, schema) => {
  const text = SPACE + JSON.stringify(Array.from({ length: 64 }, (_, index) => index || 1))
  const general = read(text, schema, { way: 'general' })
  expect(general).toMatchObject({ code: 'invalid_payload' })
  expect(read(text, schema, { way: 'sent' })).toStrictEqual(general)
})

describe('a body is read from the bytes', () => {
  const object = (properties: { readonly [name: string]: JSONSchema }): JSONSchema => ({ type: 'object', properties })

  test.each<[text: string, schema: JSONSchema, value: unknown]>([
    ['{"plain": [1, -0, 2.5]}', object({ plain: listOf(number) }), { plain: [1, -0, 2.5] }],
    [
      '[[1,2],[3,4]]',
      listOf(listOf(number)),
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['{"a":[]}', object({ a: numberArraySchema('Int8Array') }), { a: new Int8Array() }],
    ['{"a":[0.1,-0]}', object({ a: numberArraySchema('Float32Array') }), { a: new Float32Array([0.1, -0]) }],
    ['{"a":[0,0.1]}', object({ a: MEMBERS['boundedView'] ?? {} }), { a: new Float32Array([0, 0.1]) }],
    ['{"a":{"plain":[1]},"a":{"plain":[2]}}', object({ a: object({ plain: listOf(number) }) }), { a: { plain: [2] } }],
    ['{"a":[1],"b":"é"}', object({ a: listOf(number), b: { type: 'string' } }), { a: [1], b: 'é' }],
  ])('%s', (text, schema, value) => {
    expect(isQuick(SPACE + text, schema)).toBe(true)
    expect(read(SPACE + text, schema, { way: 'bytes' })).toStrictEqual({ value })
    expect(read(SPACE + text, schema, { way: 'sent' })).toStrictEqual({ value })
  })

  test.each<[text: string, schema: JSONSchema]>([
    ['{"a":[1],"a":0}', object({ a: listOf(number) })],
    ['{"\\u0061":0,"b":[1]}', object({ a: listOf(number), b: listOf(number) })],
    ['{"a":null}', object({ a: { anyOf: [listOf(number), { type: 'null' }] } })],
    ['{"a":[1,"2"]}', object({ a: listOf(number) })],
    ['{"a":[1]2}', object({ a: listOf(number) })],
    ['{"a":[1],"b":[1]2}', object({ a: listOf(number), b: listOf(number) })],
    ['{"a":["1"]}', object({ a: numberArraySchema('BigInt64Array') })],
    ['{"a":[[[[[1]]]]]}', object({ a: listOf(listOf(listOf(listOf(listOf(number))))) })],
  ])('but not %s', (text, schema) => {
    expect(isQuick(SPACE + text, schema)).toBe(false)
  })
})
