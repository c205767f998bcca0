import type { ModelTensor } from '../runtime.ts'
import { findElementType, nameElementType } from './element-types.ts'
import { type Field, fieldsOf, type Message, readText } from './protobuf.ts'

/** An input or output of a graph: a tensor, or why it is none, as a predicate. */
export type GraphValue = ModelTensor | { readonly name: string; readonly unfit: string }

// Field numbers of ValueInfoProto, TypeProto and what is in them.
const VALUE = { name: 1, type: 2 }
const TYPE = { tensor: 1, sequence: 4, map: 5, opaque: 7, sparse: 8, optional: 9 }
const TENSOR_TYPE = { elementType: 1, shape: 2 }
const SHAPE = { dimension: 1 }
const DIMENSION = { value: 1, name: 2 }

/** Reads a ValueInfoProto. */
export function readValue(message: Message): GraphValue {
  let name = ''
  let type: GraphValue | undefined
  for (const field of fieldsOf(message)) {
    if (field.number === VALUE.name) name = readText(field.content)
    if (field.number === VALUE.type) type = readType(field.content)
  }
  return { ...(type ?? { unfit: 'has no type' }), name }
}

const KINDS: { readonly [number: number]: string } = {
  [TYPE.sequence]: 'a sequence',
  [TYPE.map]: 'a map',
  [TYPE.opaque]: 'an opaque value',
  [TYPE.sparse]: 'a sparse tensor',
  [TYPE.optional]: 'an optional value',
}

function readType(message: Message): GraphValue | undefined {
  for (const { number, content } of fieldsOf(message)) {
    if (number === TYPE.tensor) return readTensorType(content)
    const kind = KINDS[number]
    if (kind !== undefined) return { name: '', unfit: `is ${kind}` }
  }
  return undefined
}

function readTensorType(message: Message): GraphValue {
  let elementType = 0
  let shape: readonly (number | string)[] | undefined
  for (const field of fieldsOf(message)) {
    if (field.number === TENSOR_TYPE.elementType) elementType = field.value ?? 0
    if (field.number === TENSOR_TYPE.shape) shape = readShape(field.content)
  }
  const datatype = findElementType(elementType)
  if (datatype === undefined) return { name: '', unfit: `is a tensor of ${nameElementType(elementType)}` }
  return { name: '', datatype, ...(shape === undefined ? {} : { shape }) }
}

function readShape(message: Message): readonly (number | string)[] {
  return [...fieldsOf(message)]
    .filter(({ number }) => number === SHAPE.dimension)
    .map(({ content }) => readDimension(content))
}

function readDimension(message: Message): number | string {
  const fields = [...fieldsOf(message)]
  const name = fields.find(({ number }) => number === DIMENSION.name)
  if (name !== undefined) return readText(name.content)
  return fields.map(sizeOf).find(size => size !== undefined) ?? ''
}

/** Exporters write -1, and some 0, for a size that is not known. */
function sizeOf({ number, value }: Field): number | undefined {
  return number === DIMENSION.value && value !== undefined && value > 0 && value <= 2 ** 32 ? value : undefined
}
