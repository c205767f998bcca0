import { countElements, findDatatype, TENSOR_DATATYPES } from '../../schema/tensor.ts'
import { refuseTensors } from '../v2/refusal.ts'
import { type NamedTensor, readElements } from '../v2/tensor.ts'
import { readContents } from './contents.ts'
import { MOST_VALUES, tooManyValues } from './exchange-message.ts'
import type { InferTensor, ModelInferRequest } from './messages.ts'

/**
 * The inputs of a request: all of them raw, or all of them in fields.
 *
 * @throws {RequestError} `invalid_tensor`
 */
export function readInputs({ inputs = [], raw_input_contents: raw = [] }: ModelInferRequest): readonly NamedTensor[] {
  if (raw.length > 0 && raw.length !== inputs.length)
    throw refuseTensors(`raw_input_contents has ${raw.length} entries, and there are ${inputs.length} inputs.`)
  return inputs.map((input, index) => readInput(input, raw[index], index))
}

function readInput(input: InferTensor, raw: Uint8Array | undefined, index: number): NamedTensor {
  const { name = '', contents } = input
  const datatype = findDatatype(input.datatype)
  if (datatype === undefined)
    throw refuseTensors(`inputs[${index}] has no datatype of the protocol. They are ${TENSOR_DATATYPES.join(', ')}.`)
  const shape = readShape(input, index)
  if (raw === undefined) return { name, datatype, shape, data: readContents(contents ?? {}, { name, datatype }) }
  if (contents !== undefined && Object.keys(contents).length > 0)
    throw refuseTensors(`inputs[${index}] has contents, and there are raw_input_contents. Send one of both.`)
  const count = countElements(shape)
  // Each of them is read by itself.
  if (datatype === 'BYTES' && count > MOST_VALUES) throw tooManyValues()
  return { name, datatype, shape, data: readElements(datatype, raw, { name: `inputs[${index}]`, count }) }
}

/** Dimensions beyond this are none, as no message is as long. */
const MOST = 2n ** 32n

function readShape({ shape }: InferTensor, index: number): readonly number[] {
  const sizes = Array.from(shape ?? [])
  if (sizes.some(size => size < 0n || size > MOST))
    throw refuseTensors(`inputs[${index}] has a dimension that is no size.`)
  const numbers = sizes.map(Number)
  if (!Number.isSafeInteger(countElements(numbers))) throw refuseTensors(`inputs[${index}] has too large a shape.`)
  return numbers
}
