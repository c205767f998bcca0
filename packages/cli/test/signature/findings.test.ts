import { describe, expect, test } from 'vitest'
import { read, readSource, refusalOf, refusalOfSource } from './project.ts'
import { expectVerdicts, type VerdictCase } from './verdict-case.ts'

const READ: readonly VerdictCase[] = [
  {
    name: 'an accessor in an interface',
    declare: 'interface G { get name(): string; n: number }',
    payload: 'G',
    accept: [{ name: 'a', n: 1 }],
    refuse: [{ n: 1 }, { name: 5, n: 1 }],
  },
  {
    name: 'an intersection of arrays',
    declare: 'type A = { list: { p: string }[] } & { list: { q: number }[] }',
    payload: 'A',
    accept: [{ list: [{ p: 'a', q: 1 }] }],
    refuse: [{ list: [{ p: 'a' }] }],
  },
  {
    name: 'an intersection of templates',
    payload: `{ v: \`a\${string}\` & \`\${string}b\` }`,
    accept: [{ v: 'a-b' }],
    refuse: [{ v: 'a-' }, { v: '-b' }],
  },
  {
    name: 'a template with a brand in it',
    declare: "type Id = string & { readonly __id: 'x' }",
    payload: `{ v: \`id-\${Id}\` }`,
    accept: [{ v: 'id-1' }],
    refuse: [{ v: '1' }],
  },
  {
    name: 'JSDoc on an index signature',
    declare: 'interface I { /** @minItems 1 */ [k: string]: string[] }',
    payload: 'I',
    accept: [{ a: ['x'] }],
    refuse: [{ a: [] }],
  },
  {
    name: 'JSDoc in a mapped type',
    declare: "type M = { /** @minimum 0 */ readonly [K in 'a' | 'b']?: number }",
    payload: 'M',
    accept: [{ a: 0 }],
    refuse: [{ b: -1 }],
  },
  {
    name: 'a type of the project in a file that is named as one of the standard library',
    payload: '{ m: Api.Map; r: Api.Request }',
    accept: [{ m: { tiles: [1] }, r: { text: 'a', score: 1 } }],
    refuse: [
      { m: { tiles: ['1'] }, r: { text: 'a', score: 1 } },
      { m: { tiles: [] }, r: { text: 'a', score: 2 } },
    ],
    files: {
      'tsconfig.json': '{ "include": ["."] }',
      'types/lib.api.d.ts': `declare namespace Api {
  interface Map { tiles: number[] }
  interface Request { text: string; /** @maximum 1 */ score: number }
}`,
    },
  },
]

describe('read is', () => {
  test.each(READ)('$name', expectVerdicts)

  test('a type of such a file as a payload, not as a request', () => {
    const { signatures } = read({
      'p.ts': `import { BasePredictor } from 'incant'
export class P extends BasePredictor { predict(request: Api.Request) {} }`,
      'tsconfig.json': '{ "include": ["."] }',
      'lib.api.d.ts': 'declare namespace Api { interface Request { text: string } }',
    })
    expect(signatures[0]?.parameters[0]).toMatchObject({ role: 'payload', schema: { required: ['text'] } })
  })

  test('predict as an arrow function in a property', () => {
    const { signature } = readSource(
      'export class P extends BasePredictor { predict = (payload: { a: string }): number => payload.a.length }',
    )
    expect(signature.parameters[0]?.schema?.required).toEqual(['a'])
  })
})

const P = 'export class P extends BasePredictor'

/** Sources, each with the text that the place of its refusal begins with. */
const REFUSED: readonly (readonly [source: string, where: string, says: RegExp])[] = [
  [
    `class Point { constructor(public x: number, private y: string) {} }\n${P} { predict(p: Point) {} }`,
    'y: string)',
    /p\.y is a private member/,
  ],
  [`class Point { x = 1; #y = 2 }\n${P} { predict(p: Point) {} }`, '#y', /p\.#y is a private member/],
  [
    `interface T { [Symbol.toStringTag]: string }\n${P} { predict(p: T) {} }`,
    '[Symbol',
    /p\[Symbol\.toStringTag\] is a member under a symbol/,
  ],
  [`${P} { predict(p: { m: ArrayLike<number> }) {} }`, 'm: Arr', /is an ArrayLike.*\n.*T\[\]/],
  [`${P} { predict(p: { m: URLSearchParams }) {} }`, 'm: URL', /is a URLSearchParams.*\n.*Record<string, string>/],
  [`${P} { predict(p: { m: EventTarget }) {} }`, 'm: Ev', /is an EventTarget/],
  [`${P} { predict(p: { m: ArrayBufferView }) {} }`, 'm: Arr', /is an ArrayBufferView.*\n.*Uint8Array/],
  [
    `${P} { predict(p: { __proto__: string }) {} }`,
    '__proto__',
    /p\.__proto__ is a member of a name that no body may have/,
  ],
  [`${P} { predict(p: never) {} }`, 'p: never', /p is never/],
  [`${P} { private predict(p: string) {} }`, 'predict(p', /P\.predict is private.*\n.*Remove private/],
  [
    `${P} { predict(p: { /** @exclusiveMinimum 5 @exclusiveMaximum 5 */ n: number }) {} }`,
    'n: number',
    /no value fits/,
  ],
  [`${P} { predict(p: { /** @minimum 5 @exclusiveMaximum 5 */ n: number }) {} }`, 'n: number', /no value fits/],
  [
    `${P} { predict(p: { /** @pattern ^a$ @default "b" */ l: string }) {} }`,
    'l: string',
    /@default "b".*must match the pattern \^a\$/,
  ],
  [`${P} { predict(p: { /** @default {"n":"one"} */ o: { n: number } }) {} }`, 'o: {', /it must be a number at #\/n/],
  [`${P} { predict(p: { /** @default [1] */ l: string[] }) {} }`, 'l: string[]', /it must be a string at #\/0/],
  [`${P} { predict(p: { /** @exclusiveMinimum 0 @default 0 */ l: number }) {} }`, 'l: number', /@default 0/],
  [`${P} { predict(p: { l: string[] & ['a', 'b'] }) {} }`, 'l: string[]', /string\[\] and \["a", "b"\] at once/],
  [
    `${P} { predict(p: { l: GeoJSON.Feature }) {} }`,
    'GeoJSON',
    /Cannot find namespace.*\n?.*"types" in tsconfig\.json/,
  ],
]

/** The place of a text; the import is line 1. */
function placeOf(source: string, text: string): string {
  const before = source.slice(0, source.indexOf(text)).split('\n')
  return `predictor.ts:${before.length + 1}:${(before.at(-1)?.length ?? 0) + 1}`
}

describe('refused, with the place and what to write, is', () => {
  test.each(REFUSED)('%s', (source, where, says) => {
    const refusal = refusalOfSource(source)
    expect(refusal.message).toMatch(says)
    expect(refusal.at).toBe(placeOf(source, where))
  })

  test('an import of a name that incant does not have', () => {
    const files = {
      'p.ts': "import { BatchedPredictor } from 'incant'\nexport class P extends BatchedPredictor { predict() {} }",
    }
    expect(refusalOf(() => read(files))).toMatchObject({ code: 'no_predictor', at: 'p.ts:1:10' })
    expect(refusalOf(() => read(files)).message).toMatch(/BatchedPredictor.*\nWrite BatchPredictor\./)
  })

  test('an import that baseUrl once resolved', () => {
    const files = {
      'src/p.ts': `import { BasePredictor } from 'incant'
import type { Shape } from 'shared/types'
export class P extends BasePredictor { predict(payload: Shape) {} }`,
      'src/shared/types.ts': 'export interface Shape { a: string }',
      'tsconfig.json': '{ "compilerOptions": { "module": "preserve", "baseUrl": "./src" }, "include": ["src"] }',
    }
    expect(refusalOf(() => read(files)).message).toContain('"paths": { "*": ["./src/*"] }')
  })
})

function warningsOf(source: string): readonly string[] {
  return readSource(source).warnings.map(({ message }) => message)
}

describe('a warning says', () => {
  test('that private members are sent', () => {
    expect(
      warningsOf(`class Out { ok = true; private hidden = 'h'; protected more = 1; #gone = 1 }
${P} { predict(): Out { return new Out() } }`),
    ).toEqual([
      'P.predict: result.hidden is private or protected, and is sent all the same, and so is another member. Write #private members, or return an object that has the public data alone.',
    ])
  })

  test('what to return in place of a body', () => {
    expect(warningsOf(`${P} { predict(): { audio: Blob } { return { audio: new Blob() } } }`)).toEqual([
      'P.predict: result.audio is a Blob, which JSON cannot carry. Return the Blob by itself, or a string in its place.',
    ])
  })

  test('that a tag does nothing', () => {
    const found = warningsOf(`${P} { predict(p: {
/** @minimun 1 */ a: number
/** @asType integer */ b: number
/** @type integer */ c: number
/** @maxlength 3 @internal @todo later */ d: string }) {} }`)
    expect(found).toEqual([
      'P.predict, parameter p: p.a has @minimun, which does nothing. Write @minimum.',
      'P.predict, parameter p: p.b has @asType integer, which does nothing. Write @integer for whole numbers; the type says the rest.',
      'P.predict, parameter p: p.c has @type integer, which does nothing. Write @integer for whole numbers; the type says the rest.',
      'P.predict, parameter p: p.d has @maxlength, which does nothing. Write @maxLength.',
    ])
  })

  test('that nothing is checked, and the line to add', () => {
    const script = read({
      'p.js':
        "import { BasePredictor } from 'incant'\nexport class P extends BasePredictor { predict(payload) { return payload } }",
    })
    expect(script.warnings).toEqual([
      {
        message:
          'P.predict, parameter payload: payload has no type: nothing of a request is checked. Write its type: /** @param {{ text: string }} payload */ above it; or {unknown} payload, which says that this is meant.',
        location: expect.objectContaining({ line: 2, column: 48 }),
      },
    ])
    expect(warningsOf(`${P} { predict(p: any) {} }`)).toEqual([
      'P.predict, parameter p: p is any: nothing of a request is checked. Write its type: p: { text: string }; or p: unknown, which says that this is meant.',
    ])
    expect(warningsOf(`${P} { predict(p: unknown) {} }`)).toEqual([])
  })
})

/** The files of a project with an installed package, which `declares` its types. */
function withPackage(manifest: object, declares: string): Readonly<Record<string, string>> {
  return {
    'p.ts': `import { BasePredictor } from 'incant'
import type { Thing } from 'things'
export class P extends BasePredictor { predict(payload: { thing: Thing }) {} }`,
    'node_modules/things/package.json': JSON.stringify({ name: 'things', types: 'index.d.ts', ...manifest }),
    'node_modules/things/index.d.ts': declares,
  }
}

const CONSTRAINED = `/** @minLength 1 */ export type Name = string
export interface Thing {
  names: Array<Name>
  /** @minimum 0 */
  size: number
}`

const ALIASES = `/** @pattern ^a$ */ export type Code = string
/** @minimum 0 */ export type Size = number
/** @format email */ export type Mail = string
/** Any text. */ export type Plain = string
export interface Thing { code: Code; sizes: ReadonlyArray<Size> }
export interface Sizes { [name: string]: Size }
export interface Inline { first: string; /** @minimum 0 */ second: number }`

describe('the constraints of an installed package', () => {
  test('hold where it depends on incant', () => {
    const { signatures, warnings } = read(withPackage({ peerDependencies: { incant: '*' } }, CONSTRAINED))
    expect(warnings).toEqual([])
    expect(signatures[0]?.parameters[0]?.schema?.properties?.['thing']?.properties).toEqual({
      names: { type: 'array', items: { type: 'string', minLength: 1 } },
      size: { type: 'number', minimum: 0 },
    })
  })

  test('are one warning elsewhere', () => {
    const { signatures, warnings } = read(withPackage({}, CONSTRAINED))
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('the JSDoc constraints of Thing of things, Name of things are not checked'),
    ])
    expect(signatures[0]?.parameters[0]?.schema?.properties?.['thing']?.properties?.['size']).toEqual({
      type: 'number',
    })
  })

  test.each([
    ['in a member of the package', 'a: Thing', ['Code', 'Size']],
    ['in a parameter', 'payload: Code', ['Code']],
    ['in lists, tuples and beside null', 'a: Array<Code>; b: [Size]; c: Mail | null', ['Mail', 'Code', 'Size']],
    ['in records', 'a: Record<string, Code>', ['Code']],
    ['under an alias of the user', 'a: Own', ['Size']],
    ['by import()', "a: import('things').Mail", ['Mail']],
    ['on the line of another member', 'a: Inline', ['Inline']],
    ['in an index signature', 'a: Sizes', ['Size']],
    ['in a picked member, without those beside it', "a: Pick<Thing, 'code'>", ['Code']],
    ['through a member', "a: Thing['code']", ['Code']],
    ['through a member of a member', "a: Thing['sizes'][number]", ['Size']],
    ['as an argument of what an interface extends', 'a: Extended', ['Mail']],
    ['as an argument of what a class extends', 'a: Model', ['Size']],
    ['in a conditional type', 'a: If<true>', ['Code']],
    ['by typeof', 'a: typeof thing.code', ['Code']],
    ['nowhere', 'a: Plain', []],
  ])('are named where an alias has them: %s', (_, written, names) => {
    const parameter = written.startsWith('payload') ? written : `payload: { ${written} }`
    const source = `import { BasePredictor } from 'incant'
import type { Code, Inline, Mail, Plain, Size, Sizes, Thing } from 'things'
type Own = Partial<Record<'x', Size>>
interface Base<T> { value: T }
interface Extended extends Base<Mail> {}
class Super<T> { constructor(readonly value: T) {} }
class Model extends Super<Size> {}
type If<T> = T extends true ? Code : Plain
declare const thing: Thing
export class P extends BasePredictor { predict(${parameter}) {} }`
    const { warnings } = read({ ...withPackage({}, ALIASES), 'p.ts': source })
    const named = warnings.map(({ message }) => /constraints of (.*?) are not checked/.exec(message)?.[1])
    const listed = names.map(name => `${name} of things`)
    const more = listed.length > 2 ? ` and ${listed.length - 2} more` : ''
    expect(named).toEqual(names.length === 0 ? [] : [`${listed.slice(0, 2).join(', ')}${more}`])
  })

  test.each([
    ['as it is written', "async predict(): Promise<Code> { return '' }"],
    ['though it is not written', 'predict(payload: Plain) { return this.thing.code }'],
    ['though it is not written, in a promise', 'async predict(payload: Plain) { return (await this.load()).code }'],
  ])('are named where what predict returns has them, %s', (_, predict) => {
    const source = `import { BasePredictor } from 'incant'
import type { Code, Plain, Thing } from 'things'
export class P extends BasePredictor {
  declare thing: Thing
  declare load: () => Promise<Thing>
  ${predict}
}`
    const { warnings } = read({ ...withPackage({}, ALIASES), 'p.ts': source })
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('of Code of things are')])
  })

  test('hold in the package that the predictor is in', () => {
    const { signatures } = read(
      {
        'node_modules/model/p.ts': `import { BasePredictor } from 'incant'
import type { Size } from './types.ts'
export class P extends BasePredictor { predict(payload: { sizes: Array<Size> }) {} }`,
        'node_modules/model/types.ts': '/** @minimum 0 */ export type Size = number',
        'node_modules/model/package.json': '{ "name": "model" }',
      },
      { file: 'node_modules/model/p.ts' },
    )
    expect(signatures[0]?.parameters[0]?.schema?.properties?.['sizes']?.items).toEqual({ type: 'number', minimum: 0 })
  })
})

const TENSOR = `export interface Thing { readonly data: Float32Array; readonly dims: readonly number[]; dispose(): void; toText(): string }`

describe('a class of an installed package is named once, at the line of predict', () => {
  test('in what predict takes', () => {
    expect(refusalOf(() => read(withPackage({}, TENSOR)))).toEqual({
      code: 'unsupported_type',
      at: 'p.ts:3:59',
      message:
        'P.predict, parameter payload: payload.thing is a Thing of things, which JSON cannot carry\nWrite { data: number[]; dims: number[] }, and convert it in predict.',
    })
  })

  test('in what it returns', () => {
    const files = withPackage({}, TENSOR)
    const source = `import { BasePredictor } from 'incant'
import type { Thing } from 'things'
export class P extends BasePredictor { predict(): Thing { throw new Error() } }`
    const { warnings } = read({ ...files, 'p.ts': source })
    expect(warnings).toEqual([
      {
        message:
          'P.predict: result is a Thing of things, which JSON cannot carry. Return its data: Array.from(result.data), with result.dims beside it where the shape matters.',
        location: expect.objectContaining({ line: 3 }),
      },
    ])
  })

  test('and an interface with a function in it is named with the type that leaves it out', () => {
    const declares = 'export interface Thing { size: number; fetch?: (url: string) => void }'
    expect(refusalOf(() => read(withPackage({}, declares))).message).toContain("Write Omit<Thing, 'fetch'>")
  })
})
