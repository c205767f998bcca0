import { findDatatype, type JSONSchema, TENSOR_DATATYPES } from 'incant/internal/signature'
import type { Constraint, Restriction } from './constraint.ts'

/** How values travel as tensors. */
const tensor = (tag: 'datatype' | 'shape', details: Pick<Constraint, 'expected' | 'sample' | 'read'>): Constraint => ({
  tag,
  keyword: 'x-incant-tensor',
  kind: 'tensor',
  appliesTo: 'numbers, booleans, strings and arrays of them',
  ...details,
})

/** The JSDoc tags that say how a value travels as a tensor. */
export const TENSOR_CONSTRAINTS: readonly Constraint[] = [
  tensor('datatype', {
    expected: `one of ${TENSOR_DATATYPES.join(', ')}`,
    sample: 'a datatype: @datatype FP16',
    read: text => findDatatype(text),
  }),
  tensor('shape', {
    expected: 'a list of whole numbers, -1 for any size',
    sample: 'the dimensions, separated by commas: @shape -1,3,224,224',
    read: readShape,
  }),
]

/** Whether a JSDoc tag is one of them. */
export function isTensorTag(name: string): boolean {
  return TENSOR_CONSTRAINTS.some(({ tag }) => tag === name)
}

/** A schema with what a tag says beside it. A `Tensor` has both in its type. */
export function withTensor(schema: JSONSchema, { constraint: { tag }, value }: Restriction): JSONSchema | undefined {
  const { type, anyOf } = schema
  const isOne = typeof type === 'string' && type !== 'object' && type !== 'null' && anyOf === undefined
  return isOne ? { ...schema, 'x-incant-tensor': { ...schema['x-incant-tensor'], [tag]: value } } : undefined
}

function readShape(text: string): readonly number[] | undefined {
  const sizes = text
    .replace(/^\[(.*)\]$/, '$1')
    .split(',')
    .map(size => size.trim())
  return sizes.every(size => /^(?:-1|\d+)$/.test(size)) ? sizes.map(Number) : undefined
}
