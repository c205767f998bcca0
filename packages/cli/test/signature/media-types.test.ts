import type { PredictSignature } from 'incant'
import { describe, expect, test } from 'vitest'
import { readSource, refusalOfSource } from './project.ts'

const read = (body: string, declare = ''): PredictSignature =>
  readSource(`${declare}\nexport default class P extends BasePredictor {\n${body}\n}`).signature

const parameterOf = (body: string, declare = '') => read(body, declare).parameters[0]?.schema
const returnsOf = (body: string, declare = '') => read(body, declare).returns

const PNG = { contentMediaType: 'image/png' }
const PICTURE = '/** @contentMediaType image/png */\ntype Picture = Uint8Array'

describe('@contentMediaType on what predict takes', () => {
  test.each<[string, string, string?]>([
    ['before a parameter', 'predict(/** @contentMediaType image/png */ image: Uint8Array) {}'],
    ['a Blob', 'predict(/** @contentMediaType image/png */ image: Blob) {}'],
    ['a stream', 'predict(/** @contentMediaType image/png */ image: ReadableStream<Uint8Array>) {}'],
    ['an alias', 'predict(image: Picture) {}', PICTURE],
    ['an alias of an alias', 'predict(image: Mine) {}', `${PICTURE}\ntype Mine = Picture`],
  ])('%s', (_name, body, declare) => {
    expect(parameterOf(body, declare)).toEqual(PNG)
  })

  test('an alias beside one with another constraint, wherever it is written', () => {
    const declare = `${PICTURE}\n/** @minimum 0 */\ntype Score = number\n/** @contentMediaType a/b */\ntype Scan = File`
    expect(read('predict(image: Picture): Promise<Picture> { throw 0 }', declare)).toMatchObject({
      parameters: [{ role: 'bytes', schema: PNG }],
      returns: [{ kind: 'bytes', schema: PNG }],
    })
    const members = parameterOf('predict(payload: { one: Picture; all: Picture[] }) {}', declare)?.properties
    expect(members).toMatchObject({ one: PNG, all: { items: PNG } })
    const fields = parameterOf(
      "predict(form: import('incant').Form<{ scan: Scan; all?: Scan[] }>) {}",
      declare,
    )?.properties
    const scan = { format: 'binary', contentMediaType: 'a/b' }
    expect(fields).toMatchObject({ scan, all: { items: scan } })
  })

  test('an alias by itself as a member', () => {
    expect(parameterOf('predict(payload: { one: Picture }) {}', PICTURE)?.properties).toMatchObject({ one: PNG })
  })

  test('text, members and the fields of a form', () => {
    expect(parameterOf('predict(/** @contentMediaType text/csv */ text: string) {}')).toEqual({
      type: 'string',
      contentMediaType: 'text/csv',
    })
    const members = `/** @contentMediaType image/* */ image: Uint8Array
      /** @contentMediaType text/html */ page?: string`
    expect(parameterOf(`predict(payload: { ${members} }) {}`)?.properties).toEqual({
      image: {
        type: 'string',
        contentEncoding: 'base64',
        'x-incant-type': 'Uint8Array',
        contentMediaType: 'image/*',
      },
      page: { type: 'string', contentMediaType: 'text/html' },
    })
    const form = `predict(form: import('incant').Form<{
      /** @contentMediaType image/*, application/pdf */ all: File[]
    }>) {}`
    expect(parameterOf(form)?.properties?.['all']?.items).toEqual({
      type: 'string',
      format: 'binary',
      'x-incant-type': 'File',
      contentMediaType: 'image/*, application/pdf',
    })
  })
})

describe('@contentMediaType on what predict returns', () => {
  test.each<[string, string, string?]>([
    ['on the method', '/** Draws. @contentMediaType image/png */\npredict(): Uint8Array { throw 0 }'],
    ['an alias in a promise', 'async predict(): Promise<Picture> { throw 0 }', PICTURE],
    ['with an inferred type', '/** @contentMediaType image/png */\nasync predict() { return new Uint8Array() }'],
    ['a stream of bytes', '/** @contentMediaType image/png */\nasync *predict(): AsyncGenerator<Uint8Array> {}'],
  ])('%s', (_name, body, declare) => {
    expect(returnsOf(body, declare)).toEqual([{ kind: 'bytes', schema: PNG }])
  })

  test('is of the bytes before the text, and of the text before JSON', () => {
    const tag = '/** @contentMediaType text/html */\n'
    expect(returnsOf(`${tag}predict(): string | null { throw 0 }`)).toEqual([
      { kind: 'json', schema: { type: 'null' } },
      { kind: 'text', schema: { type: 'string', contentMediaType: 'text/html' } },
    ])
    expect(returnsOf(`${tag}predict(): { a: 1 } { throw 0 }`)).toEqual([
      { kind: 'json', schema: expect.objectContaining({ type: 'object', contentMediaType: 'text/html' }) },
    ])
  })
})

test.each<[string, string, string]>([
  ['what is no media type', 'predict(/** @contentMediaType png */ image: Blob) {}', 'has @contentMediaType png'],
  [
    'a number',
    'predict(p: { /** @contentMediaType a/b */ n: number }) {}',
    'which applies to strings, bytes and files',
  ],
  ['a date', 'predict(p: { /** @contentMediaType a/b */ n: Date }) {}', 'which applies to strings, bytes and files'],
  ['a stream of items', '/** @contentMediaType a/b */\nasync *predict(): AsyncGenerator<1> {}', 'bytes, text and JSON'],
])('%s ends the start', (_name, body, says) => {
  const refusal = refusalOfSource(`export default class P extends BasePredictor {\n${body}\n}`)
  expect(refusal.message).toContain(says)
})

describe('@example on predict and on its class', () => {
  test('is a whole body, with a caption before it or without', () => {
    const source = `/**
 * Tells languages.
 * @example {"text":"class"}
 */
export default class P extends BasePredictor {
  /**
   * @example <caption>Two guesses</caption> {"text":"Guten Tag","top":2}
   * @example French
   * {"text":"Bonjour"}
   * @example
   * \`\`\`json
   * { "text": "fenced" }
   * \`\`\`
   * @example
   * const answer = await model.predict({ text: 'code' })
   */
  predict(payload: { text: string; top?: number }) {}
}`
    const { signature } = readSource(source)
    expect(signature.examples).toEqual([
      { summary: 'Two guesses', value: { text: 'Guten Tag', top: 2 } },
      { summary: 'French', value: { text: 'Bonjour' } },
      { value: { text: 'fenced' } },
      { value: { text: 'class' } },
    ])
    expect(signature.description).toBe('Tells languages.')
  })
})
