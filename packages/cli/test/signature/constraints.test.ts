import type { DecodedType, JSONSchema } from 'incant'
import { describe, expect, test } from 'vitest'
import { readSource, refusalOfSource } from './project.ts'

/** The schema of a payload with these members, and these declarations beside it. */
function members(text: string, declare = ''): Readonly<Record<string, JSONSchema>> {
  const { signature } = readSource(`${declare}
export default class P extends BasePredictor { predict(payload: { ${text} }) {} }`)
  return signature.parameters[0]?.schema?.properties ?? {}
}

describe('JSDoc tags', () => {
  test('restrict numbers', () => {
    const found = members(`
      /** @minimum 1 @maximum 10 */ a: number
      /** @exclusiveMinimum 0 @exclusiveMaximum 1.5 */ b: number
      /** @integer @multipleOf 5 */ c: number
      /** @minimum -1e3 */ d?: number | null
      /** @integer */ e: number | null
      /** @minimum 0 @maximum 255 */ f: number[]`)
    expect(found).toEqual({
      a: { type: 'number', minimum: 1, maximum: 10 },
      b: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1.5 },
      c: { type: 'integer', multipleOf: 5 },
      d: { type: ['number', 'null'], minimum: -1000 },
      e: { type: ['integer', 'null'] },
      f: { type: 'array', items: { type: 'number', minimum: 0, maximum: 255 } },
    })
  })

  test('restrict strings', () => {
    const found = members(`
      /** @minLength 1 @maxLength 5 */ a: string
      /** @pattern ^[a-z]+@\\d{2}$ */ b: string
      /** @format email */ c: string | null
      /** @minLength 1 */ d: string[]`)
    expect(found).toEqual({
      a: { type: 'string', minLength: 1, maxLength: 5 },
      b: { type: 'string', pattern: '^[a-z]+@\\d{2}$' },
      c: { type: ['string', 'null'], format: 'email' },
      d: { type: 'array', items: { type: 'string', minLength: 1 } },
    })
  })

  test('restrict typed arrays, and never widen what their elements hold', () => {
    const found = members(`
      /** @minItems 2 @minimum 0 @maximum 1 */ a: Float64Array
      /** @minimum -1000 @maximum 100 */ b: Int8Array
      /** @integer */ c: Float64Array | null`)
    const numbers = (type: DecodedType, items: JSONSchema) => ({ type: 'array', items, 'x-incant-type': type })
    expect(found).toEqual({
      a: { ...numbers('Float64Array', { type: 'number', minimum: 0, maximum: 1 }), minItems: 2 },
      b: numbers('Int8Array', { type: 'integer', minimum: -128, maximum: 100 }),
      c: { anyOf: [numbers('Float64Array', { type: 'integer' }), { type: 'null' }] },
    })
  })

  test('restrict arrays and objects', () => {
    const found = members(
      `
      /** @minItems 1 @maxItems 3 @uniqueItems */ a: string[]
      /** @minItems 1 */ b: Names
      c: Closed`,
      `type Names = string[]
/** @additionalProperties false */
interface Closed { x: number }`,
    )
    expect(found).toEqual({
      a: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 3, uniqueItems: true },
      b: { type: 'array', items: { type: 'string' }, minItems: 1 },
      c: { type: 'object', properties: { x: { type: 'number' } }, required: ['x'], additionalProperties: false },
    })
  })

  test('document', () => {
    const found = members(`
      /**
       * The text.
       *
       * More of it.
       * @title Text
       * @example "Guten Tag"
       * @example Bonjour
       */
      a: string
      /** @deprecated use a */ b?: boolean
      /** @default "en" */ c: string`)
    expect(found).toEqual({
      a: { type: 'string', title: 'Text', description: 'The text.\n\nMore of it.', examples: ['Guten Tag', 'Bonjour'] },
      b: { type: 'boolean', deprecated: true },
      c: { type: 'string', default: 'en' },
    })
  })

  test('on aliases of primitives hold wherever the alias is written', () => {
    const found = members(
      'a: Score; b?: Score; c: Score | null; d: readonly Score[]; /** Own. @maximum 5 */ e: Half; f: string',
      `/** From 0. @minimum 0 */ type Score = number
/** @maximum 0.5 */ type Half = Score`,
    )
    const score = { type: 'number', minimum: 0, description: 'From 0.' }
    expect(found).toEqual({
      a: score,
      b: score,
      c: { ...score, type: ['number', 'null'] },
      d: { type: 'array', items: score },
      e: { type: 'number', minimum: 0, maximum: 5, description: 'Own.' },
      f: { type: 'string' },
    })
  })

  test('of a type are those of its definition, and a member says more beside the reference', () => {
    const { signature } = readSource(`/** A place. */ interface Place { name: string }
export default class P extends BasePredictor { predict(payload: { /** Where from. */ from: Place; to: Place }) {} }`)
    expect(signature.parameters[0]?.schema?.properties).toEqual({
      from: { $ref: '#/$defs/Place', description: 'Where from.' },
      to: { $ref: '#/$defs/Place' },
    })
    expect(signature.definitions).toEqual({
      Place: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'], description: 'A place.' },
    })
  })

  test('survive Pick and Partial', () => {
    expect(
      members("a: Partial<Pick<Whole, 'x'>>", 'interface Whole { /** X. @minimum 1 */ x: number; y: string }'),
    ).toEqual({
      a: { type: 'object', properties: { x: { type: 'number', minimum: 1, description: 'X.' } } },
    })
  })

  test('with a default make a member optional on the wire', () => {
    const { signature } = readSource(`export default class P extends BasePredictor {
  predict(payload: { /** @default 3 */ top: number; text: string }) {}
}`)
    expect(signature.parameters[0]?.schema?.required).toEqual(['text'])
  })
})

test.each([
  ['@minimum abc', 'number', '@minimum abc, which is not a number', 'Write a number: @minimum 1.'],
  ['@minimum 1', 'string', '@minimum, which applies to numbers only', 'Remove @minimum, or change the type.'],
  [
    '@minLength -1',
    'string',
    '@minLength -1, which is not a whole number, 0 or more',
    'Write a whole number: @minLength 1.',
  ],
  [
    '@minLength 1',
    "'a' | 'b'",
    '@minLength, and a type that lists its values',
    'Remove @minLength: the list is the constraint.',
  ],
  [
    '@pattern [a',
    'string',
    '@pattern [a, which is not a regular expression',
    'Write a regular expression without slashes',
  ],
  [
    '@pattern ^(a+)+$',
    'string',
    '@pattern ^(a+)+$, which takes time exponential in the length of the text that it is tried on',
    'Rewrite it so that it can match each text in one way only',
  ],
  [
    '@maxLength 5000 @pattern \\d+$',
    'string',
    '@pattern \\d+$, which takes time that grows with the square of the length of the text',
    'Write @maxLength 1000 or less beside it',
  ],
  [
    '@pattern ^a',
    `\`x\${string}\``,
    '@pattern, which applies to plain strings only',
    'Remove @pattern, or change the type.',
  ],
  ['@minItems 1', 'string', '@minItems, which applies to arrays only', 'Remove @minItems, or change the type.'],
  ['@multipleOf 0', 'number', '@multipleOf 0, which is not a number above 0', 'Write a number: @multipleOf 1.'],
  ['@default en', 'string', '@default en, which is not JSON', 'Write JSON, a string in double quotes: @default "en".'],
  ['@default 5', 'string', '@default 5, which its type does not allow', 'Write a default that the type allows.'],
  ['@minimum 1', 'BigInt64Array', '@minimum, which applies to numbers only', 'Remove @minimum, or change the type.'],
  ['@minLength 1', 'BigInt64Array', '@minLength, which applies to strings only', 'Remove @minLength, or change'],
  ['@minimum 1', 'bigint', '@minimum, which applies to numbers only', 'Remove @minimum, or change the type.'],
  ['@minimum 3 @maximum 1', 'number', '@minimum 3 above @maximum 1', 'Swap them, or correct one.'],
])('%s on %s is refused', (tag, type, found, instead) => {
  const refusal = refusalOfSource(`
interface Payload {
  /** ${tag} */
  value: ${type}
}
export default class P extends BasePredictor { predict(payload: Payload) {} }`)
  expect(refusal).toMatchObject({ code: 'invalid_constraint', at: 'predictor.ts:5:3' })
  expect(refusal.message).toContain(`P.predict, parameter payload: payload.value has ${found}`)
  expect(refusal.message).toContain(instead)
})
