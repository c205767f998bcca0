import { describe, expect, test } from 'vitest'
import { read, readSource } from './project.ts'

const object = (properties: Record<string, object>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
})
const string = { type: 'string' }

/** The schema of the first parameter of the only predictor. */
function payloadOf(files: Record<string, string>): unknown {
  return read(files).signatures[0]?.parameters[0]?.schema
}

describe('a predictor is', () => {
  test.each([
    ['a default export', 'export default class P extends BasePredictor { predict(p: string) {} }', 'P', 'default'],
    [
      'a default export without a name',
      'export default class extends BasePredictor { predict(p: string) {} }',
      'default',
      'default',
    ],
    ['a named export', 'export class P extends BasePredictor { predict(p: string) {} }', 'P', 'P'],
    ['exported below', 'class P extends BasePredictor { predict(p: string) {} }\nexport { P as Q }', 'P', 'Q'],
    [
      'exported twice',
      'export class P extends BasePredictor { predict(p: string) {} }\nexport default P',
      'P',
      'default',
    ],
    ['a class expression', 'export const P = class extends BasePredictor { predict(p: string) {} }', 'P', 'P'],
    ['one with a static predict', 'export class P extends BasePredictor { static predict(p: string) {} }', 'P', 'P'],
    [
      'one with predict as a property',
      'export class P extends BasePredictor { predict = async (p: string) => p }',
      'P',
      'P',
    ],
    [
      'made by a mixin',
      `
type Constructor = new (...rest: any[]) => BasePredictor
const Timed = <T extends Constructor>(Base: T) => class extends Base { time = 0 }
export class P extends Timed(BasePredictor as any as Constructor) { predict(p: string) {} }`,
      'P',
      'P',
    ],
    [
      'the concrete one beside its abstract base',
      `
export abstract class Base extends BasePredictor { abstract predict(p: string): unknown }
export class P extends Base { predict(p: string) {} }`,
      'P',
      'P',
    ],
    [
      'the exported one beside a local one',
      `
class Local extends BasePredictor { predict(p: number) {} }
export class P extends BasePredictor { predict(p: string) {} }`,
      'P',
      'P',
    ],
  ])('%s', (_, source, className, exportName) => {
    const { signatures } = read({ 'p.ts': `import { BasePredictor } from 'incant'\n${source}` })
    expect(signatures).toMatchObject([{ className, exportName, parameters: [{ name: 'p', role: 'text' }] }])
  })

  test('the one that was asked for, by its name or that of its export', () => {
    const source = `import { BasePredictor } from 'incant'
export class A extends BasePredictor { predict(a: string) {} }
class B extends BasePredictor { predict(b: string) {} }
export { B as C }`
    for (const [className, name] of [
      ['A', 'a'],
      ['B', 'b'],
      ['C', 'b'],
    ] as const) {
      expect(read({ 'p.ts': source }, { className }).signatures).toMatchObject([{ parameters: [{ name }] }])
    }
  })

  test('one that inherits predict from a class in another file', () => {
    expect(
      payloadOf({
        'p.ts': "import { Shared } from './shared.ts'\nexport default class P extends Shared {}",
        'shared.ts': `import { BasePredictor as Base } from 'incant'
export class Shared extends Base { predict(payload: { text: string }) {} }`,
      }),
    ).toEqual(object({ text: string }))
  })

  test('one that gives a generic base its types', () => {
    expect(
      payloadOf({
        'p.ts': `import { BasePredictor } from 'incant'
abstract class Typed<T> extends BasePredictor { predict(payload: T) {} }
export default class P extends Typed<{ text: string }> {}`,
      }),
    ).toEqual(object({ text: string }))
  })

  test('one that extends a re-exported BasePredictor', () => {
    expect(
      payloadOf({
        'p.ts': "import { Base } from './sdk.ts'\nexport default class P extends Base { predict(p: { a: string }) {} }",
        'sdk.ts': "export { BasePredictor as Base } from 'incant'",
      }),
    ).toEqual(object({ a: string }))
  })

  test('not one that extends a BasePredictor of its own', () => {
    const source = 'class BasePredictor {}\nexport default class P extends BasePredictor { predict(p: string) {} }'
    expect(() => read({ 'p.ts': source })).toThrow('no class extends BasePredictor')
  })
})

describe('JavaScript', () => {
  const typed = `
/** @typedef {{ text: string, top?: number }} Passage */
class P extends BasePredictor {
  /** @param {Passage} payload */
  predict(payload) { return payload.text }
}`
  const schema = { type: 'object', properties: { text: string, top: { type: 'number' } }, required: ['text'] }

  test.each(['p.js', 'p.mjs'])('%s, an ES module with JSDoc types', file => {
    const { signatures } = read({
      [file]: `import { BasePredictor } from 'incant'\nexport default ${typed.trim().replace(/^.*\n/, '')}\n/** @typedef {{ text: string, top?: number }} Passage */`,
    })
    expect(signatures).toMatchObject([
      { className: 'P', exportName: 'default', parameters: [{ schema }], returns: [{ kind: 'text' }] },
    ])
  })

  test.each(['p.cjs', 'p.js'])('%s, CommonJS', file => {
    const head = "const { BasePredictor } = require('incant')"
    for (const tail of ['module.exports = P', 'module.exports = { P }', 'exports.P = P']) {
      const { signatures } = read({ [file]: `${head}\n${typed}\n${tail}`, 'package.json': '{}' })
      expect(signatures).toMatchObject([{ className: 'P', parameters: [{ name: 'payload', schema }] }])
    }
  })

  test('without types: a payload that is not validated', () => {
    const { signatures, warnings } = read({
      'p.js':
        "import { BasePredictor } from 'incant'\nexport default class P extends BasePredictor { predict(payload) {} }",
    })
    expect(signatures).toMatchObject([{ parameters: [{ name: 'payload', role: 'payload', type: 'any' }] }])
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('nothing of a request is checked')])
  })
})

describe('the file is read', () => {
  const source = (type: string, imports = '') =>
    `import { BasePredictor } from 'incant'\n${imports}\nexport default class P extends BasePredictor { predict(p: ${type}) {} }`

  test.each(['p.mts', 'p.cts', 'p.ts'])('as %s', file => {
    expect(payloadOf({ [file]: source('{ a?: string }') })).toEqual({ type: 'object', properties: { a: string } })
  })

  test('with the paths, the libraries and the declarations of its tsconfig', () => {
    const files = {
      'src/p.ts': source('{ a: Shared; b: Ambient }', "import type { Shared } from '@/types'"),
      'src/types.ts': 'export type Shared = string',
      'src/ambient.d.ts': 'interface Ambient { x: string }',
      'tsconfig.json':
        '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] }, "module": "esnext", "strict": false }, "include": ["src"] }',
    }
    const reading = read(files)
    expect(reading.signatures[0]?.parameters[0]?.schema).toEqual(object({ a: string, b: object({ x: string }) }))
    expect(reading.warnings).toEqual([])
    expect(reading.tsconfig).toMatch(/tsconfig\.json$/)
  })

  test('outside what its tsconfig includes', () => {
    const files = {
      'p.ts': source('{ a: string }'),
      'tsconfig.json': '{ "include": ["src"] }',
      'src/other.ts': 'export {}',
    }
    expect(payloadOf(files)).toEqual(object({ a: string }))
  })

  test('with the project of a solution that has it', () => {
    const reading = read({
      'app/p.ts': source('{ a: Shared }', "import type { Shared } from '~types'"),
      'lib/types.ts': 'export type Shared = string',
      'tsconfig.json': '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }',
      'tsconfig.app.json':
        '{ "compilerOptions": { "composite": true, "module": "esnext", "paths": { "~types": ["./lib/types.ts"] } }, "include": ["app", "lib"] }',
    })
    expect(reading.tsconfig).toMatch(/tsconfig\.app\.json$/)
    expect(reading.signatures[0]?.parameters[0]?.schema).toEqual(object({ a: string }))
  })

  test('with imports that lack an extension', () => {
    const files = { 'p.ts': source('A', "import type { A } from './a'"), 'a.ts': 'export interface A { a: string }' }
    expect(payloadOf(files)).toEqual(object({ a: string }))
  })

  test('with decorators of either mode', () => {
    const decorated = `import { BasePredictor } from 'incant'
function mark(...rest: any[]): any {}
@mark export default class P extends BasePredictor { @mark predict(p: { a: string }) {} }`
    for (const experimentalDecorators of [true, false]) {
      const files = {
        'p.ts': decorated,
        'tsconfig.json': JSON.stringify({ compilerOptions: { experimentalDecorators } }),
      }
      expect(read(files)).toMatchObject({
        warnings: [],
        signatures: [{ parameters: [{ schema: object({ a: string }) }] }],
      })
    }
  })
})

test('the JSDoc of an installed package is no constraint', () => {
  const files = {
    'p.ts': `import { BasePredictor } from 'incant'
import type { Options } from 'other'
export default class P extends BasePredictor { predict(p: Options) {} }`,
    'node_modules/other/package.json': '{ "name": "other", "types": "index.d.ts" }',
    'node_modules/other/index.d.ts': `export interface Options {
  /** How fast. @default fast @minimum none */
  speed: string
}`,
  }
  expect(payloadOf(files)).toEqual(object({ speed: { type: 'string', description: 'How fast.' } }))
})

test('type errors in JavaScript are warnings for who asks for them', () => {
  const source =
    "import { BasePredictor } from 'incant'\nexport class P extends BasePredictor { predict() { return 1 .x } }"
  const files = { 'p.js': source, 'tsconfig.json': '{ "compilerOptions": { "checkJs": true } }' }
  expect(read({ 'p.js': source }).warnings).toEqual([])
  expect(read(files).warnings.map(({ message }) => message)).toEqual([
    "Property 'x' does not exist on type '1'. (TS2339)",
  ])
})

describe('the configuration', () => {
  const config = (source: string) => readSource(source).signature.config
  const schema = object({ path: string })

  test("is the constructor's first parameter", () => {
    const source = 'constructor(config: { path: string }) { super(config) } predict() {}'
    expect(config(`export class P extends BasePredictor<{ path: string }> { ${source} }`)).toEqual({ schema })
    const optional = source.replace('config:', 'config?:')
    expect(config(`export class P extends BasePredictor { ${optional} }`)).toEqual({ schema, optional: true })
  })

  test('is the type argument of BasePredictor where there is no constructor', () => {
    expect(config('export class P extends BasePredictor<{ path: string }> { predict() {} }')).toEqual({ schema })
  })

  test('is absent where nothing is known of it', () => {
    expect(config('export class P extends BasePredictor { predict() {} }')).toBeUndefined()
    expect(config('export class P extends BasePredictor { constructor() { super() } predict() {} }')).toBeUndefined()
  })
})

test('a signature names its class, its place and what is said of it', () => {
  const { signature } = readSource(`/** Finds languages. */
export default class P extends BasePredictor {
  /** One passage at a time. @deprecated */
  predict() {}
}`)
  expect(signature).toMatchObject({
    version: 1,
    className: 'P',
    exportName: 'default',
    description: 'Finds languages.\n\nOne passage at a time.',
    deprecated: true,
    location: { line: 3, column: 22 },
    parameters: [],
    returns: [{ kind: 'json', schema: { type: 'null' } }],
    definitions: {},
  })
  expect(JSON.parse(JSON.stringify(signature))).toEqual(signature)
})
