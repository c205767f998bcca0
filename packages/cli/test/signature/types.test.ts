import fc from 'fast-check'
import type { DecodedType, Definitions, JSONSchema } from 'incant'
import { compileValidator } from 'incant/internal'
import { expect, test } from 'vitest'
import { propertyRuns } from '../../../../tests/property-runs.ts'
import { read, readSource } from './project.ts'

interface Form {
  readonly type: string
  /** Declarations that the type needs. */
  readonly declare?: string
  readonly schema: JSONSchema
  readonly definitions?: Definitions
}

const object = (properties: Record<string, JSONSchema>, required = Object.keys(properties)): JSONSchema => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
})
const string: JSONSchema = { type: 'string' }
const number: JSONSchema = { type: 'number' }
const date: JSONSchema = { type: 'string', format: 'date-time', 'x-incant-type': 'Date' }
const bytes: JSONSchema = { type: 'string', contentEncoding: 'base64', 'x-incant-type': 'Uint8Array' }
const bigint: JSONSchema = { type: 'string', pattern: '^(?:0|-?[1-9]\\d*)$', 'x-incant-type': 'bigint' }
const MAX = 3.4028234663852886e38
const INT16: JSONSchema = { type: 'integer', minimum: -32768, maximum: 32767 }
const numbers = (type: DecodedType, items: JSONSchema): JSONSchema => ({ type: 'array', items, 'x-incant-type': type })
const anything: JSONSchema = {
  type: ['string', 'number', 'boolean', 'object', 'array'],
  additionalProperties: {},
}

/** Each is read as the type of a member, since a parameter's own type can also be a role. */
const FORMS: readonly Form[] = [
  // Primitives
  { type: 'string', schema: string },
  { type: 'number', schema: number },
  { type: 'boolean', schema: { type: 'boolean' } },
  { type: 'null', schema: { type: 'null' } },
  { type: 'any', schema: {} },
  { type: 'unknown', schema: {} },
  { type: 'never', schema: { not: {} } },
  { type: 'object', schema: { type: ['object', 'array'], additionalProperties: {} } },
  { type: '{}', schema: anything },
  { type: 'Empty', declare: 'interface Empty {}', schema: anything },
  { type: 'bigint', schema: bigint },
  { type: '12n', schema: { ...bigint, const: '12' } },
  { type: 'Date', schema: date },
  { type: 'Uint8Array', schema: bytes },
  { type: 'Uint8Array<ArrayBuffer>', schema: bytes },
  { type: 'ArrayBuffer', schema: { ...bytes, 'x-incant-type': 'ArrayBuffer' } },
  { type: 'Float32Array', schema: numbers('Float32Array', { type: 'number', minimum: -MAX, maximum: MAX }) },
  {
    type: 'Float32Array<ArrayBuffer>',
    schema: numbers('Float32Array', { type: 'number', minimum: -MAX, maximum: MAX }),
  },
  { type: 'Float64Array', schema: numbers('Float64Array', number) },
  { type: 'Uint8ClampedArray', schema: numbers('Uint8ClampedArray', { type: 'integer', minimum: 0, maximum: 255 }) },
  { type: 'Int16Array | null', schema: { anyOf: [numbers('Int16Array', INT16), { type: 'null' }] } },
  { type: 'Int16Array[]', schema: { type: 'array', items: numbers('Int16Array', INT16) } },

  // Literals, enums
  { type: "'a'", schema: { type: 'string', const: 'a' } },
  { type: '5', schema: { type: 'number', const: 5 } },
  { type: 'true', schema: { type: 'boolean', const: true } },
  { type: "'a' | 'b'", schema: { type: 'string', enum: ['a', 'b'] } },
  { type: '1 | 2 | null', schema: { enum: [1, 2, null] } },
  { type: "'a' | 1", schema: { enum: ['a', 1] } },
  { type: 'Direction', declare: 'enum Direction { Up, Down }', schema: { type: 'number', enum: [0, 1] } },
  { type: 'Color', declare: "enum Color { Red = 'r', Green = 'g' }", schema: { type: 'string', enum: ['r', 'g'] } },
  { type: 'Color2.Red', declare: "enum Color2 { Red = 'r', Green = 'g' }", schema: { type: 'string', const: 'r' } },
  { type: 'Single', declare: "enum Single { Only = 'o' }", schema: { type: 'string', const: 'o' } },
  { type: 'Constant', declare: 'const enum Constant { One = 1, Two }', schema: { type: 'number', enum: [1, 2] } },

  // Unions
  { type: 'string | number', schema: { type: ['string', 'number'] } },
  { type: 'number | null', schema: { type: ['number', 'null'] } },
  { type: "boolean | 'auto'", schema: { anyOf: [{ type: 'boolean' }, { type: 'string', const: 'auto' }] } },
  { type: 'string[] | string', schema: { anyOf: [{ type: 'array', items: string }, string] } },
  { type: 'Date | null', schema: { anyOf: [date, { type: 'null' }] } },
  {
    type: "{ kind: 'a'; x: number } | { kind: 'b'; y: string }",
    schema: {
      anyOf: [
        object({ kind: { type: 'string', const: 'a' }, x: number }),
        object({ kind: { type: 'string', const: 'b' }, y: string }),
      ],
      discriminator: { propertyName: 'kind' },
    },
  },
  {
    type: '{ ok: true; x: number } | { ok: false } | null',
    schema: {
      anyOf: [
        {
          anyOf: [
            object({ ok: { type: 'boolean', const: true }, x: number }),
            object({ ok: { type: 'boolean', const: false } }),
          ],
          discriminator: { propertyName: 'ok' },
        },
        { type: 'null' },
      ],
    },
  },
  {
    type: '{ a: string } | { b: string }',
    schema: { anyOf: [object({ a: string }), object({ b: string })] },
  },

  // Intersections and brands
  { type: '{ a: string } & { b?: number }', schema: object({ a: string, b: number }, ['a']) },
  { type: "string & { readonly __brand: 'id' }", schema: string },
  { type: '(string & {}) | number', schema: { anyOf: [string, number] } },
  {
    type: 'Branded',
    declare: 'declare const brand: unique symbol\ntype Branded = { a: number } & { readonly [brand]: true }',
    schema: object({ a: number }),
  },

  // Arrays, tuples
  { type: 'number[]', schema: { type: 'array', items: number } },
  { type: 'readonly string[]', schema: { type: 'array', items: string } },
  { type: 'Array<Array<number>>', schema: { type: 'array', items: { type: 'array', items: number } } },
  { type: '(number | undefined)[]', schema: { type: 'array', items: number } },
  {
    type: '[string, number]',
    schema: { type: 'array', prefixItems: [string, number], items: false, minItems: 2, maxItems: 2 },
  },
  {
    type: 'readonly [x: string, y?: number]',
    schema: { type: 'array', prefixItems: [string, number], items: false, minItems: 1, maxItems: 2 },
  },
  {
    type: '[string, ...number[]]',
    schema: { type: 'array', prefixItems: [string], items: number, minItems: 1 },
  },
  { type: '[]', schema: { type: 'array', items: false, minItems: 0, maxItems: 0 } },

  // Objects, records, index signatures
  { type: '{ a: string; b?: number }', schema: object({ a: string, b: number }, ['a']) },
  { type: '{ a: string | undefined }', schema: object({ a: string }, []) },
  { type: '{ a: string; b?: never }', schema: object({ a: string, b: { not: {} } }, ['a']) },
  { type: "{ 'a-b': string; 1: number }", schema: object({ '1': number, 'a-b': string }, ['a-b', '1']) },
  { type: 'Record<string, number>', schema: { type: 'object', additionalProperties: number } },
  { type: "Record<'a' | 'b', number>", schema: object({ a: number, b: number }) },
  {
    type: '{ [name: string]: string[] }',
    schema: { type: 'object', additionalProperties: { type: 'array', items: string } },
  },
  {
    type: `{ [name: \`x-\${string}\`]: string }`,
    schema: { type: 'object', patternProperties: { '^x-[\\s\\S]*$': string } },
  },
  {
    type: '{ a: number; [name: string]: number }',
    schema: { ...object({ a: number }), additionalProperties: number },
  },
  {
    type: 'Point',
    declare: 'class Point { x = 0; y = 0; constructor(x: number) { this.x = x } }',
    schema: object({ x: number, y: number }),
  },

  // Mapped, conditional, generic
  { type: "Pick<Whole, 'a'>", declare: 'interface Whole { a: string; b: number }', schema: object({ a: string }) },
  { type: "Omit<Whole2, 'a'>", declare: 'interface Whole2 { a: string; b: number }', schema: object({ b: number }) },
  { type: 'Partial<{ a: string }>', schema: object({ a: string }, []) },
  { type: 'Required<{ a?: string }>', schema: object({ a: string }) },
  { type: 'Readonly<{ a: string }>', schema: object({ a: string }) },
  {
    type: 'If<true>',
    declare: 'type If<T> = T extends true ? { yes: string } : number',
    schema: object({ yes: string }),
  },
  { type: 'Box<string>', declare: 'interface Box<T> { value: T }', schema: object({ value: string }) },
  { type: "Whole3['a']", declare: 'interface Whole3 { a: string[] }', schema: { type: 'array', items: string } },
  { type: 'keyof { a: 1; b: 2 }', schema: { type: 'string', enum: ['a', 'b'] } },
  {
    type: 'typeof sample',
    declare: 'const sample = { a: 1, b: ["x"] }',
    schema: object({ a: number, b: { type: 'array', items: string } }),
  },

  // Template literals
  { type: `\`\${string}.jpg\``, schema: { type: 'string', pattern: '^[\\s\\S]*\\.jpg$' } },
  { type: `\`\${string}-\${string}\``, schema: { type: 'string', pattern: '^(?:(?!-)[\\s\\S])*-[\\s\\S]*$' } },
  { type: `\`\${'a' | 'b'}-x\``, schema: { type: 'string', enum: ['a-x', 'b-x'] } },
  { type: "Uppercase<'a' | 'b'>", schema: { type: 'string', enum: ['A', 'B'] } },

  // Recursion
  {
    type: 'Tree',
    declare: 'interface Tree { value: string; children: Tree[] }',
    schema: { $ref: '#/$defs/Tree' },
    definitions: { Tree: object({ value: string, children: { type: 'array', items: { $ref: '#/$defs/Tree' } } }) },
  },
  {
    type: 'JSONValue',
    declare: 'type JSONValue = string | number | boolean | null | JSONValue[] | { [name: string]: JSONValue }',
    schema: { $ref: '#/$defs/JSONValue' },
    definitions: {
      JSONValue: {
        anyOf: [
          { type: 'array', items: { $ref: '#/$defs/JSONValue' } },
          { type: 'object', additionalProperties: { $ref: '#/$defs/JSONValue' } },
          { type: ['string', 'number', 'null', 'boolean'] },
        ],
      },
    },
  },
  {
    type: 'Items',
    declare: 'interface Items extends Array<string | Items> {}',
    schema: { $ref: '#/$defs/Items' },
    definitions: { Items: { type: 'array', items: { anyOf: [{ $ref: '#/$defs/Items' }, string] } } },
  },
  {
    type: 'List<number>',
    declare: 'type List<T> = { value: T; next?: List<T> }',
    schema: { $ref: '#/$defs/List_number' },
    definitions: { List_number: object({ value: number, next: { $ref: '#/$defs/List_number' } }, ['value']) },
  },
  {
    type: '[Twice, Twice]',
    declare: 'interface Twice { a: string }',
    schema: {
      type: 'array',
      prefixItems: [{ $ref: '#/$defs/Twice' }, { $ref: '#/$defs/Twice' }],
      items: false,
      minItems: 2,
      maxItems: 2,
    },
    definitions: { Twice: object({ a: string }) },
  },
]

test('each form of type becomes its schema', () => {
  const source = FORMS.map(({ type, declare = '' }, index) =>
    [declare, `export class Form${index} extends BasePredictor { predict(payload: { value: ${type} }) {} }`].join('\n'),
  )
  const { signatures, warnings } = read(
    { 'forms.ts': ["import { BasePredictor } from 'incant'", ...source].join('\n') },
    { all: true },
  )
  expect(warnings).toEqual([])
  const forms = signatures.toSorted((left, right) => numberOf(left.className) - numberOf(right.className))
  const read_ = forms.map(({ parameters, definitions }, index) => ({
    type: FORMS[index]?.type,
    schema: parameters[0]?.schema?.properties?.['value'],
    definitions,
  }))
  expect(read_).toEqual(FORMS.map(({ type, schema, definitions = {} }) => ({ type, schema, definitions })))
})

function numberOf(className: string): number {
  return Number(className.replace(/\D/g, ''))
}

test('named alternatives of a union that recurs are definitions, to which a discriminator can point', () => {
  const { signature } = readSource(`interface Circle { kind: 'circle'; radius: number }
interface Group { kind: 'group'; members: (Circle | Group)[] }
export class P extends BasePredictor { predict(payload: { shapes: (Circle | Group)[] }) {} }`)
  expect(Object.keys(signature.definitions).sort()).toEqual(['Circle', 'Group', 'Shapes'])
})

test('the published pattern of a bigint accepts what the server does', { tags: ['property'] }, () => {
  const { signature } = readSource('export default class P extends BasePredictor { predict(p: { n: bigint }) {} }')
  const { pattern = '', ...decoded } = signature.parameters[0]?.schema?.properties?.['n'] ?? {}
  const published = new RegExp(pattern, 'u')
  const served = compileValidator(decoded, {})
  const texts = fc.oneof(
    fc.bigInt().map(String),
    fc.string({ unit: fc.constantFrom('-', '0', '1', '+', '.', ' '), maxLength: 4 }),
  )
  const property = fc.property(texts, text => {
    expect(served.validate(text).ok).toBe(published.test(text))
  })
  fc.assert(property, { numRuns: propertyRuns(1000), examples: [['-0'], ['0'], ['-1'], ['00'], ['']] })
})
