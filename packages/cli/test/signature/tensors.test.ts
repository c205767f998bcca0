import type { JSONSchema } from 'incant'
import { describe, expect, test } from 'vitest'
import { readSource, refusalOfSource } from './project.ts'

const source = (member: string): string => `import { BasePredictor, type Tensor } from 'incant'
export default class P extends BasePredictor { predict(payload: { ${member} }) {} }`

function schemaOf(type: string): JSONSchema | undefined {
  const { parameters, definitions } = readSource(source(`x: ${type}`)).signature
  const schema = parameters[0]?.schema?.properties?.['x']
  const name = schema?.$ref?.replace('#/$defs/', '')
  return name === undefined ? schema : definitions[name]
}

describe('the type Tensor', () => {
  test('has its datatype and its shape in the signature', () => {
    const schema = schemaOf("Tensor<'FP32', [-1, 3, 224, 224]>")
    expect(schema?.['x-incant-tensor']).toEqual({ datatype: 'FP32', shape: [-1, 3, 224, 224] })
    expect(schema?.required).toEqual(['datatype', 'shape', 'data'])
    expect(schema?.properties?.['data']?.['x-incant-type']).toBe('Float32Array')
    expect(schema?.properties?.['shape']?.prefixItems?.map(size => size.const)).toEqual([undefined, 3, 224, 224])
  })

  test('of any shape has none', () => {
    expect(schemaOf("Tensor<'INT64', number[]>")?.['x-incant-tensor']).toEqual({ datatype: 'INT64' })
  })

  test.each([
    ['BOOL', 'boolean'],
    ['BYTES', 'string'],
  ])('%s has an array', (datatype, items) => {
    expect(schemaOf(`Tensor<'${datatype}', [-1]>`)?.properties?.['data']).toEqual({
      type: 'array',
      items: { type: items },
    })
  })

  test.each([
    ['FP16', 'Uint16Array'],
    ['BF16', 'Uint16Array'],
    ['UINT64', 'BigUint64Array'],
    ['INT8', 'Int8Array'],
    ['FP64', 'Float64Array'],
  ])('%s has a %s', (datatype, type) => {
    expect(schemaOf(`Tensor<'${datatype}', [2]>`)?.properties?.['data']?.['x-incant-type']).toBe(type)
  })
})

describe('the tags of JSDoc', () => {
  test.each([
    ['a typed array', '/** @datatype FP16 */ type Named = Float32Array', 'Named', { datatype: 'FP16' }],
    ['an array', '/** @shape -1,3 */ type Named = number[]', 'Named', { shape: [-1, 3] }],
    ['arrays in arrays', '/** @datatype INT8 */ type Named = number[][]', 'Named', { datatype: 'INT8' }],
    ['a number', '/** @datatype INT16 */ type Named = number', 'Named', { datatype: 'INT16' }],
    ['bytes', '/** @datatype BYTES */ type Named = Uint8Array', 'Named', { datatype: 'BYTES' }],
    ['an alias', '/** @datatype BF16 */ type Inner = Float32Array; type Named = Inner', 'Named', { datatype: 'BF16' }],
    ['the items', '/** @datatype FP16 */ type Row = Float32Array; type Named = Row[]', 'Named', { datatype: 'FP16' }],
  ])('count on an alias of %s', (_what, alias, type, remark) => {
    const { signature } = readSource(`${source(`x: ${type}`)}\n${alias}`)
    const schema = signature.parameters[0]?.schema?.properties?.['x']
    expect(schema?.['x-incant-tensor'] ?? (schema?.items || undefined)?.['x-incant-tensor']).toEqual(remark)
  })

  test.each([
    ['/** @datatype FP16 */ x: Float32Array', { datatype: 'FP16' }],
    ['/** @shape 1,3,-1 */ x: Float32Array', { shape: [1, 3, -1] }],
    ['/** @shape [2, 2] @datatype INT8 */ x: number[]', { datatype: 'INT8', shape: [2, 2] }],
    ['/** @datatype BYTES */ x: Uint8Array', { datatype: 'BYTES' }],
    ['/** @datatype BF16 */ x?: Float64Array', { datatype: 'BF16' }],
  ])('%s', (member, remark) => {
    const { signature } = readSource(source(member))
    expect(signature.parameters[0]?.schema?.properties?.['x']?.['x-incant-tensor']).toEqual(remark)
  })

  test.each([
    ['/** @datatype FP33 */ x: number[]', 'payload.x has @datatype FP33, which is not one of BOOL, INT8'],
    ['/** @shape 1,x */ x: number[]', 'payload.x has @shape 1,x, which is not a list of whole numbers'],
    ['/** @datatype FP32 */ x: string[]', 'payload.x has @datatype FP32, and its type travels as BYTES'],
    ['/** @datatype FP32 */ x: Int32Array', 'payload.x has @datatype FP32, and its type travels as INT32'],
    ['/** @datatype BYTES */ x: { a: number }', 'payload.x has @datatype, which applies to numbers'],
    ["/** @datatype FP16 */ x: Tensor<'FP32', [1]>", 'payload.x has @datatype, which applies to numbers'],
    ['/** @shape 3 */ x: Date', 'payload.x has @shape 3, and its type travels as JSON text'],
    ['/** @shape 4 */ x: number[][]', 'payload.x has @shape 4, and its type has the shape -1,-1'],
    ['/** @shape 3 */ x: [number, number]', 'payload.x has @shape 3, and its type has 2 elements'],
    ['/** @shape 2 */ x: number', 'payload.x has @shape 2, and its type has one element'],
  ])('%s ends the start', (member, found) => {
    const refusal = refusalOfSource(source(member))
    expect(refusal.code).toBe('invalid_constraint')
    expect(refusal.message).toContain(found)
  })
})

test('a class that computes several payloads together says so', () => {
  const { signature } = readSource(`import { BatchPredictor } from 'incant'
export default class P extends BatchPredictor { predictBatch(payloads: Float32Array[]): number[] { return [] } }`)
  expect(signature.batched).toBe(true)
})
