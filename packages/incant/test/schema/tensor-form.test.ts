import { expect, it } from 'vitest'
import { nestedSchema, tensorSchema } from '../../src/runtimes/tensor-schema.ts'
import type { JSONSchema } from '../../src/schema/json-schema.ts'
import { tensorForm } from '../../src/schema/tensor-form.ts'

const INPUT = { name: 'x', datatype: 'FP32', shape: ['n', 3] } as const
const same = (schema: JSONSchema): JSONSchema => schema

it('a union with one Tensor travels as that, and a union with two as JSON text', () => {
  const [tensor, nested] = [tensorSchema(INPUT), nestedSchema(INPUT) ?? {}]
  const expected = { datatype: 'FP32', shape: [-1, 3], layout: { kind: 'tensor' } }
  expect(tensorForm({ anyOf: [nested, tensor] }, same)).toEqual(expected)
  expect(tensorForm({ anyOf: [tensor, nested] }, same)).toEqual(expected)
  const other = tensorSchema({ ...INPUT, datatype: 'INT64' })
  expect(tensorForm({ anyOf: [tensor, other] }, same)).toMatchObject({ datatype: 'BYTES', layout: { kind: 'json' } })
})

it('arrays in arrays travel as they are, with the sizes that are fixed', () => {
  expect(tensorForm(nestedSchema(INPUT) ?? {}, same)).toEqual({
    datatype: 'FP32',
    shape: [-1, 3],
    layout: { kind: 'array', leaf: 'Float32Array', depth: 1 },
  })
})

const HALVES: JSONSchema = { type: 'array', 'x-incant-type': 'Float32Array', 'x-incant-tensor': { datatype: 'FP16' } }
const MISPLACED = { found: expect.stringContaining('on a part of its type') }

it('a datatype of the items is that of the elements', () => {
  const rows: JSONSchema = { type: 'array', items: HALVES }
  const expected = { datatype: 'FP16', shape: [-1, -1], layout: { kind: 'array', leaf: 'Float32Array', depth: 1 } }
  expect(tensorForm(rows, same)).toEqual(expected)
  expect(tensorForm({ type: 'array', items: rows }, same)).toMatchObject({ datatype: 'FP16', shape: [-1, -1, -1] })
  expect(tensorForm({ ...rows, 'x-incant-tensor': { datatype: 'BF16' } }, same)).toMatchObject({ datatype: 'BF16' })
})

it('tags that have no effect are refused', () => {
  const shaped: JSONSchema = { ...HALVES, 'x-incant-tensor': { shape: [1, 3] } }
  for (const schema of [
    { type: 'array', items: shaped },
    { anyOf: [HALVES, { type: 'null' }] },
    { type: 'object', properties: { a: HALVES } },
    { type: 'object', additionalProperties: HALVES },
    { type: 'array', items: { type: 'object', properties: { a: { type: 'array', items: HALVES } } } },
  ] satisfies JSONSchema[])
    expect(tensorForm(schema, same)).toMatchObject(MISPLACED)
})

it('a type that has itself in it is looked through once', () => {
  const tree: JSONSchema = {
    type: 'object',
    properties: { left: { $ref: '#/$defs/Tree' }, right: { $ref: '#/$defs/Tree' }, of: tensorSchema(INPUT) },
  }
  const follow = (schema: JSONSchema): JSONSchema => (schema.$ref === undefined ? schema : tree)
  expect(tensorForm({ $ref: '#/$defs/Tree' }, follow)).toMatchObject({ layout: { kind: 'json' } })
})
