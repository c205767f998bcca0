import type { TensorDatatype } from '../predictor/tensor.ts'
import type { JSONSchema } from './json-schema.ts'
import { numberArrayType } from './number-arrays.ts'
import {
  type Dereference,
  isTensorType,
  LEAF_DATATYPES,
  type TensorFault,
  type TensorForm,
  type TensorLeaf,
} from './tensor-layout.ts'
import { applyDatatype, applyShape, MISPLACED, TagsInside } from './tensor-tags.ts'

/** How values of a schema are tensors: every type is one, if only as JSON. A fault: what its tags say does not fit it. */
export function tensorForm(given: JSONSchema, dereference: Dereference): TensorForm | TensorFault {
  const schema = findTensor(dereference(given), dereference)
  const remark = schema['x-incant-tensor']
  if (isTensorType(schema) && remark?.datatype !== undefined) return ofTensorType(remark.datatype, remark.shape)
  const form = naturalForm(schema, dereference)
  const inside = new TagsInside(schema, dereference)
  if (inside.mislead(form)) return MISPLACED
  return applyDatatype(applyShape(form, remark?.shape), remark?.datatype ?? inside.datatype)
}

/** A union with one `Tensor` in it travels as that. */
function findTensor(schema: JSONSchema, dereference: Dereference): JSONSchema {
  const tensors = (schema.anyOf ?? []).map(dereference).filter(isTensorType)
  const [only, ...others] = tensors
  return only === undefined || others.length > 0 ? schema : only
}

function ofTensorType(datatype: TensorDatatype, shape: readonly number[] | undefined): TensorForm | TensorFault {
  if (shape !== undefined) return { datatype, shape, layout: { kind: 'tensor' } }
  return {
    found: 'is a Tensor of every shape, and callers of the protocol are to know its dimensions',
    instead: `Write its shape, -1 for a dimension of any size: Tensor<'${datatype}', [-1, 3]>.`,
  }
}

const JSON_TEXT: TensorForm = { datatype: 'BYTES', shape: [1], layout: { kind: 'json' } }

function naturalForm(schema: JSONSchema, dereference: Dereference): TensorForm {
  const found = descend(schema, dereference)
  if (found === undefined) return JSON_TEXT
  const { leaf, shape, depth } = found
  return {
    datatype: LEAF_DATATYPES[leaf] ?? (found.isInteger ? 'INT64' : 'FP64'),
    shape: shape.length === 0 ? [1] : shape,
    layout: { kind: 'array', leaf, depth },
  }
}

interface Descent {
  readonly leaf: TensorLeaf
  readonly shape: readonly number[]
  /** How many arrays there are around the innermost elements, a typed array not among them. */
  readonly depth: number
  readonly isInteger: boolean
}

/** How many arrays in arrays are looked into: a type may be an array of itself. */
const MAXIMUM_RANK = 16

function descend(given: JSONSchema, dereference: Dereference, outer = 0): Descent | undefined {
  if (outer > MAXIMUM_RANK) return undefined
  const schema = dereference(given)
  const numbers = numberArrayType(schema)
  if (numbers !== undefined) return { leaf: numbers, shape: [fixedLength(schema)], depth: 0, isInteger: false }
  if (schema['x-incant-type'] === 'Uint8Array' && schema.contentEncoding === 'base64')
    return { leaf: 'Uint8Array', shape: [-1], depth: 0, isInteger: false }
  if (schema.type !== 'array') return scalar(schema)
  const inner = itemsOf(schema, dereference, outer + 1)
  if (inner === undefined) return undefined
  // Bytes in an array are elements; by themselves they are numbers.
  if (inner.leaf === 'Uint8Array')
    return {
      ...inner,
      leaf: 'bytes',
      shape: [fixedLength(schema), ...inner.shape.slice(0, -1)],
      depth: inner.depth + 1,
    }
  return { ...inner, shape: [fixedLength(schema), ...inner.shape], depth: inner.depth + 1 }
}

/** The schema of the items of an array, if all have the same. */
function itemsOf(
  { items, prefixItems = [] }: JSONSchema,
  dereference: Dereference,
  outer: number,
): Descent | undefined {
  const schemas = [...prefixItems, ...(items ? [items] : [])]
  const [first, ...others] = schemas.map(item => descend(item, dereference, outer))
  const isSame = others.every(other => JSON.stringify(other) === JSON.stringify(first))
  return isSame ? first : undefined
}

function fixedLength({
  items,
  prefixItems,
  minItems,
  maxItems = items === false ? prefixItems?.length : undefined,
}: JSONSchema): number {
  return maxItems !== undefined && minItems === maxItems ? maxItems : -1
}

function scalar(schema: JSONSchema): Descent | undefined {
  const leaf = scalarLeaf(schema)
  return leaf && { leaf, shape: [], depth: 0, isInteger: schema.type === 'integer' }
}

function scalarLeaf(schema: JSONSchema): TensorLeaf | undefined {
  const { type, anyOf, 'x-incant-type': decoded } = schema
  if (anyOf !== undefined) return undefined
  const literals = schema.enum ?? (schema.const === undefined ? undefined : [schema.const])
  const kinds: ReadonlySet<unknown> = new Set<unknown>(
    literals === undefined ? [type] : literals.map(literal => typeof literal),
  )
  const [kind] = kinds
  if (kinds.size !== 1) return undefined
  if (decoded === 'bigint') return 'bigint'
  if (decoded !== undefined) return undefined
  if (kind === 'integer' || kind === 'number') return 'number'
  return kind === 'string' || kind === 'boolean' ? kind : undefined
}
