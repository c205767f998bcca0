import type { JSONSchema, ReturnSignature } from 'incant'
import { expect, test } from 'vitest'
import { read, readSource } from './project.ts'

const string: JSONSchema = { type: 'string' }
const number: JSONSchema = { type: 'number' }
const json = (schema: JSONSchema): ReturnSignature => ({ kind: 'json', schema })
const object = (properties: Record<string, JSONSchema>): JSONSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
})
const point = object({ x: number })
const date: JSONSchema = { type: 'string', format: 'date-time', 'x-incant-type': 'Date' }
const bytes: JSONSchema = { type: 'string', contentEncoding: 'base64', 'x-incant-type': 'Uint8Array' }

const RETURNS: readonly (readonly [type: string, forms: readonly ReturnSignature[]])[] = [
  ['{ x: number }', [json(point)]],
  ['Promise<{ x: number }>', [json(point)]],
  ['{ x: number } | Promise<{ x: number }>', [json({ anyOf: [point, point] })]],
  ['string', [{ kind: 'text', schema: string }]],
  ['Promise<string>', [{ kind: 'text', schema: string }]],
  ['void', [json({ type: 'null' })]],
  ['null', [json({ type: 'null' })]],
  ['number | undefined', [json({ anyOf: [number, { type: 'null' }] })]],
  ['{ x: number } | undefined', [json({ anyOf: [point, { type: 'null' }] })]],
  ['Promise<{ x: number } | undefined>', [json({ anyOf: [point, { type: 'null' }] })]],
  ['{ x: number } | void', [json({ anyOf: [point, { type: 'null' }] })]],
  ['({ x: number } | undefined)[]', [json({ type: 'array', items: point })]],
  ['AsyncGenerator<{ x: number } | undefined>', [{ kind: 'stream', schema: point }]],
  ['Uint8Array', [{ kind: 'bytes' }]],
  ['ArrayBuffer', [{ kind: 'bytes' }]],
  ['Blob', [{ kind: 'bytes' }]],
  ['ReadableStream<Uint8Array>', [{ kind: 'bytes' }]],
  ['Response', [{ kind: 'response' }]],
  ['AsyncGenerator<{ x: number }>', [{ kind: 'stream', schema: point }]],
  ['AsyncIterable<string>', [{ kind: 'stream', schema: string }]],
  ['Promise<AsyncIterable<number>>', [{ kind: 'stream', schema: number }]],
  ['string | null', [json({ type: 'null' }), { kind: 'text', schema: string }]],
  ['Response | { x: number }', [{ kind: 'response' }, json(point)]],
  ['any', []],
  ['unknown', []],
  ['never', []],
  ['Date', [json(date)]],
  ['URL', [json({ type: 'string', format: 'uri' })]],
  ['bigint', [json({ type: 'string', pattern: '^(?:0|-?[1-9]\\d*)$', 'x-incant-type': 'bigint' })]],
  ['Float64Array', [json({ type: 'array', items: { type: 'number' }, 'x-incant-type': 'Float64Array' })]],
  ['{ x: Uint8Array }', [json(object({ x: bytes }))]],
  ['AsyncGenerator<Uint8Array>', [{ kind: 'bytes' }]],
  ['AsyncGenerator<{ x: Uint8Array }>', [{ kind: 'stream', schema: object({ x: bytes }) }]],
  ['boolean', [json({ type: 'boolean' })]],
]

test('each return type has its forms', () => {
  const classes = RETURNS.map(
    ([type], index) => `export class P${index} extends BasePredictor { predict(): ${type} { throw 0 } }`,
  )
  const { signatures, warnings } = read(
    { 'p.ts': ["import { BasePredictor } from 'incant'", ...classes].join('\n') },
    { all: true },
  )
  const found = Object.fromEntries(signatures.map(({ className, returns }) => [className, returns]))
  const forms = RETURNS.map(([type], index) => [type, new Set(found[`P${index}`])])
  expect(forms).toEqual(RETURNS.map(([type, list]) => [type, new Set(list)]))
  expect(warnings).toEqual([])
})

test('an inferred return type is read too', () => {
  const { signature } = readSource('export class P extends BasePredictor { async *predict() { yield { x: 1 } } }')
  expect(signature.returns).toEqual([{ kind: 'stream', schema: point }])
})

test('what JSON cannot carry is a warning, and no schema', () => {
  const { signature, warnings } = readSource(`export class P extends BasePredictor {
  predict() { return { counts: new Map<string, number>(), at: new Date(), run() {} } }
}`)
  expect(signature.returns).toEqual([
    json({
      type: 'object',
      properties: { counts: {}, at: date },
      required: ['counts', 'at'],
    }),
  ])
  expect(warnings.map(({ message }) => message)).toEqual([
    'P.predict: result.counts is a Map, which JSON cannot carry. Write Record<string, V>.',
  ])
  expect(warnings[0]?.location).toMatchObject({ line: 3 })
})

test('a type that is taken and given has one definition', () => {
  const { signature } = readSource(`interface Node1 { children: Node1[] }
interface Node2 { at: Date; children: Node2[] }
export class P extends BasePredictor {
  predict(payload: { one: Node1; two: Node2 }): { one: Node1; two: Node2 } { return payload }
}`)
  expect(Object.keys(signature.definitions)).toEqual(['Node1', 'Node2'])
})
