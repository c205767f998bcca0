import type { JSONSchema, ParameterSignature } from 'incant'
import { describe, expect, test } from 'vitest'
import { read, readSource } from './project.ts'

const string: JSONSchema = { type: 'string' }

const number: JSONSchema = { type: 'number' }
const date: JSONSchema = { type: 'string', format: 'date-time', 'x-incant-type': 'Date' }
const base64: JSONSchema = { type: 'string', contentEncoding: 'base64', 'x-incant-type': 'Uint8Array' }
const binary = (type: 'File' | 'Blob' | 'Uint8Array'): JSONSchema => ({
  type: 'string',
  format: 'binary',
  'x-incant-type': type,
})
const file = binary('File')
const blob = binary('Blob')
const array = (items: JSONSchema): JSONSchema => ({ type: 'array', items })
const fields = (properties: Record<string, JSONSchema>, required = Object.keys(properties)): JSONSchema => ({
  type: 'object',
  properties,
  required,
})

/** The parameter's type, and what becomes of it whatever its name. */
const ROLES: readonly (readonly [type: string, reading: Partial<ParameterSignature>])[] = [
  ['Request', { role: 'request' }],
  ['PredictContext', { role: 'context' }],
  ['BackgroundTasks', { role: 'tasks' }],
  ['FormData', { role: 'form' }],
  ['Form<{ image: File; top?: number }>', { role: 'form', schema: fields({ image: file, top: number }, ['image']) }],
  ['Form<{ all: (Blob | string)[] }>', { role: 'form', schema: fields({ all: array({ anyOf: [blob, string] }) }) }],
  ['Form<{ raw: Uint8Array; at: Date }>', { role: 'form', schema: fields({ raw: binary('Uint8Array'), at: date }) }],
  ['Form<{ deep: { raw: Uint8Array } }>', { role: 'form', schema: fields({ deep: fields({ raw: base64 }) }) }],
  ['Form<Record<string, number>>', { role: 'form', schema: { type: 'object', additionalProperties: number } }],
  ['Upload', { role: 'form', schema: fields({ image: file }) }],
  ['Uint8Array', { role: 'bytes', bodyClass: 'Uint8Array' }],
  ['Uint8Array<ArrayBuffer>', { role: 'bytes', bodyClass: 'Uint8Array' }],
  ['ArrayBuffer', { role: 'bytes', bodyClass: 'ArrayBuffer' }],
  ['Blob', { role: 'blob', bodyClass: 'Blob' }],
  ['File', { role: 'blob', bodyClass: 'File' }],
  ['ReadableStream', { role: 'stream' }],
  ['ReadableStream<Uint8Array>', { role: 'stream' }],
  ['string', { role: 'text', schema: string }],
  ["'en' | 'de'", { role: 'text', schema: { type: 'string', enum: ['de', 'en'] } }],
  ["string & { __brand: 'id' }", { role: 'text', schema: string }],
  ['any', { role: 'payload' }],
  ['unknown', { role: 'payload' }],
  ['number', { role: 'payload', schema: { type: 'number' } }],
  ['string | number', { role: 'payload', schema: { type: ['string', 'number'] } }],
  ['number[]', { role: 'payload', schema: { type: 'array', items: { type: 'number' } } }],
]

test('a parameter has its role by its type', () => {
  const classes = ROLES.map(
    ([type], index) => `export class P${index} extends BasePredictor { predict(request: ${type}) {} }`,
  )
  const imports = "import { BackgroundTasks, BasePredictor, type Form, type PredictContext } from 'incant'"
  const source = [imports, 'type Upload = Form<{ image: File }>', ...classes].join('\n')
  const { signatures } = read({ 'roles.ts': source }, { all: true })
  const found = Object.fromEntries(signatures.map(({ className, parameters }) => [className, parameters]))
  ROLES.forEach(([type, reading], index) => {
    expect(found[`P${index}`]).toEqual([{ name: 'request', ...reading, type }])
  })
})

describe('Request', () => {
  const predictor = (imported: string, type: string) =>
    `import { BasePredictor } from 'incant'\n${imported}\nexport default class P extends BasePredictor { predict(p: ${type}) {} }`
  const roleIn = (files: Record<string, string>) => read(files).signatures[0]?.parameters[0]?.role

  test('behind an alias in another file', () => {
    const files = {
      'p.ts': predictor("import type { Incoming } from './types.ts'", 'Incoming'),
      'types.ts': "import type { Alias } from './more.ts'\nexport type Incoming = Alias",
      'more.ts': 'export type Alias = Request',
    }
    expect(roleIn(files)).toBe('request')
  })

  test('extended by a class or an interface', () => {
    expect(roleIn({ 'p.ts': predictor('class Own extends Request {}', 'Own') })).toBe('request')
    expect(roleIn({ 'p.ts': predictor('interface Own extends Request {}', 'Own') })).toBe('request')
  })

  test("of the module's own is a payload", () => {
    expect(roleIn({ 'p.ts': predictor('interface Request { text: string }', 'Request') })).toBe('payload')
    expect(
      roleIn({
        'p.ts': predictor("import type { Request } from './types.ts'", 'Request'),
        'types.ts': 'export interface Request { text: string }',
      }),
    ).toBe('payload')
  })

  test('in JavaScript with JSDoc types', () => {
    const source = `
import { BasePredictor } from 'incant'
export default class P extends BasePredictor {
  /**
   * @param {Request} body
   * @param {import('incant').PredictContext} context
   */
  predict(body, context) {}
}`
    const [signature] = read({ 'p.js': source }).signatures
    expect(signature?.parameters.map(({ role }) => role)).toEqual(['request', 'context'])
  })

  test('as Node declares it, without the DOM library', () => {
    const files = {
      'p.ts': predictor('', 'Request'),
      'tsconfig.json': '{ "compilerOptions": { "lib": ["es2023"], "module": "nodenext" } }',
      'node_modules/@types/node/package.json': '{ "name": "@types/node", "types": "index.d.ts" }',
      'node_modules/@types/node/index.d.ts': 'declare global { interface Request { readonly url: string } }\nexport {}',
    }
    expect(roleIn(files)).toBe('request')
  })
})

test('several parameters in any order, untyped ones among them', () => {
  const { signature } = readSource(
    'export default class P extends BasePredictor { predict(tasks: BackgroundTasks, body, whole: Request) {} }',
  )
  expect(signature.parameters).toEqual([
    { name: 'tasks', role: 'tasks', type: 'BackgroundTasks' },
    { name: 'body', role: 'payload', type: 'any' },
    { name: 'whole', role: 'request', type: 'Request' },
  ])
})

test('optional parameters', () => {
  const types = ['payload?: number', 'payload: number | undefined', 'payload: number = 5', 'payload: number']
  const classes = types.map((type, index) => `export class P${index} extends BasePredictor { predict(${type}) {} }`)
  const { signatures } = read(
    { 'p.ts': ["import { BasePredictor } from 'incant'", ...classes].join('\n') },
    { all: true },
  )
  const readings = signatures.map(({ parameters: [parameter] }) => [parameter?.optional, parameter?.schema])
  const number = { type: 'number' }
  expect(readings).toEqual([
    [true, number],
    [true, number],
    [true, number],
    [undefined, number],
  ])
})

test('a destructured parameter is named for what it is, a `this` parameter is none', () => {
  const { signature } = readSource(
    'export default class P extends BasePredictor { predict(this: P, { text }: { text: string }) {} }',
  )
  expect(signature.parameters).toEqual([
    {
      name: 'payload',
      role: 'payload',
      schema: { type: 'object', properties: { text: string }, required: ['text'] },
      type: '{ text: string }',
    },
  ])
})

test("a parameter's JSDoc is its description", () => {
  const { signature } = readSource(`export default class P extends BasePredictor {
    /**
     * Guesses.
     * @param text What to look at.
     */
    predict(text: string) {}
  }`)
  expect(signature.description).toBe('Guesses.')
  expect(signature.parameters[0]?.schema).toEqual({ type: 'string', description: 'What to look at.' })
})

describe('decorators that say roles at run time', () => {
  test('make what types cannot say a payload without a schema', () => {
    const { signature } = readSource(`import { input, takes } from 'incant'
export default class P extends BasePredictor {
  @takes('payload', 'context') predict(payload: Map<string, number>, context: { log(): void }) {}
}`)
    expect(signature.parameters).toEqual([
      { name: 'payload', role: 'payload', type: 'Map<string, number>' },
      { name: 'context', role: 'payload', type: '{ log(): void }' },
    ])
  })
})
