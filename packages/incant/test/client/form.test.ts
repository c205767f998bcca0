import { expect, test } from 'vitest'
import { form } from '../../src/client/index.ts'
import { ModelClient } from '../../src/client/model-client.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import type { Form } from '../../src/predictor/form.ts'
import type { JSONSchema } from '../../src/schema/json-schema.ts'
import { signatureOf } from '../app/_serving.ts'
import { served } from '../node/_served.ts'

interface Fields {
  image: File
  raw: Uint8Array
  top: number
  sure: boolean
  at: Date
  id: bigint
  tags: string[]
  weights: Float32Array
  rows: number[]
  options: { deep: boolean | null }
  left?: string
}

const array = (items: JSONSchema): JSONSchema => ({ type: 'array', items })
const PROPERTIES: { readonly [name in keyof Required<Fields>]: JSONSchema } = {
  image: { type: 'string', format: 'binary', 'x-incant-type': 'File' },
  raw: { type: 'string', format: 'binary', 'x-incant-type': 'Uint8Array' },
  top: { type: 'number' },
  sure: { type: 'boolean' },
  at: { type: 'string', format: 'date-time', 'x-incant-type': 'Date' },
  id: { type: 'string', 'x-incant-type': 'bigint' },
  tags: array({ type: 'string' }),
  weights: { ...array({ type: 'number' }), 'x-incant-type': 'Float32Array' },
  rows: array({ type: 'number' }),
  options: { type: 'object', properties: { deep: { type: ['boolean', 'null'] } }, required: ['deep'] },
  left: { type: 'string' },
}
const REQUIRED = Object.keys(PROPERTIES).filter(name => name !== 'left')

let taken: Fields | undefined

class Taker extends BasePredictor {
  predict(fields: Form<Fields>): string {
    taken = fields
    return fields.image.name
  }
}

test('what a program gives as fields is what predict gets', async () => {
  const schema = { type: 'object', properties: PROPERTIES, required: REQUIRED } as const
  const { server } = await served(Taker, { signature: signatureOf({ role: 'form', schema }) })
  const fields: Fields = {
    image: new File(['a'], 'ü "1".png', { type: 'image/png' }),
    raw: new Uint8Array([1, 2]),
    top: -1.5,
    sure: false,
    at: new Date(0),
    id: -5n,
    tags: ['a', 'b'],
    weights: new Float32Array([0.5]),
    rows: [1],
    options: { deep: null },
  }
  expect(await new ModelClient<typeof Taker>(server.url).predict(form(fields))).toBe('ü "1".png')
  const { image, ...rest } = taken ?? {}
  const { image: _, ...given } = fields
  expect(rest).toEqual(given)
  expect({ type: image?.type, text: await image?.text() }).toEqual({ type: 'image/png', text: 'a' })
})

test('a field that no form can carry throws before anything is sent', async () => {
  const model = new ModelClient('http://127.0.0.1:9')
  await expect(model.predict(form({ run: () => 1 }))).rejects.toThrow(TypeError)
  await expect(model.predict(form({ tags: [] }))).rejects.toThrow('The field tags is an empty array')
})
