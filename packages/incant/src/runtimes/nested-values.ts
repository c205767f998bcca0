import type { ValidationIssue } from '../errors/issue.ts'
import { countElements } from '../schema/tensor.ts'
import { copyElements, type Fillable, makeElements, makeTensor } from './elements.ts'
import type { AnyTensor, ModelTensor } from './runtime.ts'
import { toSizes } from './tensor-schema.ts'

/** Arrays in arrays, the innermost of which may be typed, or a single value. */
type Nested = unknown

/** Lists that are not all of the same length. */
export class UnevenError extends Error {
  override readonly name = 'UnevenError'
  readonly issue: ValidationIssue

  constructor(issue: ValidationIssue) {
    super(issue.detail)
    this.issue = issue
  }
}

/**
 * A tensor of arrays in arrays.
 *
 * @throws {UnevenError} where arrays of one dimension are of different lengths.
 */
export function fromNested({ name, datatype, shape = [] }: ModelTensor, value: Nested): AnyTensor {
  const sizes = measure(value, toSizes(shape))
  const data = makeElements(datatype, countElements(sizes))
  const isBig = data instanceof BigInt64Array || data instanceof BigUint64Array
  fill(value, { sizes, data, isBig, axis: 0, start: 0, pointer: `#/${escapeName(name)}` })
  return makeTensor(datatype, sizes, data)
}

/** The name of a member in a JSON Pointer (RFC 6901 §3). */
export function escapeName(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** The sizes as the first array of each dimension has them. Below an empty one there is none: the size that is fixed, or 0. */
function measure(value: Nested, shape: readonly number[]): readonly number[] {
  let inner = value
  return shape.map(size => {
    if (!isList(inner)) return Math.max(0, size)
    const { length } = inner
    inner = inner[0]
    return length
  })
}

interface Filling {
  readonly sizes: readonly number[]
  readonly data: Fillable
  /** Whether the elements are bigints. */
  readonly isBig: boolean
  readonly axis: number
  readonly start: number
  readonly pointer: string
}

function fill(value: Nested, filling: Filling): void {
  const { sizes, data, isBig, axis, start, pointer } = filling
  const size = sizes[axis]
  if (size === undefined) {
    data[start] = isBig ? BigInt(Number(value)) : value
    return
  }
  if (!isList(value) || value.length !== size)
    throw new UnevenError({
      pointer,
      detail: `must have ${size} item${size === 1 ? '' : 's'}, as the first of this dimension has`,
    })
  if (axis === sizes.length - 1 && !isBig) {
    copyElements(value, data, start)
    return
  }
  const step = countElements(sizes.slice(axis + 1))
  for (let index = 0; index < size; index += 1)
    fill(value[index], { ...filling, axis: axis + 1, start: start + index * step, pointer: `${pointer}/${index}` })
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value)
}
