import type { TensorDatatype } from '../../predictor/tensor.ts'
import { refuseTensors } from '../v2/refusal.ts'
import { makeElements, type TensorData } from '../v2/tensor.ts'
import type { TensorContents } from './messages.ts'

type ContentsField = keyof TensorContents

/** The field that has the elements of a datatype. Those of 16 bits are sent raw alone. */
const FIELDS: { readonly [Datatype in TensorDatatype]: ContentsField | undefined } = {
  BOOL: 'bool_contents',
  INT8: 'int_contents',
  INT16: 'int_contents',
  INT32: 'int_contents',
  INT64: 'int64_contents',
  UINT8: 'uint_contents',
  UINT16: 'uint_contents',
  UINT32: 'uint_contents',
  UINT64: 'uint64_contents',
  FP16: undefined,
  BF16: undefined,
  FP32: 'fp32_contents',
  FP64: 'fp64_contents',
  BYTES: 'bytes_contents',
}

/** The input that contents belong to. */
interface Place {
  readonly name: string
  readonly datatype: TensorDatatype
}

/**
 * The elements of an input whose message has them in fields.
 *
 * @throws {RequestError} `invalid_tensor` where they are in the field of another datatype, or are none of theirs.
 */
export function readContents(contents: TensorContents, { name, datatype }: Place): TensorData {
  const field = FIELDS[datatype]
  if (field === undefined) throw refuseTensors(`${name} is ${datatype}, which is sent in raw_input_contents.`)
  const other = Object.keys(contents).find(each => each !== field)
  if (other !== undefined) throw refuseTensors(`${name} is ${datatype}, whose contents are ${field}, and has ${other}.`)
  const values = contents[field]
  if (values === undefined) return datatype === 'BYTES' ? [] : makeElements(datatype, 0)
  if (values instanceof Int32Array || values instanceof Uint32Array) return narrow(values, { name, datatype })
  return values
}

/** Numbers of 8 and 16 bits come in fields of 32. */
function narrow(values: Int32Array | Uint32Array, { name, datatype }: Place): TensorData {
  const narrowed = makeElements(datatype, values.length)
  if (narrowed.constructor === values.constructor) return values
  // Both are of numbers that are no `bigint`.
  const numbers = narrowed as Int8Array
  numbers.set(values)
  if (values.some((value, index) => value !== numbers[index]))
    throw refuseTensors(`${name} is ${datatype}, and has a number past its bounds.`)
  return narrowed
}
