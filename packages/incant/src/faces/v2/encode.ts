import { NotSerializableError } from '../../http/not-serializable.ts'
import { toJSON } from '../../http/to-json.ts'
import { type ElementArray, elementClass } from '../../schema/element-class.ts'
import { countElements } from '../../schema/tensor.ts'
import { isTypedLeaf } from '../../schema/tensor-layout.ts'
import { fromNumbers } from './convert.ts'
import type { ModelPlan, TensorPlan } from './plan.ts'
import { isElementArray, makeElements, type NamedTensor, type TensorData } from './tensor.ts'

/**
 * The outputs of a request: of one result, or, of a model that computes many together, of as many as there were payloads.
 *
 * @throws {NotSerializableError} Where a result is not what its type says, or rows have different shapes.
 */
export function toTensors({ outputs, batched }: ModelPlan, results: readonly unknown[]): readonly NamedTensor[] {
  return outputs.tensors.flatMap(plan => {
    const values = results.map(result => (outputs.kind === 'members' ? memberOf(result, plan.name) : result))
    if (plan.optional && values.every(value => value === undefined)) return []
    const row = batched ? { ...plan, shape: plan.shape.slice(1) } : plan
    const elements = values.map(value => toElements(row, value))
    const [first] = elements
    if (first === undefined) return []
    const { shape, data } = batched ? joinRows(row, elements) : first
    return [{ name: plan.name, datatype: plan.datatype, shape, data }]
  })
}

function memberOf(result: unknown, name: string): unknown {
  const isObject = typeof result === 'object' && result !== null
  return isObject && Object.hasOwn(result, name) ? (result as Readonly<Record<string, unknown>>)[name] : undefined
}

/** A value as elements, and the shape that they have. */
interface Elements {
  readonly shape: readonly number[]
  readonly data: TensorData
}

function joinRows(plan: TensorPlan, rows: readonly Elements[]): Elements {
  const [first] = rows
  if (rows.some(row => row.shape.join() !== first?.shape.join())) throw mismatch(plan, 'rows of different shapes')
  const parts = rows.map(({ data }) => data)
  const data = parts.every(isElementArray)
    ? joinArrays(plan, parts)
    : parts.flatMap(part => (isElementArray(part) ? [] : part))
  return { shape: [rows.length, ...(first?.shape ?? [])], data }
}

function joinArrays({ datatype }: TensorPlan, parts: readonly ElementArray[]): ElementArray {
  const [first, ...others] = parts
  if (first !== undefined && others.length === 0) return first
  const joined = makeElements(
    datatype,
    parts.reduce((sum, { length }) => sum + length, 0),
  )
  let offset = 0
  for (const part of parts) {
    // All of them are of the class of the datatype.
    joined.set(part as never, offset)
    offset += part.length
  }
  return joined
}

function mismatch({ name }: TensorPlan, found: string): NotSerializableError {
  return new NotSerializableError(name, `predict returned ${found} as ${name}, which is no tensor of its type`)
}

function toElements(plan: TensorPlan, value: unknown): Elements {
  const { layout } = plan
  if (value === undefined || (value === null && layout.kind !== 'json')) throw mismatch(plan, 'nothing')
  if (layout.kind === 'json') return { shape: plan.shape, data: [toJSON(value)] }
  return layout.kind === 'tensor' ? ofTensor(plan, value) : ofArray({ ...plan, layout }, value)
}

interface ReturnedTensor {
  readonly shape: readonly number[]
  readonly data: TensorData | readonly boolean[]
}

function ofTensor(plan: TensorPlan, value: unknown): Elements {
  if (!isTensor(value)) throw mismatch(plan, 'no Tensor')
  const { shape, data } = value
  if (countElements(shape) !== data.length)
    throw mismatch(plan, `${data.length} elements with the shape [${shape.join(', ')}]`)
  return { shape, data: ofClass(plan, data) }
}

function isTensor(value: unknown): value is ReturnedTensor {
  const { shape, data }: { readonly shape?: unknown; readonly data?: unknown } =
    typeof value === 'object' && value !== null ? value : {}
  return Array.isArray(shape) && shape.every(Number.isSafeInteger) && (Array.isArray(data) || ArrayBuffer.isView(data))
}

/** Elements in the class of the datatype, those that are in it as they are. */
function ofClass(plan: TensorPlan, data: ArrayLike<unknown>): TensorData {
  const { datatype } = plan
  if (datatype === 'BYTES') return data as readonly (string | Uint8Array)[]
  const isBits = (datatype === 'FP16' || datatype === 'BF16') && data instanceof Uint16Array
  const isSame = isBits || (datatype !== 'FP16' && datatype !== 'BF16' && data.constructor === elementClass(datatype))
  if (isSame) return data as ElementArray
  if (data instanceof Uint8ClampedArray) return new Uint8Array(data.buffer, data.byteOffset, data.length)
  return fromNumbers(data as ArrayLike<number>, datatype)
}

type ArrayPlan = TensorPlan & { readonly layout: { readonly kind: 'array' } }

function ofArray(plan: ArrayPlan, value: unknown): Elements {
  const { leaf, depth } = plan.layout
  const items = depth === 0 ? [value] : flatten(plan, value, depth)
  const isRows = isTypedLeaf(leaf)
  if (isRows && !items.every(item => ArrayBuffer.isView(item))) throw mismatch(plan, 'something else')
  const data = isRows
    ? joinArrays(
        plan,
        items.map(item => toArray(plan, item)),
      )
    : ofClass(plan, items)
  const natural = shapeOf(value, isRows ? depth + 1 : depth)
  if (countElements(natural) !== data.length) throw mismatch(plan, 'arrays of different lengths')
  return { shape: writtenShape(plan, natural, data.length), data }
}

function flatten(plan: TensorPlan, value: unknown, depth: number): readonly unknown[] {
  if (!Array.isArray(value)) throw mismatch(plan, 'something else')
  return depth === 1 ? value : value.flat(depth - 1)
}

function toArray(plan: TensorPlan, item: unknown): ElementArray {
  // Of a datatype that is not BYTES, which no typed array travels as.
  return ofClass(plan, item as ArrayLike<unknown>) as ElementArray
}

/** The lengths of the first array of each level. A single value has none. */
function shapeOf(value: unknown, depth: number): readonly number[] {
  if (depth === 0) return []
  const { length } = value as ArrayLike<unknown>
  return [
    length,
    ...(depth === 1
      ? []
      : length === 0
        ? Array(depth - 1).fill(0)
        : shapeOf((value as ArrayLike<unknown>)[0], depth - 1)),
  ]
}

/** The shape of the plan, its free dimensions filled in. */
function writtenShape(plan: TensorPlan, natural: readonly number[], count: number): readonly number[] {
  const { shape } = plan
  if (shape.length === natural.length) {
    if (shape.every((size, axis) => size === -1 || size === natural[axis])) return natural
    throw mismatch(plan, `the shape [${natural.join(', ')}]`)
  }
  const others = countElements(shape.filter(size => size !== -1))
  const free = shape.filter(size => size === -1).length
  const size = count / others
  if (free > 1 || !Number.isInteger(size) || (free === 0 && size !== 1))
    throw mismatch(plan, `${count} elements for the shape [${shape.join(', ')}]`)
  return shape.map(written => (written === -1 ? size : written))
}
