import { describe, expect, test } from 'vitest'
import type { Problem } from '../../../src/http/problem.ts'
import { BasePredictor } from '../../../src/predictor/base-predictor.ts'
import type { Definitions, JSONSchema } from '../../../src/schema/json-schema.ts'
import { expectProblem, post, serveInMemory, signatureOf } from '../../app/_serving.ts'

const file = (more: JSONSchema = {}): JSONSchema => ({
  type: 'string',
  format: 'binary',
  'x-incant-type': 'File',
  ...more,
})
const object = (properties: Record<string, JSONSchema>, required = Object.keys(properties)): JSONSchema => ({
  type: 'object',
  properties,
  required,
})
const array = (items: JSONSchema): JSONSchema => ({ type: 'array', items })

/** Serves a predictor that hands over what it got. */
async function serveFields(schema: JSONSchema, definitions: Definitions = {}, optional = false) {
  let taken: unknown
  class Taker extends BasePredictor {
    predict(fields: unknown) {
      taken = fields
    }
  }
  const signature = { ...signatureOf({ role: 'form', schema, ...(optional ? { optional } : {}) }), definitions }
  const { app } = await serveInMemory(Taker, { signature })
  return {
    send: (body?: FormData | URLSearchParams) => post(app, body),
    take: async (body?: FormData | URLSearchParams | Blob) => {
      const response = await post(app, body)
      expect({ status: response.status, problem: response.status === 200 ? '' : await response.text() }).toEqual({
        status: 200,
        problem: '',
      })
      return taken
    },
  }
}

function form(...entries: readonly (readonly [name: string, value: string | Blob])[]): FormData {
  const made = new FormData()
  for (const [name, value] of entries) made.append(name, value)
  return made
}

const PICTURE = new File([new Uint8Array([1, 2, 255])], 'a.png', { type: 'image/png' })

describe('a text becomes what its field asks for', () => {
  const TREE: Definitions = { Tree: object({ kids: array({ $ref: '#/$defs/Tree' }) }, []) }
  test.each<[string, JSONSchema, readonly string[], unknown]>([
    ['text', { type: 'string' }, ['5'], '5'],
    ['empty text', { type: 'string' }, [''], ''],
    ['a number', { type: 'number' }, ['-1.5e3'], -1500],
    ['a number as an HTML input writes it', { type: 'number' }, ['.5'], 0.5],
    ['an integer', { type: 'integer', minimum: 1 }, ['07'], 7],
    ['true', { type: 'boolean' }, ['true'], true],
    ['a ticked checkbox', { type: 'boolean' }, ['on'], true],
    ['false', { type: 'boolean' }, ['false'], false],
    ['null', { type: ['number', 'null'] }, [''], null],
    ['a literal number', { enum: [1, 2, 'a'] }, ['2'], 2],
    ['a literal text', { enum: [1, 2, 'a'] }, ['a'], 'a'],
    ['text before a number', { type: ['string', 'number'] }, ['5'], '5'],
    ['a date', { type: 'string', format: 'date-time', 'x-incant-type': 'Date' }, ['1970-01-01T00:00:00Z'], new Date(0)],
    ['a big integer', { type: 'string', 'x-incant-type': 'bigint' }, ['12'], 12n],
    ['an object', object({ a: { type: 'number' } }), ['{"a":1,"b":2}'], { a: 1 }],
    ['a recursive object', { $ref: '#/$defs/Tree' }, ['{"kids":[{"kids":[]}]}'], { kids: [{ kids: [] }] }],
    ['a field that occurs several times', array({ type: 'number' }), ['1', '2'], [1, 2]],
    ['a field that may, and occurs once', array({ type: 'string' }), ['[1]'], ['[1]']],
    ['an array as JSON', array({ type: 'number' }), ['[1, 2]'], [1, 2]],
    [
      'a typed array',
      { ...array({ type: 'number' }), 'x-incant-type': 'Float32Array' },
      ['[1, 2]'],
      new Float32Array([1, 2]),
    ],
    ['one or several', { anyOf: [{ type: 'string' }, array({ type: 'string' })] }, ['a'], 'a'],
    ['anything', {}, ['a'], 'a'],
  ])('%s', async (_name, schema, values, expected) => {
    const { take } = await serveFields(object({ field: schema }), TREE)
    const entries = values.map(value => ['field', value] as const)
    expect(await take(form(...entries))).toEqual({ field: expected })
    expect(await take(new URLSearchParams(entries.map(([name, value]): [string, string] => [name, value])))).toEqual({
      field: expected,
    })
  })

  test('fields that are not there, not known, or by pattern', async () => {
    const { take } = await serveFields({
      ...object({ top: { type: 'number' }, given: { type: 'number', default: 3 } }, []),
      patternProperties: { '^x-': { type: 'number' } },
    })
    expect(await take(form(['top', ''], ['other', 'dropped'], ['x-a', '1']))).toEqual({ given: 3, 'x-a': 1 })
    expect(await take(form(['__proto__', 'a'], ['constructor', 'b']))).toEqual({ given: 3 })
  })

  test('either of two objects, told apart by a field', async () => {
    const either = (kind: string, value: JSONSchema) => object({ kind: { type: 'string', const: kind }, value })
    const { take } = await serveFields({
      anyOf: [either('number', { type: 'number' }), either('text', { type: 'boolean' })],
      discriminator: { propertyName: 'kind' },
    })
    expect(await take(form(['kind', 'number'], ['value', '5']))).toEqual({ kind: 'number', value: 5 })
    expect(await take(form(['kind', 'text'], ['value', 'true']))).toEqual({ kind: 'text', value: true })
  })
})

describe('files', () => {
  test.each(['File', 'Blob', 'Uint8Array', 'ArrayBuffer', 'Buffer'] as const)('predict gets a %s', async fileClass => {
    const { take } = await serveFields(object({ image: file({ 'x-incant-type': fileClass }) }))
    const { image } = (await take(form(['image', PICTURE]))) as { image: File }
    expect(Object.prototype.toString.call(image)).toBe(`[object ${fileClass === 'Buffer' ? 'Uint8Array' : fileClass}]`)
    const bytes = image instanceof Blob ? await image.arrayBuffer() : image
    expect(Buffer.from(bytes as ArrayBuffer)).toEqual(Buffer.from([1, 2, 255]))
    if (image instanceof Blob) expect(image.type).toBe('image/png')
    if (fileClass === 'File') expect(image.name).toBe('a.png')
  })

  test('several of them, an input left empty, and one or text', async () => {
    const { take } = await serveFields(
      object({ all: array(file()), none: file(), either: { anyOf: [{ type: 'string' }, file()] } }, ['all']),
    )
    const none = new File([], '', { type: 'application/octet-stream' })
    const taken = (await take(form(['all', PICTURE], ['all', PICTURE], ['none', none], ['either', PICTURE]))) as {
      all: File[]
    }
    expect(Object.keys(taken)).toEqual(['all', 'either'])
    expect(taken.all.map(({ name }) => name)).toEqual(['a.png', 'a.png'])
    expect(await take(form(['all', none], ['either', 'a']))).toEqual({ all: [], either: 'a' })
    const nullable = await serveFields(object({ image: { anyOf: [file(), { type: 'null' }] } }))
    expect(await nullable.take(form(['image', none]))).toEqual({ image: null })
    const browser = '--b\r\nContent-Disposition: form-data; name="image"; filename=""\r\n\r\n\r\n--b--\r\n'
    expect(await nullable.take(new Blob([browser], { type: 'multipart/form-data; boundary=b' }))).toEqual({
      image: null,
    })
  })
})

describe('what does not match is a 422 with a pointer', () => {
  const SCHEMA: JSONSchema = {
    ...object(
      {
        image: file({ contentMediaType: 'image/*' }),
        top: { type: 'integer', minimum: 1 },
        tags: array({ type: 'string' }),
      },
      ['image'],
    ),
    additionalProperties: false,
  }
  test.each<[string, FormData | URLSearchParams, string, string]>([
    ['a missing file', form(['top', '1']), '#/image', 'is required'],
    ['an input left empty', form(['image', new File([], '')]), '#/image', 'is required'],
    ['text for a file', form(['image', 'a.png']), '#/image', 'must be a file'],
    [
      'a file of another type',
      form(['image', new Blob(['a'], { type: 'text/plain' })]),
      '#/image',
      'must be a file of type image/*',
    ],
    ['text for a number', form(['image', PICTURE], ['top', 'many']), '#/top', 'must be an integer'],
    ['a number out of bounds', form(['image', PICTURE], ['top', '0']), '#/top', 'must be at least 1'],
    ['a number twice', form(['image', PICTURE], ['top', '1'], ['top', '2']), '#/top', 'must be an integer'],
    ['a file twice', form(['image', PICTURE], ['image', PICTURE]), '#/image', 'must be a file'],
    ['a file for text', form(['image', PICTURE], ['tags', 'a'], ['tags', PICTURE]), '#/tags/1', 'must be a string'],
    ['a field that is not known', form(['image', PICTURE], ['tag', 'a']), '#/tag', 'is not a known member'],
    ['no file at all', new URLSearchParams({ top: '1' }), '#/image', 'is required'],
  ])('%s', async (_name, body, pointer, detail) => {
    const { send } = await serveFields(SCHEMA)
    const problem = await expectProblem(await send(body), 422, 'invalid_payload')
    expect(problem.errors).toEqual([{ pointer, detail }])
  })

  test('objects that are no JSON, too deep or of another shape', async () => {
    const { send } = await serveFields(object({ options: object({ a: { type: 'number' } }) }))
    const first = async (text: string) => ((await (await send(form(['options', text]))).json()) as Problem).errors?.[0]
    expect(await first('{"a":')).toEqual({ pointer: '#/options', detail: 'must be an object' })
    expect(await first('{"a":"1"}')).toEqual({ pointer: '#/options/a', detail: 'must be a number' })
    expect((await send(form(['options', '['.repeat(1000)]))).status).toBe(400)
  })

  test('other content types are a 415, no body is one without fields', async () => {
    const { send } = await serveFields(object({ a: { type: 'string' } }))
    await expectProblem(await send(), 415, 'unsupported_media_type')
    const optional = await serveFields(object({ a: { type: 'string' } }), {}, true)
    expect((await optional.send(new URLSearchParams())).status).toBe(200)
  })
})
