import type { TensorDatatype } from '../predictor/tensor.ts'
import type { JSONSchema, NumberArrayType } from './json-schema.ts'
import { numberArrayType } from './number-arrays.ts'
import { countElements, ELEMENT_ARRAYS } from './tensor.ts'

/** The kind of the innermost elements of a value. */
export type TensorLeaf = 'number' | 'boolean' | 'string' | 'bigint' | 'bytes' | NumberArrayType | 'Uint8Array'

/**
 * How a value is a tensor: as an object of the type `Tensor` (`tensor`); as a scalar, an array, or arrays in arrays, the
 * innermost of which may be typed (`array`); or as its JSON text (`json`).
 */
export type TensorLayout =
  | { readonly kind: 'tensor' }
  | { readonly kind: 'array'; readonly leaf: TensorLeaf; readonly depth: number }
  | { readonly kind: 'json' }

/** A type as a tensor. */
export interface TensorForm {
  readonly datatype: TensorDatatype
  /** -1: a dimension of any size. */
  readonly shape: readonly number[]
  readonly layout: TensorLayout
}

/** Whether the innermost elements are in a typed array. */
export function isTypedLeaf(leaf: TensorLeaf): boolean {
  return leaf.endsWith('Array')
}

/** Why a type is no tensor, as a predicate, and what to write. */
export interface TensorFault {
  readonly found: string
  readonly instead: string
}

/** Follows the reference of a schema. */
export type Dereference = (schema: JSONSchema) => JSONSchema

/** How values of a schema are tensors: every type is one, if only as JSON. A fault: what its tags say does not fit it. */
export function tensorForm(given: JSONSchema, dereference: Dereference): TensorForm | TensorFault {
  const schema = findTensor(dereference(given), dereference)
  const remark = schema['x-incant-tensor']
  if (isTensorType(schema) && remark?.datatype !== undefined) return ofTensorType(remark.datatype, remark.shape)
  const form = naturalForm(schema, dereference)
  return remark === undefined ? form : applyDatatype(applyShape(form, remark.shape), remark.datatype)
}

/** A union with one `Tensor` in it travels as that. */
function findTensor(schema: JSONSchema, dereference: Dereference): JSONSchema {
  const tensors = (schema.anyOf ?? []).map(dereference).filter(isTensorType)
  const [only, ...others] = tensors
  return only === undefined || others.length > 0 ? schema : only
}

function isTensorType({ properties, 'x-incant-tensor': remark }: JSONSchema): boolean {
  return properties !== undefined && remark?.datatype !== undefined
}

/** Whether a type is no tensor. */
export function isFault(form: TensorForm | TensorFault): form is TensorFault {
  return 'found' in form
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
    datatype: DATATYPES[leaf] ?? (found.isInteger ? 'INT64' : 'FP64'),
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

/** The datatype of each leaf but `number`, which depends on whether it is an integer. */
const DATATYPES: { readonly [leaf in TensorLeaf]?: TensorDatatype } = {
  boolean: 'BOOL',
  string: 'BYTES',
  bytes: 'BYTES',
  bigint: 'INT64',
  Int8Array: 'INT8',
  Uint8Array: 'UINT8',
  Uint8ClampedArray: 'UINT8',
  Int16Array: 'INT16',
  Uint16Array: 'UINT16',
  Int32Array: 'INT32',
  Uint32Array: 'UINT32',
  Float32Array: 'FP32',
  Float64Array: 'FP64',
  BigInt64Array: 'INT64',
  BigUint64Array: 'UINT64',
}

/** The datatypes that the elements of a leaf can travel as, beside its own. */
function datatypesOf(leaf: TensorLeaf): readonly TensorDatatype[] {
  const own = DATATYPES[leaf]
  const common = own === undefined ? [] : [own]
  if (leaf === 'number') return NUMERIC
  if (leaf === 'Float32Array' || leaf === 'Float64Array') return FLOATS
  if (leaf === 'bigint') return ['INT64', 'UINT64']
  if (leaf === 'Uint16Array') return [...common, 'FP16', 'BF16']
  if (leaf === 'Uint8Array') return [...common, 'BOOL', 'BYTES']
  return common
}

const FLOATS: readonly TensorDatatype[] = ['FP16', 'BF16', 'FP32', 'FP64']

const NUMERIC: readonly TensorDatatype[] = [
  ...(Object.keys(ELEMENT_ARRAYS) as TensorDatatype[]).filter(datatype => /^U?INT/.test(datatype)),
  ...FLOATS,
]

function applyDatatype(form: TensorForm | TensorFault, datatype: TensorDatatype | undefined): TensorForm | TensorFault {
  if (isFault(form) || datatype === undefined) return form
  const { layout } = form
  const possible = layout.kind === 'array' ? datatypesOf(layout.leaf) : []
  if (!possible.includes(datatype)) {
    const others = possible.length === 0 ? 'JSON text' : possible.join(' or ')
    return {
      found: `has @datatype ${datatype}, and its type travels as ${others}`,
      instead: 'Remove @datatype, or change the type.',
    }
  }
  // Bytes as they are, in one element.
  if (datatype === 'BYTES' && layout.kind === 'array' && layout.leaf === 'Uint8Array')
    return { datatype, shape: [1], layout: { ...layout, leaf: 'bytes' } }
  return { ...form, datatype }
}

function applyShape(form: TensorForm, shape: readonly number[] | undefined): TensorForm | TensorFault {
  if (shape === undefined) return form
  const { layout, shape: natural } = form
  const written = `has @shape ${shape.join(',')}`
  if (layout.kind === 'json')
    return { found: `${written}, and its type travels as JSON text`, instead: 'Remove @shape.' }
  // In a row: the shape gives the dimensions.
  if (natural.length === 1) return countsFit(form, shape) ? { ...form, shape } : notAsLong(written, natural)
  const fits = shape.length === natural.length && shape.every((size, axis) => agrees(size, natural[axis]))
  if (fits) return { ...form, shape }
  return {
    found: `${written}, and its type has the shape ${natural.join(',')}`,
    instead: 'Write a shape of as many dimensions as there are arrays in arrays.',
  }
}

function agrees(size: number, natural: number | undefined): boolean {
  return size === natural || natural === -1
}

/** Whether a row of a fixed length can have the shape. */
function countsFit({ shape: [length = -1] }: TensorForm, shape: readonly number[]): boolean {
  return length === -1 || (!shape.includes(-1) && countElements(shape) === length)
}

function notAsLong(written: string, [length]: readonly number[]): TensorFault {
  return {
    found: `${written}, and its type has ${length === 1 ? 'one element' : `${length} elements`}`,
    instead: 'Write a shape with as many elements.',
  }
}
