import { NotSerializableError } from '../../http/not-serializable.ts'
import { contentOf } from './metadata.ts'
import type { ModelPlan, TensorPlan } from './plan.ts'
import type { InferRequest } from './read-request.ts'
import { refuseTensors } from './refusal.ts'
import { isElementArray, type NamedTensor, writeElements } from './tensor.ts'

/** An output of a response, and whether its elements are bytes. */
export interface ChosenOutput {
  readonly plan: TensorPlan
  readonly binary: boolean
}

/**
 * The outputs that a request asks for.
 *
 * @throws {RequestError} `invalid_tensor` for one that the model does not have, or twice, and for one that JSON cannot carry.
 */
export function chooseOutputs(
  { outputs: { tensors } }: ModelPlan,
  request: Pick<InferRequest, 'outputs' | 'binary'>,
): readonly ChosenOutput[] {
  const wanted = request.outputs ?? tensors.map(({ name }) => ({ name, binary: undefined }))
  const chosen = wanted.map(({ name, binary = request.binary }, index) => {
    const plan = tensors.find(tensor => tensor.name === name)
    if (plan === undefined) {
      const names = tensors.map(tensor => tensor.name).join(', ')
      throw refuseTensors(`outputs[${index}] is none of the outputs of the model. They are ${names}.`)
    }
    if (!binary && (request.outputs !== undefined || !plan.optional)) refuseJSON(plan)
    return { plan, binary }
  })
  if (new Set(chosen.map(({ plan }) => plan)).size < chosen.length)
    throw refuseTensors('outputs names an output twice.')
  return chosen
}

/** @throws {RequestError} `invalid_tensor` for a datatype that JSON has no form for. */
function refuseJSON({ name, datatype }: Pick<TensorPlan, 'name' | 'datatype'>): void {
  if (datatype !== 'FP16' && datatype !== 'BF16') return
  throw refuseTensors(`${name} is ${datatype}, which JSON has no form for. Ask for it with binary_data.`)
}

/** A response, its parts one after the other: JSON, and the bytes behind it. */
export interface WrittenResponse {
  readonly json: string
  /** None: the response is JSON alone. */
  readonly bytes: readonly Uint8Array[]
}

/** The members of a response besides its outputs. */
export interface ResponseHead {
  readonly model_name: string
  readonly model_version: string
  readonly id?: string
}

/** Writes the outputs that were asked for, each as JSON or as bytes. */
export function writeResponse(
  head: ResponseHead,
  tensors: readonly NamedTensor[],
  chosen: readonly ChosenOutput[],
): WrittenResponse {
  const bytes: Uint8Array[] = []
  const outputs = chosen.flatMap(({ plan, binary }) => {
    const tensor = tensors.find(({ name }) => name === plan.name)
    if (tensor === undefined) return []
    if (!binary) refuseJSON(plan)
    const data = binary ? writeElements(tensor.data) : undefined
    if (data !== undefined) bytes.push(data)
    return [writeTensor(tensor, { plan, size: data?.length })]
  })
  const members = JSON.stringify(head).slice(1, -1)
  return { json: `{${members},"outputs":[${outputs.join(',')}]}`, bytes }
}

function writeTensor(
  tensor: NamedTensor,
  { plan, size }: { readonly plan: TensorPlan; readonly size: number | undefined },
): string {
  const { name, datatype, shape } = tensor
  const parameters = { ...contentOf(plan.layout), ...(size === undefined ? {} : { binary_data_size: size }) }
  const hasParameters = Object.keys(parameters).length > 0
  const members = JSON.stringify({ name, datatype, shape, ...(hasParameters ? { parameters } : {}) }).slice(1, -1)
  return size === undefined ? `{${members},"data":[${writeJSONElements(tensor)}]}` : `{${members}}`
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Elements as JSON, without the brackets; integers of 64 bits with all their digits. */
function writeJSONElements({ name, datatype, data }: NamedTensor): string {
  if (!isElementArray(data)) return data.map(element => JSON.stringify(toText(element, name))).join(',')
  if (datatype === 'BOOL') return Array.from(data as Uint8Array, bit => bit !== 0).join(',')
  const text = data.join(',')
  if (/[NI]/.test(text))
    throw new NotSerializableError(name, `predict returned NaN or Infinity in ${name}, which JSON cannot carry`)
  return text
}

function toText(element: string | Uint8Array, name: string): string {
  if (typeof element === 'string') return element
  try {
    return decoder.decode(element)
  } catch {
    throw new NotSerializableError(name, `predict returned bytes in ${name} that are no text, which JSON cannot carry`)
  }
}
