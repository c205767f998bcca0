import { countElements } from '../schema/tensor.ts'
import { joinElements, makeElements, makeTensor } from './elements.ts'
import type { AnyTensor, ModelDescription, NamedTensors } from './runtime.ts'

/** Whether each input and output has a first dimension of any size, in which payloads of several callers can be put. */
export function hasRows({ inputs, outputs }: Pick<ModelDescription, 'inputs' | 'outputs'>): boolean {
  return inputs.length > 0 && [...inputs, ...outputs].every(({ shape }) => typeof shape?.[0] === 'string')
}

/** How many rows all tensors have; undefined where they do not have the same number. */
export function countRows(tensors: NamedTensors): number | undefined {
  const counts = new Set(Object.values(tensors).map(({ shape }) => shape[0]))
  const [count] = counts
  return counts.size === 1 ? count : undefined
}

/** The key of payloads that can be computed together: the sizes of all dimensions but the first. */
export function shapeKey(tensors: NamedTensors): string {
  return Object.entries(tensors)
    .map(([name, { shape }]) => `${name}:${shape.slice(1).join(',')}`)
    .join(' ')
}

/** The rows of several payloads of one {@link shapeKey}, one after the other. */
export function joinRows(payloads: readonly NamedTensors[]): NamedTensors {
  const [first = {}] = payloads
  return Object.fromEntries(
    Object.entries(first).map(([name, { datatype, shape }]) => {
      const parts = payloads.flatMap(payload => payload[name] ?? [])
      const rows = parts.reduce((sum, part) => sum + (part.shape[0] ?? 0), 0)
      const data = joinElements(
        datatype,
        parts.map(part => part.data),
      )
      return [name, makeTensor(datatype, [rows, ...shape.slice(1)], data)]
    }),
  )
}

/**
 * The results of each payload, by its number of rows. Undefined where a result has another number of rows than all payloads
 * together.
 */
export function splitRows(results: NamedTensors, counts: readonly number[]): readonly NamedTensors[] | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (Object.values(results).some(({ shape }) => shape[0] !== total)) return undefined
  let start = 0
  return counts.map(count => {
    const from = start
    start += count
    return Object.fromEntries(
      Object.entries(results).map(([name, tensor]) => [name, takeRows(tensor, from, count)] as const),
    )
  })
}

/** A copy: the rows of one caller keep no others in memory. */
function takeRows({ datatype, shape, data }: AnyTensor, start: number, count: number): AnyTensor {
  const rest = shape.slice(1)
  const step = countElements(rest)
  const part = makeElements(datatype, count * step)
  for (let index = 0; index < part.length; index += 1) part[index] = data[start * step + index]
  return makeTensor(datatype, [count, ...rest], part)
}
