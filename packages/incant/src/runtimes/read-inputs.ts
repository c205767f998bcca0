import type { ValidationIssue } from '../errors/issue.ts'
import { RequestError } from '../errors/request-error.ts'
import { countElements } from '../schema/tensor.ts'
import { formatTensor } from './model-signature.ts'
import { escapeName, fromNested, UnevenError } from './nested-values.ts'
import type { AnyTensor, ModelTensor, NamedTensors } from './runtime.ts'

/**
 * The tensors of a payload, whose members are tensors or arrays in arrays.
 *
 * @throws {RequestError} `invalid_payload`, with the member that does not fit the model.
 */
export function readInputs(inputs: readonly ModelTensor[], payload: object): NamedTensors {
  const sizes = new Map<string, number>()
  const tensors = inputs.map(input => {
    const tensor = readInput(input, Reflect.get(payload, input.name))
    checkShape(input, tensor, sizes)
    return [input.name, tensor] as const
  })
  return Object.fromEntries(tensors)
}

function readInput(input: ModelTensor, value: unknown): AnyTensor {
  if (isTensor(value)) return value
  if (value === undefined) throw misfit(input.name, 'is required')
  try {
    return fromNested(input, value)
  } catch (thrown) {
    throw thrown instanceof UnevenError ? refuse(thrown.issue) : thrown
  }
}

function isTensor(value: unknown): value is AnyTensor {
  return typeof value === 'object' && value !== null && 'datatype' in value && 'shape' in value && 'data' in value
}

/** Dimensions of one name have one size. */
function checkShape(input: ModelTensor, { datatype, shape, data }: AnyTensor, sizes: Map<string, number>): void {
  const { name, shape: expected = shape } = input
  if (datatype !== input.datatype) throw misfit(name, `must be ${input.datatype}`)
  const fits = expected.every((size, axis) => typeof size === 'string' || size === shape[axis])
  if (!fits || expected.length !== shape.length) throw misfit(name, `must be ${formatTensor(input)}`)
  if (countElements(shape) !== data.length) throw misfit(name, 'must have as many elements as its shape says')
  for (const [axis, dimension] of expected.entries()) {
    const size = shape[axis] ?? 0
    if (typeof dimension !== 'string' || dimension === '') continue
    const known = sizes.get(dimension) ?? size
    if (known !== size)
      throw misfit(name, `must have the same size of the dimension ${dimension} as the inputs before it`)
    sizes.set(dimension, size)
  }
}

function misfit(name: string, detail: string): RequestError {
  return refuse({ pointer: `#/${escapeName(name)}`, detail })
}

function refuse(issue: ValidationIssue): RequestError {
  return new RequestError('invalid_payload', {
    detail: 'The payload does not match what the model takes.',
    issues: [issue],
  })
}
