import { StartupError } from 'incant'
import { describe, expect, test } from 'vitest'
import { read, refusalOf, refusalOfSource } from './project.ts'

interface Case {
  readonly name: string
  /** From line 2 on: line 1 is the import. */
  readonly source: string
  readonly code: string
  readonly at: string
  /** What the message says, each part. */
  readonly says: readonly string[]
}

const predictor = (parameters: string) =>
  `export default class P extends BasePredictor {\n  predict(${parameters}) {}\n}`

const CASES: readonly Case[] = [
  {
    name: 'a file that does not parse',
    source: 'export default class P extends BasePredictor { predict( }',
    code: 'syntax_error',
    at: 'predictor.ts:2:57',
    says: ['expected', 'Fix the syntax'],
  },
  {
    name: 'an unresolved type in the signature',
    source: predictor('payload: Passage'),
    code: 'signature_type_error',
    at: 'predictor.ts:3:20',
    says: ["Cannot find name 'Passage'", '(TS2304)', 'Fix the type, or import it.'],
  },
  {
    name: 'an unresolved type in a type that the signature uses',
    source: `interface Passage {\n  text: Text2\n}\n${predictor('payload: Passage[]')}`,
    code: 'signature_type_error',
    at: 'predictor.ts:3:9',
    says: ["Cannot find name 'Text2'"],
  },
  {
    name: 'an unresolved import',
    source: `import type { Passage } from './nowhere.ts'\n${predictor('payload: Passage')}`,
    code: 'signature_type_error',
    at: 'predictor.ts:2:30',
    says: ["Cannot find module './nowhere.ts'", 'correct the import'],
  },
  {
    name: 'a type argument that does not fit',
    source: predictor("payload: Pick<{ a: 1 }, 'b'>"),
    code: 'signature_type_error',
    at: 'predictor.ts:3:35',
    says: ['does not satisfy the constraint \'"a"\''],
  },
  {
    name: 'an unresolved return type',
    source: 'export default class P extends BasePredictor {\n  predict(): Label { throw 0 }\n}',
    code: 'signature_type_error',
    at: 'predictor.ts:3:14',
    says: ["Cannot find name 'Label'"],
  },
  {
    name: 'no predictor',
    source: 'export default class Other {}',
    code: 'no_predictor',
    at: 'predictor.ts',
    says: [
      'no class extends BasePredictor; the file has Other',
      'export default class Predictor extends BasePredictor',
    ],
  },
  {
    name: 'several predictors',
    source:
      'export class A extends BasePredictor { predict() {} }\nexport class B extends BasePredictor { predict() {} }',
    code: 'several_predictors',
    at: 'predictor.ts',
    says: ['2 classes extend BasePredictor: A (line 2), B (line 3)', '--class-name A'],
  },
  {
    name: 'an abstract predictor',
    source: 'export abstract class P extends BasePredictor { predict() {} }',
    code: 'abstract_predictor',
    at: 'predictor.ts:2:23',
    says: ['P is abstract', 'Remove `abstract`'],
  },
  {
    name: 'a predictor that is not exported',
    source: 'class P extends BasePredictor { predict() {} }',
    code: 'not_exported',
    at: 'predictor.ts:2:7',
    says: ['P is not exported', 'export default class P'],
  },
  {
    name: 'no predict',
    source: 'export class P extends BasePredictor { predikt() {} }',
    code: 'no_predict',
    at: 'predictor.ts:2:14',
    says: ['P has no predict method', 'Write: predict('],
  },
  {
    name: 'two payloads',
    source: predictor('first: { a: string }, second: Uint8Array'),
    code: 'two_payloads',
    at: 'predictor.ts:3:33',
    says: ['P.predict, parameter second: second takes the body, and so does first', 'Write one parameter'],
  },
  {
    name: 'a repeated role',
    source: predictor('first: Request, second: Request'),
    code: 'repeated_role',
    at: 'predictor.ts:3:27',
    says: ['second is a Request, and so is first', 'Remove second or first.'],
  },
  {
    name: 'a union with Request',
    source: predictor('payload: Request | { text: string }'),
    code: 'ambiguous_union',
    at: 'predictor.ts:3:11',
    says: ['payload is Request | { text: string; }', 'Write one of them'],
  },
  {
    name: 'two forms of bytes',
    source: predictor('body: Uint8Array | ArrayBuffer'),
    code: 'ambiguous_union',
    at: 'predictor.ts:3:11',
    says: ['a request could be either', 'Write one of them'],
  },
  {
    name: 'an intersection with Request',
    source: predictor('body: Request & { user: string }'),
    code: 'ambiguous_union',
    at: 'predictor.ts:3:11',
    says: ['Request & { user: string; }'],
  },
  {
    name: 'a function deep in the payload',
    source: `interface Item {\n  name: string\n  run(): void\n}\n${predictor('payload: { items: Item[] }')}`,
    code: 'unsupported_type',
    at: 'predictor.ts:4:3',
    says: ['P.predict, parameter payload: payload.items[].run is a function, which JSON cannot carry', 'Remove run'],
  },
  {
    name: 'a function as the payload',
    source: predictor('payload: () => void'),
    code: 'unsupported_type',
    at: 'predictor.ts:3:11',
    says: ['payload is a function'],
  },
  {
    name: 'a symbol',
    source: predictor('payload: { id: symbol }'),
    code: 'unsupported_type',
    at: 'predictor.ts:3:22',
    says: ['payload.id is a symbol', 'Write string.'],
  },
  {
    name: 'a Map',
    source: predictor('payload: { counts: Map<string, number> }'),
    code: 'unsupported_type',
    at: 'predictor.ts:3:22',
    says: ['payload.counts is a Map', 'Write Record<string, V>.'],
  },
  {
    name: 'a class with a private member',
    source: `class Point {\n  private x = 1\n  y = 2\n}\n${predictor('payload: Point')}`,
    code: 'unsupported_type',
    at: 'predictor.ts:3:11',
    says: ['payload.x is a private member of a class', 'Write an interface'],
  },
  {
    name: 'a class with a #private member',
    source: `class Point {\n  #x = 1\n  y = this.#x\n}\n${predictor('payload: Point')}`,
    code: 'unsupported_type',
    at: 'predictor.ts:3:3',
    says: ['is a private member of a class'],
  },
  {
    name: 'a class with an accessor',
    source: `class Point {\n  get x() { return 1 }\n}\n${predictor('payload: Point')}`,
    code: 'unsupported_type',
    at: 'predictor.ts:3:7',
    says: ['payload.x is an accessor of a class'],
  },
  {
    name: 'a form of the body inside the payload',
    source: predictor('payload: { image: Blob }'),
    code: 'unsupported_type',
    at: 'predictor.ts:3:22',
    says: ['payload.image is a Blob', 'Make it a field of a Form, or a separate parameter.'],
  },
  {
    name: 'a file inside a field that is JSON',
    source: `import { BasePredictor, type Form } from 'incant'
export default class P extends BasePredictor {
  predict(form: Form<{ one: { image: File } }>) {}
}`,
    code: 'unsupported_type',
    at: 'predictor.ts:4:31',
    says: ['form.one.image is a File', 'Make it a field of a Form'],
  },
  {
    name: 'a form that may be something else',
    source: `import { BasePredictor, type Form } from 'incant'
export default class P extends BasePredictor {
  predict(form: Form<{ a: File }> | { b: string }) {}
}`,
    code: 'ambiguous_union',
    at: 'predictor.ts:4:11',
    says: ['a request could be either'],
  },
  {
    name: 'a form of an array',
    source: `import { BasePredictor, type Form } from 'incant'
export default class P extends BasePredictor {
  predict(form: Form<File[]>) {}
}`,
    code: 'unsupported_type',
    at: 'predictor.ts:4:11',
    says: ['form is a form of an array', 'Write Form<{ items: T[] }>.'],
  },
  {
    name: 'shared memory inside the payload',
    source: predictor('payload: { data: SharedArrayBuffer }'),
    code: 'unsupported_type',
    at: 'predictor.ts:3:22',
    says: ['payload.data is a SharedArrayBuffer', 'Write ArrayBuffer.'],
  },
  {
    name: 'a tuple with its rest in the middle',
    source: predictor('payload: [string, ...number[], string]'),
    code: 'unsupported_type',
    at: 'predictor.ts:3:11',
    says: ['a tuple with its rest before the end', 'Put the rest element last'],
  },
  {
    name: 'a string mapping',
    source: predictor('payload: { code: Uppercase<string> }'),
    code: 'unsupported_type',
    at: 'predictor.ts:3:22',
    says: ['payload.code is Uppercase<string>', '@pattern'],
  },
  {
    name: 'a type that never ends',
    source: `interface Grow<T> { next?: Grow<T[]> }\n${predictor('payload: Grow<string>')}`,
    code: 'unsupported_type',
    at: 'predictor.ts:2:21',
    says: ['is inside itself more than 100 times', 'refers to itself without growing'],
  },
  {
    name: 'a rest parameter',
    source: predictor('...payloads: string[]'),
    code: 'unsupported_type',
    at: 'predictor.ts:3:14',
    says: ['payloads is a rest parameter', 'without the dots'],
  },
  {
    name: 'overloads',
    source:
      'export class P extends BasePredictor {\n  predict(a: string): void\n  predict(a: number): void\n  predict(a: any) {}\n}',
    code: 'unsupported_type',
    at: 'predictor.ts:3:3',
    says: ['P.predict has 2 overloads', 'Write one signature'],
  },
  {
    name: 'a constructor that JSON cannot feed',
    source:
      'export class P extends BasePredictor {\n  constructor(config: { on: () => void }) { super() }\n  predict() {}\n}',
    code: 'unsupported_type',
    at: 'predictor.ts:3:25',
    says: ["P's constructor: config.on is a function"],
  },
]

describe('a start is refused for', () => {
  test.each(CASES)('$name', ({ source, code, at, says }) => {
    const refusal = refusalOfSource(source)
    expect(refusal).toMatchObject({ code, at })
    for (const part of says) expect(refusal.message).toContain(part)
  })

  test('a file that is not there', () => {
    const refusal = refusalOf(() => read({ 'a.ts': '' }, { file: 'b.ts' }))
    expect(refusal).toMatchObject({ code: 'file_not_found', at: 'b.ts' })
    expect(refusal.message).toContain('does not exist')
  })

  test('a class name that no predictor has', () => {
    const source = "import { BasePredictor } from 'incant'\nexport class A extends BasePredictor { predict() {} }"
    const refusal = refusalOf(() => read({ 'a.ts': source }, { className: 'B' }))
    expect(refusal).toMatchObject({ code: 'no_predictor', at: 'a.ts' })
    expect(refusal.message).toContain('no class named B extends BasePredictor\nThe file has: A.')
  })

  test('Request where neither a library nor @types/node declares it', () => {
    const refusal = refusalOf(() =>
      read({
        'a.ts':
          "import { BasePredictor } from 'incant'\nexport class A extends BasePredictor { predict(r: Request) {} }",
        'tsconfig.json': '{ "compilerOptions": { "lib": ["es2023"] } }',
      }),
    )
    expect(refusal).toMatchObject({ code: 'signature_type_error', at: 'a.ts:2:51' })
    expect(refusal.message).toContain('Add "DOM" to "lib" in tsconfig.json, or install @types/node.')
  })

  test('a type error in another file that the signature uses', () => {
    const refusal = refusalOf(() =>
      read({
        'a.ts': `import { BasePredictor } from 'incant'
import type { Passage } from './types.ts'
export class A extends BasePredictor { predict(p: Passage) {} }`,
        'types.ts': 'export interface Passage {\n  text: Nope\n}',
      }),
    )
    expect(refusal).toMatchObject({ code: 'signature_type_error', at: 'types.ts:2:9' })
  })
})

test('a type error elsewhere in the file is a warning, with its place', () => {
  const { warnings, signatures } = read({
    'a.ts': `import { BasePredictor } from 'incant'
// ä € 😀
export class A extends BasePredictor { predict(p: string) { const x: number = p; return x } }`,
  })
  expect(signatures).toHaveLength(1)
  expect(warnings.map(({ message, location }) => [message, location?.line, location?.column])).toEqual([
    ["Type 'string' is not assignable to type 'number'. (TS2322)", 3, 67],
  ])
})

test('every problem of a signature is named at once, in the order of the source', () => {
  const source = `import { BasePredictor } from 'incant'
interface Options {
  /** @minimum high */
  size: number
  done: () => void
}
export class P extends BasePredictor {
  constructor(config: { on: symbol }) { super() }
  predict(payload: { a: Map<string, number>; b: Set<string>; options: Options; more: Options[] }) {}
}`
  try {
    read({ 'p.ts': source })
  } catch (error) {
    if (!StartupError.is(error)) throw error
    expect(error.problems.map(({ code, found, location }) => [code, found, location?.line])).toEqual([
      [
        'invalid_constraint',
        'P.predict, parameter payload: payload.options.size has @minimum high, which is not a number',
        4,
      ],
      [
        'unsupported_type',
        'P.predict, parameter payload: payload.options.done is a function, which JSON cannot carry',
        5,
      ],
      ['unsupported_type', "P's constructor: config.on is a symbol, which JSON cannot carry", 8],
      ['unsupported_type', 'P.predict, parameter payload: payload.a is a Map, which JSON cannot carry', 9],
      ['unsupported_type', 'P.predict, parameter payload: payload.b is a Set, which JSON cannot carry', 9],
    ])
    return
  }
  expect.unreachable('the signature was read')
})

test('types that do not compile are all named, before what else is wrong', () => {
  const source = `import { BasePredictor } from 'incant'
export class P extends BasePredictor {
  predict(payload: { a: Map<string, number>; b: Nope; c: Never }) {}
}`
  try {
    read({ 'p.ts': source })
  } catch (error) {
    if (!StartupError.is(error)) throw error
    expect(error.problems.map(({ code, location }) => [code, location?.column])).toEqual([
      ['signature_type_error', 49],
      ['signature_type_error', 58],
      ['unsupported_type', 22],
    ])
    return
  }
  expect.unreachable('the signature was read')
})
