import type { ElementArray } from '../../schema/element-class.ts'
import type { NumberArrayType } from '../../schema/json-schema.ts'
import { countElements, ELEMENT_ARRAYS } from '../../schema/tensor.ts'
import { isTypedLeaf, type TensorLayout } from '../../schema/tensor-layout.ts'
import { isWidening, toNumbers, widen } from './convert.ts'
import { readText } from './element-text.ts'
import type { ModelPlan, TensorPlan } from './plan.ts'
import { refuseTensors } from './refusal.ts'
import { isElementArray, type NamedTensor, refuseManyValues, type TensorData } from './tensor.ts'

/**
 * The payloads of a request: one, or, of a model that computes many together, as many as the first dimension says.
 *
 * @throws {RequestError} `invalid_tensor` for an input that the model does not have, that is missing, or there twice, and for
 * a datatype, a shape or elements that do not fit it.
 */
export function toPayloads({ inputs, batched }: ModelPlan, tensors: readonly NamedTensor[]): readonly unknown[] {
  const given = byName(tensors, inputs.tensors)
  const values = inputs.tensors.map(plan => ({ plan, tensor: given.get(plan.name) }))
  const rows = batched ? countRows(values) : 1
  const members = values.map(({ plan, tensor }) => ({
    name: plan.name,
    values: readValues(plan, tensor, { rows, batched }),
  }))
  return Array.from({ length: rows }, (_, row) => toPayload(inputs.kind, members, row))
}

interface GivenInput {
  readonly plan: TensorPlan
  /** Undefined: the request leaves it out. */
  readonly tensor: NamedTensor | undefined
}

function byName(tensors: readonly NamedTensor[], plans: readonly TensorPlan[]): ReadonlyMap<string, NamedTensor> {
  const given = new Map<string, NamedTensor>()
  for (const [index, tensor] of tensors.entries()) {
    const plan = plans.find(({ name }) => name === tensor.name)
    if (plan === undefined)
      throw refuseTensors(`inputs[${index}] is none of the inputs of the model. ${namesOf(plans)}`)
    if (given.has(plan.name)) throw refuseTensors(`${plan.name} is there twice.`)
    given.set(plan.name, tensor)
  }
  const missing = plans.find(({ name, optional }) => !optional && !given.has(name))
  if (missing !== undefined) throw refuseTensors(`${missing.name} is missing. ${namesOf(plans)}`)
  return given
}

function namesOf(plans: readonly TensorPlan[]): string {
  return plans.length === 0 ? 'It has none.' : `They are ${plans.map(({ name }) => name).join(', ')}.`
}

/** Each row is a call: as many as are made quickly. */
const MAXIMUM_ROWS = 10_000

/** How many payloads there are: every input has a row for each. */
function countRows(values: readonly GivenInput[]): number {
  const given = values.flatMap(({ tensor }) => tensor ?? [])
  const [first] = given
  const rows = first?.shape[0] ?? 1
  const other = given.find(({ shape }) => shape[0] !== rows)
  if (other !== undefined)
    throw refuseTensors(`${other.name} has ${other.shape[0]} rows, and ${first?.name} has ${rows}.`)
  if (rows === 0) throw refuseTensors('The inputs have no rows.')
  if (rows > MAXIMUM_ROWS) throw refuseTensors(`A request may have ${MAXIMUM_ROWS} rows.`)
  return rows
}

interface Rows {
  readonly rows: number
  readonly batched: boolean
}

/** The value of each row. */
function readValues(plan: TensorPlan, tensor: NamedTensor | undefined, { rows, batched }: Rows): readonly unknown[] {
  if (tensor === undefined) return []
  checkTensor(plan, tensor)
  const data = widen(tensor.data, tensor.datatype, { to: plan.datatype, name: plan.name })
  const shape = batched ? tensor.shape.slice(1) : tensor.shape
  if (!batched) return [readValue(plan, data, shape)]
  const length = countElements(shape)
  return Array.from({ length: rows }, (_, row) => readValue(plan, part(data, row * length, length), shape))
}

function part(data: TensorData, start: number, length: number): TensorData {
  return isElementArray(data) ? data.subarray(start, start + length) : data.slice(start, start + length)
}

/** @throws {RequestError} `invalid_tensor` where a tensor is not what the model takes, or has not as many elements as it says. */
export function checkTensor(plan: TensorPlan, { name, datatype, shape, data }: NamedTensor): void {
  if (!isWidening(datatype, plan.datatype)) throw refuseTensors(`${name} must be ${plan.datatype}, and is ${datatype}.`)
  const fits =
    shape.length === plan.shape.length && plan.shape.every((size, axis) => size === -1 || size === shape[axis])
  if (!fits)
    throw refuseTensors(`${name} must have the shape [${plan.shape.join(', ')}], and has [${shape.join(', ')}].`)
  const count = countElements(shape)
  if (count === 0 && shape.some(size => size > MAXIMUM_ROWS))
    throw refuseTensors(`${name} has no elements, and a dimension past ${MAXIMUM_ROWS}.`)
  if (data.length !== count) throw refuseTensors(`${name} has ${data.length} elements, and its shape says ${count}.`)
  refuseManyValues(name, countValues(plan, shape))
}

/** How many values a tensor becomes. */
function countValues({ datatype, layout }: TensorPlan, shape: readonly number[]): number {
  const typedFrom = layout.kind === 'array' && isTypedLeaf(layout.leaf) ? layout.depth : shape.length
  const isTyped = layout.kind === 'tensor' && ELEMENT_ARRAYS[datatype] !== undefined && datatype !== 'BOOL'
  return isTyped ? 0 : countElements(shape.slice(0, typedFrom))
}

function readValue({ name, datatype, layout }: TensorPlan, data: TensorData, shape: readonly number[]): unknown {
  if (layout.kind === 'json') return readJSON(readText(data, name)[0] ?? '', name)
  if (layout.kind === 'tensor') return { datatype, shape: [...shape], data: tensorData(data, datatype, name) }
  const elements = toLeaves(data, { name, datatype, layout })
  if (layout.depth === 0) return isTypedLeaf(layout.leaf) ? elements : elements[0]
  return nest(elements, shape, layout)
}

function readJSON(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refuseTensors(`${name} is a value as JSON, and its text is not JSON.`)
  }
}

/** The data of a `Tensor`. */
function tensorData(data: TensorData, datatype: TensorPlan['datatype'], name: string): unknown {
  if (!isElementArray(data)) return readText(data, name)
  return datatype === 'BOOL' ? toBooleans(data) : data
}

type ArrayLayout = TensorLayout & { readonly kind: 'array' }

/** A row of elements in the class that predict takes. */
type Leaves = readonly unknown[] | ElementArray | Uint8ClampedArray

function toLeaves(
  data: TensorData,
  { name, datatype, layout: { leaf } }: Pick<TensorPlan, 'name' | 'datatype'> & { readonly layout: ArrayLayout },
): Leaves {
  if (!isElementArray(data)) return leaf === 'bytes' ? toBytes(data) : readText(data, name)
  switch (leaf) {
    case 'boolean':
      return toBooleans(data)
    case 'bigint':
    case 'number':
      return toScalars(toNumbers(data, datatype), leaf)
    default:
      return toClass(data, datatype, leaf)
  }
}

const encoder = new TextEncoder()

function toBytes(data: readonly (string | Uint8Array)[]): readonly Uint8Array[] {
  return data.map(element => (typeof element === 'string' ? encoder.encode(element) : element))
}

function toBooleans(data: ElementArray): readonly boolean[] {
  return Array.from(data as Uint8Array, bit => bit === 1)
}

function toScalars(data: ElementArray, leaf: 'number' | 'bigint'): readonly (number | bigint | string)[] {
  if (!(data instanceof BigInt64Array || data instanceof BigUint64Array)) return Array.from(data)
  return leaf === 'bigint' ? Array.from(data) : Array.from(data, Number)
}

const OTHER_CLASSES = { Uint8ClampedArray, Float32Array, Float64Array }

/** Nothing to do but for floats that travel as others, and the class whose datatype is that of bytes. */
function toClass(data: ElementArray, datatype: TensorPlan['datatype'], leaf: NumberArrayType | string): Leaves {
  if (leaf === 'Uint8ClampedArray')
    return new OTHER_CLASSES.Uint8ClampedArray(data.buffer, data.byteOffset, data.length)
  if (leaf !== 'Float32Array' && leaf !== 'Float64Array') return data
  const numbers = toNumbers(data, datatype)
  return numbers.constructor.name === leaf ? numbers : OTHER_CLASSES[leaf].from(numbers as Float64Array)
}

/** Elements in a row as arrays in arrays; the innermost are typed where the leaf is. */
function nest(elements: Leaves, shape: readonly number[], layout: ArrayLayout): unknown {
  const innermost = isTypedLeaf(layout.leaf) ? 0 : 1
  // One array, of any shape: the elements in a row.
  if (layout.depth === 1 && innermost === 1) return elements
  return nestAt(elements, shape, { axis: 0, start: 0, last: layout.depth - innermost })
}

interface Level {
  readonly axis: number
  readonly start: number
  /** The axis of the innermost arrays. */
  readonly last: number
}

function nestAt(elements: Leaves, shape: readonly number[], { axis, start, last }: Level): unknown {
  const step = countElements(shape.slice(axis + 1))
  if (axis === last) {
    const end = start + (shape[axis] ?? 0)
    return ArrayBuffer.isView(elements) ? elements.subarray(start, end) : elements.slice(start, end)
  }
  return Array.from({ length: shape[axis] ?? 0 }, (_, index) =>
    nestAt(elements, shape, { axis: axis + 1, start: start + index * step, last }),
  )
}

interface NamedValues {
  readonly name: string
  /** Empty: left out. */
  readonly values: readonly unknown[]
}

function toPayload(kind: ModelPlan['inputs']['kind'], members: readonly NamedValues[], row: number): unknown {
  if (kind === 'none') return undefined
  if (kind === 'value') return members[0]?.values[row]
  return Object.fromEntries(
    members.filter(({ values }) => values.length > 0).map(({ name, values }) => [name, values[row]]),
  )
}
