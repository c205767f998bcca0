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
