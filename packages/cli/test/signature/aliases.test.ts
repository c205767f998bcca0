import { describe, expect, test } from 'vitest'
import { read, readSource, refusalOfSource } from './project.ts'
import { expectVerdicts, type VerdictCase } from './verdict-case.ts'

const DIGITS = `/** @pattern ^\\d+$ */
type Digits = string
/** @format email */
type Mail = string
/** @minimum 0 */
type Positive = number
interface Box<T> { v: T }
interface Marked<T = Digits> { v: T }
class Pair { constructor(public left: Digits, public right: Positive) {} }
type If<T> = T extends true ? Digits : never
type Values<T> = T[keyof T]
`

/** Where an alias is written, with a body that its constraint accepts and one that it does not. */
const WRITTEN: readonly (readonly [payload: string, accept: unknown, refuse: unknown])[] = [
  ['{ v: Digits }', { v: '1' }, { v: 'a' }],
  ['{ v?: Digits }', { v: '1' }, { v: 'a' }],
  ['{ v: Digits | null }', { v: null }, { v: 'a' }],
  ['{ v: Digits | number }', { v: 5 }, { v: 'a' }],
  ['{ v: Digits | Mail }', { v: 'a@b.de' }, { v: 'zz' }],
  ['{ v: Positive | Digits }', { v: 5 }, { v: -5 }],
  ['{ v: Digits[] }', { v: ['1'] }, { v: ['a'] }],
  ['{ v: Array<Digits> }', { v: ['1'] }, { v: ['a'] }],
  ['{ v: ReadonlyArray<Digits> }', { v: ['1'] }, { v: ['a'] }],
  ['{ v: Digits[][] }', { v: [['1']] }, { v: [['a']] }],
  ['{ v: (Digits | null)[] }', { v: ['1', null] }, { v: ['a'] }],
  ['{ v: [Digits, number] }', { v: ['1', 1] }, { v: ['a', 1] }],
  ['{ v: [first: number, ...rest: Digits[]] }', { v: [1, '1'] }, { v: [1, 'a'] }],
  ['{ v: Record<string, Digits> }', { v: { a: '1' } }, { v: { a: 'x' } }],
  ["{ v: Record<'a', Digits> }", { v: { a: '1' } }, { v: { a: 'x' } }],
  ['{ v: { [key: string]: Digits } }', { v: { a: '1' } }, { v: { a: 'x' } }],
  ['{ v: Digits & { readonly __brand: 1 } }', { v: '1' }, { v: 'a' }],
  ['Box<Digits>', { v: '1' }, { v: 'a' }],
  ['Box<Box<Digits[]>>', { v: { v: ['1'] } }, { v: { v: ['a'] } }],
  ['Marked', { v: '1' }, { v: 'a' }],
  ['Partial<Box<Digits>>', { v: '1' }, { v: 'a' }],
  ["Pick<Box<Digits>, 'v'>", { v: '1' }, { v: 'a' }],
  ['Required<{ v?: Digits }>', { v: '1' }, { v: 'a' }],
  ["Box<string>['v'] extends string ? Box<Digits> : never", { v: '1' }, { v: 'a' }],
  ['{ v: If<true> }', { v: '1' }, { v: 'a' }],
  ['{ v: Values<{ a: Digits; b: Positive }> }', { v: '1' }, { v: 'a' }],
  ['{ v: ReturnType<() => Digits> }', { v: '1' }, { v: 'a' }],
  ['{ v: NonNullable<Digits | null> }', { v: '1' }, { v: 'a' }],
  ['{ v: Exclude<Digits | 5, 5> }', { v: '1' }, { v: 'a' }],
  ["{ v: import('./shared.ts').Slug }", { v: 'abc' }, { v: 'A' }],
  ['Pair', { left: '1', right: 0 }, { left: 'a', right: 0 }],
  ['Digits', '1', 'a'],
  ['Digits[]', ['1'], ['a']],
  ['Digits | null', null, 'a'],
  ['Positive', 5, -1],
  ['Positive[]', [5], [-1]],
]

const FILES = { 'shared.ts': '/** @pattern ^[a-z]+$ */\nexport type Slug = string' }

describe('the constraints of an alias hold in', () => {
  test.each(WRITTEN)('%s', (payload, accept, refuse) => {
    // The table is written as the JSON that it is.
    const [accepted, refused] = [accept, refuse] as NonNullable<VerdictCase['accept']>
    expectVerdicts({
      name: payload,
      declare: DIGITS,
      payload,
      accept: accepted === undefined ? [] : [accepted],
      refuse: refused === undefined ? [] : [refused],
      files: FILES,
    })
  })
})

const KINDS: readonly VerdictCase[] = [
  {
    name: 'an array, and one of its items',
    declare: '/** @minItems 1 */ type Names = string[]; /** @minItems 2 */ type Some<T> = readonly T[]',
    payload: '{ a: Names; b?: Some<Names> | null }',
    accept: [{ a: ['x'] }, { a: ['x'], b: [['x'], ['y']] }, { a: ['x'], b: null }],
    refuse: [{ a: [] }, { a: ['x'], b: [['x']] }, { a: ['x'], b: [['x'], []] }],
  },
  {
    name: 'an alias of an alias',
    declare: '/** @minimum 0 */ type Score = number; /** @maximum 1 */ type Share = Score',
    payload: '{ a: Share[] }',
    accept: [{ a: [0.5] }],
    refuse: [{ a: [2] }, { a: [-1] }],
  },
  {
    name: 'a union with null in it',
    declare: '/** @minimum 0 */ type Score = number | null',
    payload: 'Score[]',
    accept: [[null, 1]],
    refuse: [[-1]],
  },
  {
    name: 'a template',
    declare: `/** @maxLength 4 */ type Code = \`c\${string}\``,
    payload: '{ a: Code[] }',
    accept: [{ a: ['c123'] }],
    refuse: [{ a: ['c1234'] }, { a: ['d1'] }],
  },
  {
    name: 'another name of an interface',
    declare: 'interface Open { a: string }; /** @additionalProperties false */ type Closed = Open',
    payload: '{ o: Open; c: Closed[] }',
    accept: [{ o: { a: 'x', b: 1 }, c: [{ a: 'x' }] }],
    refuse: [{ o: { a: 'x' }, c: [{ a: 'x', b: 1 }] }],
  },
  {
    name: 'a type that refers to itself',
    declare: '/** @minItems 1 */ type Tree = (string | Tree)[]',
    payload: '{ tree: Tree }',
    accept: [{ tree: ['a', ['b']] }],
    refuse: [{ tree: [] }, { tree: ['a', []] }],
  },
  {
    name: 'the elements of an interface inside itself',
    declare: '/** @minItems 1 */ type Kids = Node[]; interface Node { id: string; kids?: Kids }',
    payload: 'Node',
    accept: [{ id: 'a', kids: [{ id: 'b' }] }],
    refuse: [
      { id: 'a', kids: [] },
      { id: 'a', kids: [{ id: 'b', kids: [] }] },
    ],
  },
  {
    name: 'the keys of a record',
    declare: '/** @pattern ^[a-z]+$ */ type Word = string',
    payload: '{ counts: Record<Word, number> }',
    accept: [{ counts: { ab: 1 } }, { counts: {} }],
    refuse: [{ counts: { ab: 'x' } }, { counts: { A: 1 } }],
  },
]

describe('the constraints of', () => {
  test.each(KINDS)('$name', expectVerdicts)

  test('an alias hold in a batch, a configuration and what prepare takes', () => {
    const batch = `/** @pattern ^a */ export type A = string
export class P extends BatchPredictor { predictBatch(payloads: A[]): A[] { return payloads } }`
    const { signatures } = read({
      'p.ts': `import { BasePredictor, BatchPredictor } from 'incant'\n${batch}`,
    })
    expect(signatures[0]?.parameters[0]?.schema).toEqual({ type: 'string', pattern: '^a' })
    expect(signatures[0]?.returns).toEqual([{ kind: 'text', schema: { type: 'string', pattern: '^a' } }])
    const { signature } = readSource(`/** @minimum 1 */ type Size = number
export class P extends BasePredictor<{ sizes: Size[] }> { predict() {} }`)
    expect(signature.config?.schema.properties).toEqual({
      sizes: { type: 'array', items: { type: 'number', minimum: 1 } },
    })
  })

  test('a typedef in JavaScript hold', () => {
    const { signatures } = read({
      'p.js': `import { BasePredictor } from 'incant'
/**
 * @typedef {string} Digits
 * @pattern ^\\d+$
 */
export default class P extends BasePredictor {
  /** @param {{ v: Array<Digits> }} payload */
  predict(payload) { return payload.v.length }
}`,
    })
    expect(signatures[0]?.parameters[0]?.schema?.properties).toEqual({
      v: { type: 'array', items: { type: 'string', pattern: '^\\d+$' } },
    })
  })
})

const P = 'export class P extends BasePredictor'

describe('refused, since the constraints of an alias have no form there, is', () => {
  const declare = '/** @minLength 3 */ type Word = string'

  test.each([
    [`{ v: \`id-\${Word}\` }`, /a template with Word in it/],
    ['Record<Word, number>', /under keys of Word, whose constraints have no form for keys/],
  ])('%s', (payload, says) => {
    expect(refusalOfSource(`${declare}\n${P} { predict(payload: ${payload}) {} }`).message).toMatch(says)
  })
})

describe('the marks of aliases', () => {
  test('are in no place and no message', () => {
    const source = `/** @minimum 0 */ type Score = number; interface Wrong { when: Map<Score, Score>; other: Box<Score> }; interface Box<T> { of: T }
export class P extends BasePredictor { predict(payload: Wrong) {} }`
    expect(refusalOfSource(source)).toMatchObject({ at: 'predictor.ts:2:58' })
    expect(refusalOfSource(source).message).not.toMatch(/Incant/)
    const { signature } = readSource(`/** @minimum 0 */ type Score = number; interface Box<T> { of: T }
export class P extends BasePredictor { predict(payload: { a: Box<Score>; b: Box<Score> }) {} }`)
    expect(Object.keys(signature.definitions)).toEqual(['Box_Score'])
  })

  test('leave type errors where they are', () => {
    const refusal = refusalOfSource(`/** @minimum 0 */ type Score = number; interface Broken { a: Score; b: Nowhere }
export class P extends BasePredictor { predict(payload: Broken) {} }`)
    expect(refusal).toMatchObject({ code: 'signature_type_error', at: 'predictor.ts:2:72' })
  })

  test('change nothing of how code is checked', () => {
    const { warnings, signature } = readSource(`/** @default "en" */ type Language = 'en' | 'de'
/** @minLength 1 */ type Text = string
export class P extends BasePredictor {
  predict({ language, text }: { language: Language; text: Text }) {
    const map = new Map<string, number>([[text, 1]])
    const both: Text = 'a' + text.trim()
    switch (language) {
      case 'en': return { size: map.size, both }
      case 'de': return { size: 0, both }
    }
  }
}`)
    expect(warnings).toEqual([])
    expect(signature.returns[0]?.schema?.required).toEqual(['size', 'both'])
  })
})
