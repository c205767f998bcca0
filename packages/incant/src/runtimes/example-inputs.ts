import { countElements } from '../schema/tensor.ts'
import { type Fillable, makeElements, makeTensor } from './elements.ts'
import type { ModelTensor, NamedTensors } from './runtime.ts'

/** Elements of one input at most, so that a warm-up takes no gigabytes. */
const MOST_ELEMENTS = 4_000_000

/** Inputs of a size for every free dimension but the first, which is one row. Undefined where they would be too large. */
export function exampleInputs(inputs: readonly ModelTensor[], size: number, seed: number): NamedTensors | undefined {
  const random = makeRandom(seed)
  const entries = inputs.map(({ name, datatype, shape = [] }) => {
    const sizes = shape.map((given, axis) => (typeof given === 'number' ? given : axis === 0 ? 1 : size))
    const count = countElements(sizes)
    if (count > MOST_ELEMENTS) return undefined
    const data = makeElements(datatype, count)
    if (datatype !== 'BYTES') fillWith(data, datatype === 'BOOL', random)
    return [name, makeTensor(datatype, sizes, data)] as const
  })
  const known = entries.filter(entry => entry !== undefined)
  return known.length === entries.length ? Object.fromEntries(known) : undefined
}

/** Floats between 0 and 1, and integers that are 0 or 1: as indexes, most models have these two. */
function fillWith(data: Fillable, isBoolean: boolean, random: () => number): void {
  const isFloat = data instanceof Float32Array || data instanceof Float64Array
  const isBig = data instanceof BigInt64Array || data instanceof BigUint64Array
  for (let index = 0; index < data.length; index += 1) {
    const value = random()
    const bit = value < 0.5 ? 0 : 1
    data[index] = isFloat ? value : isBig ? BigInt(bit) : isBoolean ? bit === 1 : bit
  }
}

/** The same numbers for the same seed, from 0 to 1. */
function makeRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state / 2 ** 31
  }
}
