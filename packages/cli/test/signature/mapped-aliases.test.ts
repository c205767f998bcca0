import { compileValidator } from 'incant/internal'
import { describe, expect, test } from 'vitest'
import { readSource, refusalOfSource } from './project.ts'
import { expectVerdicts } from './verdict-case.ts'

const DECLARE = `/** @pattern ^\\d+$ */ type Digits = string
/** @minimum 0 @maximum 1 */ type Score = number
/** @minItems 1 */ type Some = string[]
/** @maxLength 6 */ type Pixels = \`\${number}px\`
/** @title A number */ type Whole = bigint
/** @additionalProperties false */ type Closed = Omit<{ a: string; b: number }, 'b'>
interface All { s: Score; d: Digits[]; some: Some; px: Pixels; whole: Whole; maybe?: { d: Digits } | null }
`

/** Ways in which people and packages write a type that maps all that is inside another. */
const DEEP: readonly (readonly [name: string, type: string])[] = [
  ['as it comes', '{ [K in keyof T]?: Deep<T[K]> }'],
  ['of objects', 'T extends object ? { [K in keyof T]?: Deep<T[K]> } : T'],
  ['of records', 'T extends Record<string, any> ? { [K in keyof T]?: Deep<T[K]> } : T'],
  [
    'of objects but functions',
    'T extends Function ? T : T extends object ? { readonly [K in keyof T]?: Deep<T[K]> } : T',
  ],
  ['beside null', 'T extends object ? { [K in keyof T]?: Deep<T[K]> | null } : T'],
]

describe('constraints of aliases hold in a mapped type', { tags: ['slow'] }, () => {
  test.each(DEEP)('%s', (_, deep) => {
    expectVerdicts({
      name: '',
      declare: `${DECLARE}type Deep<T> = ${deep}`,
      payload: 'Deep<All>',
      accept: [
        {},
        { s: 1, d: ['1'], some: ['x'], px: '1px', whole: '5', maybe: { d: '1' } },
        { maybe: null },
        { maybe: {} },
      ],
      refuse: [
        { s: 2 },
        { d: ['x'] },
        { some: [] },
        { some: [5] },
        { px: '12345px' },
        { whole: 5 },
        { maybe: { d: 'x' } },
      ],
    })
  })

  test('over an object, which keeps its keys and its values', () => {
    expectVerdicts({
      name: '',
      declare: DECLARE,
      payload:
        '{ closed: Closed; key: keyof Closed; value: Closed[keyof Closed]; part: Partial<Closed>; more: Closed & { c: 1 } }',
      accept: [{ closed: { a: 'x' }, key: 'a', value: 'x', part: {}, more: { a: 'x', c: 1 } }],
      refuse: [
        { closed: { a: 'x', c: 1 }, key: 'a', value: 'x', part: {}, more: { a: 'x', c: 1 } },
        { closed: { a: 'x' }, key: 'b', value: 'x', part: {}, more: { a: 'x', c: 1 } },
        { closed: { a: 'x' }, key: 'a', value: 5, part: {}, more: { a: 'x', c: 1 } },
      ],
    })
  })
})

describe('an alias is no object to a conditional type', { tags: ['slow'] }, () => {
  test.each([
    ['object', 'extends object ? { ref: string } : T'],
    ['a record of anything', 'extends Record<string, any> ? { ref: string } : T'],
    ['an index signature of anything', 'extends { [key: string]: any } ? { ref: string } : T'],
  ])('that asks for %s', (_, question) => {
    expectVerdicts({
      name: '',
      declare: `${DECLARE}type Ref<T> = T ${question}`,
      payload: '{ s: Ref<Score>; d: Ref<Digits>; o: Ref<{ a: 1 }> }',
      accept: [{ s: 1, d: '1', o: { ref: 'x' } }],
      refuse: [
        { s: 2, d: '1', o: { ref: 'x' } },
        { s: 1, d: 'x', o: { ref: 'x' } },
        { s: 1, d: '1', o: { a: 1 } },
      ],
    })
  })

  test('in another file, where a list still is one', () => {
    expectVerdicts({
      name: '',
      declare: `import type { Paths, Deep } from './paths.ts'\n${DECLARE}`,
      payload: '{ path: Paths<{ a: { s: Score }; d: Digits }>; deep: Deep<{ some: Some }> }',
      accept: [
        { path: 'a.s', deep: {} },
        { path: 'd', deep: { some: ['x'] } },
      ],
      refuse: [
        { path: 'a.s.toFixed', deep: {} },
        { path: 'd', deep: { some: [] } },
      ],
      files: {
        'paths.ts': `export type Paths<T> = T extends object ? { [K in keyof T & string]: K | \`\${K}.\${Paths<T[K]>}\` }[keyof T & string] : never
export type Deep<T> = T extends object ? { [K in keyof T]?: Deep<T[K]> } : T`,
      },
    })
  })
})

test('a mapped type that leaves no trace of the alias ends the start', () => {
  const flags = 'type Flags<T> = { [K in keyof T]: boolean }'
  expect(
    refusalOfSource(
      `${DECLARE}${flags}\nexport class P extends BasePredictor { predict(payload: { v: Flags<Score> }) {} }`,
    ).message,
  ).toMatch(
    /payload\.v is a mapped type over an alias with JSDoc constraints, which takes it apart.*\n.*Map its members/,
  )
})

test.each(['1 | 2', 'Level'])('a bound on %s ends the start, as the values are listed', type => {
  const source = `enum Level { Low = 1, High = 2 }
/** @maximum 1 */ type Bound = ${type}
export class P extends BasePredictor { predict(payload: { v: Bound }) {} }`
  expect(refusalOfSource(source).message).toMatch(/has @maximum, and a type that lists its values\nRemove @maximum/)
})

describe('a default on a type', () => {
  const declare = `/** @default "a" */ type Mode = 'a' | 'b'
/** @default {"top":1} */ interface Options { top: number }
/** @default 2 */ enum Level { Low = 1, High = 2 }
/** @default 0.5 */ type Score = number`
  const filledIn = (payload: string) => {
    const { signature } = readSource(
      `${declare}\nexport class P extends BasePredictor { predict(payload: ${payload}) {} }`,
    )
    return compileValidator(signature.parameters[0]?.schema ?? {}, signature.definitions).validate({})
  }

  test.each([
    ['{ v: Mode }', 'a'],
    ['{ v?: Mode }', 'a'],
    ['{ v: Mode | null }', 'a'],
    ['{ v: Options }', { top: 1 }],
    ['{ v: Options | null }', { top: 1 }],
    ['{ v: Options; other?: Options }', { top: 1 }],
    ['{ v: Level }', 2],
    ['{ v: Score }', 0.5],
    ['{ v: Score | null }', 0.5],
    ['{ /** @default "b" */ v: Mode }', 'b'],
  ])('stands for a member that is missing: %s', (payload, value) => {
    expect(filledIn(payload)).toMatchObject({ ok: true, value: { v: value } })
  })

  test('ends the start where the type does not allow it', () => {
    const source =
      '/** @default 5 */ type Wrong = "a" | "b"\nexport class P extends BasePredictor { predict(payload: { v: Wrong }) {} }'
    expect(refusalOfSource(source).message).toMatch(/@default 5, which its type does not allow/)
  })
})
