import type { TensorDatatype } from '../predictor/tensor.ts'
import type { JSONSchema } from './json-schema.ts'
import { countElements, ELEMENT_ARRAYS } from './tensor.ts'
import {
  type Dereference,
  isFault,
  isTensorType,
  LEAF_DATATYPES,
  type TensorFault,
  type TensorForm,
  type TensorLeaf,
} from './tensor-layout.ts'

/** What a tag cannot say of a part of a type. */
export const MISPLACED: TensorFault = {
  found: 'has @datatype or @shape on a part of its type, which is no tensor by itself',
  instead: 'Write the tag on the whole, or remove it.',
}

/** Types inside of a type that are looked at: a type may have itself in it. */
const MAXIMUM_PARTS = 1000

/** The tags of types inside of a type, which come from aliases. */
export class TagsInside {
  /** The outermost datatype of items: they are the elements of the whole. */
  readonly datatype: TensorDatatype | undefined
  readonly #isOfItems: boolean
  readonly #isElsewhere: boolean

  constructor(schema: JSONSchema, dereference: Dereference) {
    const found = findTags(schema, dereference)
    const [first] = found
    this.datatype = found.find(({ isItem, tag }) => isItem && tag.datatype !== undefined)?.tag.datatype
    this.#isOfItems = first !== undefined
    this.#isElsewhere = found.some(({ isItem, tag }) => !isItem || tag.shape !== undefined)
  }

  /** Whether they have no effect, as those of members of an object that travels as text, and shapes of items. */
  mislead({ layout }: TensorForm): boolean {
    return this.#isElsewhere || (this.#isOfItems && layout.kind === 'json')
  }
}

interface Part {
  readonly schema: JSONSchema
  /** Whether it is an item of an array, or of arrays in arrays. */
  readonly isItem: boolean
}

function findTags(
  schema: JSONSchema,
  dereference: Dereference,
): readonly { readonly isItem: boolean; readonly tag: NonNullable<JSONSchema['x-incant-tensor']> }[] {
  const seen = new Set<string>()
  const parts = partsOf({ schema, isItem: true })
  const tags = []
  for (const { schema: given, isItem } of parts) {
    if (given.$ref !== undefined && seen.has(given.$ref)) continue
    if (given.$ref !== undefined) seen.add(given.$ref)
    const part = dereference(given)
    if (isTensorType(part)) continue
    if (part['x-incant-tensor'] !== undefined) tags.push({ isItem, tag: part['x-incant-tensor'] })
    if (parts.length < MAXIMUM_PARTS) parts.push(...partsOf({ schema: part, isItem }))
  }
  return tags
}

function partsOf({ schema, isItem }: Part): Part[] {
  const { items, prefixItems = [], anyOf = [], properties = {}, additionalProperties: rest } = schema
  const inArray = [...prefixItems, ...(items ? [items] : [])]
  const others = [...anyOf, ...Object.values(properties), ...(typeof rest === 'object' ? [rest] : [])]
  return [...inArray.map(item => ({ schema: item, isItem })), ...others.map(part => ({ schema: part, isItem: false }))]
}

/** The datatypes that the elements of a leaf can travel as, beside its own. */
function datatypesOf(leaf: TensorLeaf): readonly TensorDatatype[] {
  const own = LEAF_DATATYPES[leaf]
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

export function applyDatatype(
  form: TensorForm | TensorFault,
  datatype: TensorDatatype | undefined,
): TensorForm | TensorFault {
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

export function applyShape(form: TensorForm, shape: readonly number[] | undefined): TensorForm | TensorFault {
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
