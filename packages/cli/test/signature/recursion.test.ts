import { describe, expect, test } from 'vitest'
import { readSource } from './project.ts'
import { expectVerdicts, type VerdictCase } from './verdict-case.ts'

const LEAF = { kind: 'leaf', value: 1 }

const RECURSIVE: readonly VerdictCase[] = [
  {
    name: 'an intersection as a member',
    declare: 'interface N { id: string; child?: N & { label?: string } }',
    payload: 'N',
    accept: [
      { id: 'a', child: { id: 'b' } },
      { id: 'a', child: { id: 'b', label: 'c', child: { id: 'd' } } },
    ],
    refuse: [
      { id: 'a', child: { id: 1 } },
      { id: 'a', child: { id: 'b', child: { label: 'c' } } },
    ],
  },
  {
    name: 'a brand',
    declare: "interface N { id: string; parent?: N & { readonly __b: 'root' } }",
    payload: 'N',
    accept: [{ id: 'a' }, { id: 'a', parent: { id: 'b', __b: 'root' } }],
    refuse: [
      { id: 'a', parent: { id: 'b' } },
      { id: 'a', parent: { __b: 'root' } },
    ],
  },
  {
    name: 'a brand under a unique symbol',
    declare: 'declare const b: unique symbol; interface N { id: string; next?: N & { readonly [b]: true } }',
    payload: 'N',
    accept: [{ id: 'a', next: { id: 'b' } }],
    refuse: [{ id: 'a', next: {} }],
  },
  {
    name: 'a union inside an intersection',
    declare: `type Leaf = { kind: 'leaf'; value: number }
type Branch = { kind: 'branch'; left: string }
type Tree = (Leaf | Branch) & { parent?: Tree | null }`,
    payload: 'Tree',
    accept: [LEAF, { kind: 'branch', left: 'x', parent: { ...LEAF, parent: null } }],
    refuse: [
      { ...LEAF, parent: { kind: 'leaf' } },
      { kind: 'branch', value: 1 },
    ],
  },
  {
    name: 'an intersection with a union',
    declare: `interface Base { id: string }
type Expr = Base & ({ op: 'and'; args: Expr[] } | { op: 'not'; arg: Expr } | { op: 'if'; else?: Expr | null })`,
    payload: 'Expr',
    accept: [
      { id: 'a', op: 'and', args: [{ id: 'b', op: 'if', else: null }] },
      { id: 'a', op: 'if' },
    ],
    refuse: [
      { id: 'a', op: 'and', args: [{ op: 'if' }] },
      { id: 'a', op: 'not' },
    ],
  },
  {
    name: 'members that are optional unions of each other',
    declare: 'interface A { x: 1; next?: A | B } interface B { x: 2; next?: A | B | null }',
    payload: 'A',
    accept: [
      { x: 1, next: { x: 2, next: { x: 1 } } },
      { x: 1, next: { x: 2, next: null } },
    ],
    refuse: [
      { x: 1, next: null },
      { x: 1, next: { x: 3 } },
    ],
  },
  {
    name: 'generics, tuples, records and readonly',
    declare: `interface Page<T> { items: readonly T[]; next?: Readonly<Page<T>> }
type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
type Pair = [head: string, ...rest: Pair[]]`,
    payload: '{ page: Page<Json & {}>; pair: Pair }',
    accept: [{ page: { items: [1, ['a', { b: 1 }]], next: { items: [] } }, pair: ['a', ['b', ['c']]] }],
    refuse: [
      { page: { items: [] }, pair: ['a', [1]] },
      { page: { items: [], next: {} }, pair: ['a'] },
    ],
  },
]

describe('recursion through', () => {
  test.each(RECURSIVE)('$name', expectVerdicts)
})

/** `count` interfaces, of which each has members of the next. */
function chain(count: number, members: (next: string) => string): string {
  const links = Array.from(
    { length: count },
    (_, index) => `interface I${index} { a?: string; ${members(`I${index + 1}`)} }`,
  )
  return [...links, `interface I${count} { end?: string }`].join('\n')
}

describe('types that lie deep or refer to each other often', () => {
  test('are read in both directions, and written once', () => {
    const declare = chain(30, next => `l?: ${next} | null; r?: ${next} & { side?: 'r' }`)
    const { signature, warnings } = readSource(
      `${declare}\nexport class P extends BasePredictor { predict(payload: I0): I0 { return payload } }`,
    )
    expect(warnings).toEqual([])
    expect(JSON.stringify(signature).length).toBeLessThan(60_000)
    expect(Object.keys(signature.definitions)).not.toContain('I12')
  })

  test('a recursive intersection on two branches is read where predict returns it', () => {
    const { signature } = readSource(`interface N { id: string; l?: N & { side?: 'l' }; r?: N & { side?: 'r' } }
export class P extends BasePredictor { predict(): N { return { id: 'a' } } }`)
    expect(signature.returns[0]?.schema?.properties).toEqual({
      id: { type: 'string' },
      l: { $ref: '#/$defs/L' },
      r: { $ref: '#/$defs/R' },
    })
    expect(Object.keys(signature.definitions)).toEqual(['L', 'R'])
  })

  const readChain = (length: number): void => {
    expectVerdicts({
      name: '',
      declare: chain(length, next => `next?: ${next}`),
      payload: 'I0',
      accept: [{}, { next: { next: {} } }],
      refuse: [{ next: 5 }, { next: { next: { next: { a: 1 } } } }],
    })
  }

  test('a chain of 67 interfaces', () => readChain(67))

  test('a chain of 2,000 interfaces', { tags: ['slow'] }, () => readChain(2_000))

  test('a chain through unions and arrays', () => {
    expectVerdicts({
      name: '',
      declare: chain(500, next => `next?: (${next} | string)[]`),
      payload: 'I0',
      accept: [{ next: ['a', { next: [{ a: 'b' }] }] }],
      refuse: [{ next: [{ next: [{ a: 1 }] }] }],
    })
  })

  test('a ring of interfaces', () => {
    const ring = chain(24, next => `l: ${next} | null; r: ${next} | null`)
    expectVerdicts({
      name: '',
      declare: `${ring}\ninterface I24 { back?: I0 }`,
      payload: 'I23',
      accept: [{ l: null, r: { back: { l: null, r: null } } }],
      refuse: [{ l: null }, { l: { back: {} }, r: null }],
    })
  })
})

test('a signature of more than a megabyte is a warning', { tags: ['slow'] }, () => {
  const wide = chain(10, next =>
    Array.from({ length: 1_500 }, (_, index) => `member${index}: '${next}-${'x'.repeat(20)}'`).join('; '),
  )
  const all = Array.from({ length: 10 }, (_, index) => `m${index}: I${index}`).join('; ')
  const { warnings } = readSource(`${wide}\nexport class P extends BasePredictor { predict(payload: { ${all} }) {} }`)
  expect(warnings.map(({ message }) => message)).toEqual([
    expect.stringMatching(
      /^P: the types come to 1\.\d MB of JSON .* The most is in payload \(1\.\d MB\).* narrower type/,
    ),
  ])
})

describe('a signature of more than a megabyte', () => {
  const about = 'What it is, in words that are as long as those of a real package. '.repeat(20)
  const members = Array.from({ length: 60 }, (_, index) => `/** ${about} @minimum ${index} */ m${index}?: number`)
  const base = `interface Base { ${members.join('\n')}\n/** ${about} @default 5 */ top?: number }`
  const leaves = Array.from({ length: 40 }, (_, index) => `interface Leaf${index} extends Base { kind: ${index} }`)
  const declare = `${base}\n${leaves.join('\n')}`
  const payload = Array.from({ length: 40 }, (_, index) => `Leaf${index}`).join(' | ')

  test('has what it repeats once, and no warning', () => {
    const { signatures, warnings } = readSource(
      `${declare}\nexport class P extends BasePredictor { predict(payload: ${payload}): ${payload} { return payload } }`,
    )
    expect(warnings).toEqual([])
    expect(JSON.stringify(signatures).length).toBeLessThan(400_000)
    const { definitions, parameters, returns } = signatures[0] ?? {}
    expect([parameters?.[0]?.schema, returns?.[0]?.schema]).toEqual([
      { $ref: '#/$defs/Payload' },
      { $ref: '#/$defs/Payload' },
    ])
    expect(definitions?.['Payload.m7']).toEqual({ type: 'number', minimum: 7, description: about.trim() })
    expect(definitions?.['Payload']?.anyOf?.[0]?.properties).toMatchObject({
      kind: { const: 0 },
      m7: { $ref: '#/$defs/Payload.m7' },
      top: { type: 'number', description: about.trim(), default: 5 },
    })
  })

  test('accepts and refuses the same', () => {
    expectVerdicts({
      name: '',
      declare,
      payload,
      accept: [{ kind: 3, m7: 7 }, { kind: 39 }],
      refuse: [{ kind: 3, m7: 6 }, { kind: 40 }, { kind: 3, top: 'x' }],
    })
  })
})

describe('a type that grows with each level', () => {
  const grow = 'interface Grow<T> { value?: T; left?: Grow<[T]>; right?: Grow<{ of: T }> }'

  test('is one warning where predict returns it', () => {
    const { warnings } = readSource(
      `${grow}\nexport class P extends BasePredictor { predict(): Grow<string> { return {} } }`,
    )
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^P\.predict: result\.left\.left.* … .*left is inside itself more than 100 times/),
    ])
  })

  test('and one that only looks so is read', () => {
    expectVerdicts({
      name: '',
      declare: `${chain(80, next => `next?: ${next}`)}
type DeepPartial<T> = { [K in keyof T]?: DeepPartial<T[K]> }`,
      payload: 'DeepPartial<I0>',
      accept: [{ next: { next: {} } }],
      refuse: [{ next: { a: 1 } }],
    })
  })
})
