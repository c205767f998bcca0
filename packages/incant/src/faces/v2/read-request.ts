import { RequestError } from '../../errors/request-error.ts'
import { type JSONLimits, parseJSON } from '../../http/parse-json.ts'
import type { HeaderReader } from '../../http/request-source.ts'
import { type CutArray, releaseArrays } from '../../json/cut-arrays.ts'
import { asBuffer } from '../../json/json-bytes.ts'
import { countElements, findDatatype } from '../../schema/tensor.ts'
import { isObject } from '../../validation/json-types.ts'
import { ARRAY, cutData } from './cut-data.ts'
import { readJSONElements } from './json-elements.ts'
import { refuseTensors } from './refusal.ts'
import { type NamedTensor, readElements } from './tensor.ts'

/** An output that a request asks for. */
export interface WantedOutput {
  readonly name: string
  /** Whether its elements are to be bytes. Undefined: as the request says of all. */
  readonly binary: boolean | undefined
}

/** A request for inference, its tensors read. */
export interface InferRequest {
  readonly id: string | undefined
  readonly inputs: readonly NamedTensor[]
  /** Undefined: all of them. */
  readonly outputs: readonly WantedOutput[] | undefined
  /** Whether outputs are bytes where they do not say so themselves. */
  readonly binary: boolean
}

/** The header that says how long the JSON before the binary tensors is. */
export const HEADER_LENGTH = 'Inference-Header-Content-Length'

/** The elements of tensors are not among what these limit. */
const LIMITS: JSONLimits = { maxJsonDepth: 32, strictJson: false, maxJsonMembers: 10_000, maxJsonItems: 10_000 }

/** Bytes of JSON that a request may have beside the data of its tensors: what is parsed in one turn of the event loop. */
const MAXIMUM_HEAD = 1024 ** 2

type Members = Readonly<Record<string, unknown>>

/**
 * Reads a request for inference: JSON, and behind it the elements of those tensors that are binary, one after the other.
 *
 * @throws {RequestError} `invalid_tensor` for every length, name and number that is not what it should be; the errors of JSON.
 */
export async function readInferRequest(body: Uint8Array, headers: HeaderReader): Promise<InferRequest> {
  const length = headerLength(headers.get(HEADER_LENGTH), body.length)
  const json = body.subarray(0, length)
  const { head, arrays } = await cutData(json)
  const document = parseHead(head)
  const binary = new BinaryPart(arrays.length === 0 ? alignBinary(body, length) : body.subarray(length))
  const inputs: NamedTensor[] = []
  for (const [index, input] of listOf(document['inputs'], 'inputs').entries())
    inputs.push(await readInput(input, { place: `inputs[${index}]`, json, arrays, binary }))
  binary.end()
  releaseArrays(arrays)
  const parameters = parametersOf(document, 'The request')
  refuseSequences(parameters)
  return {
    id: textOf(document['id'], 'id'),
    inputs,
    outputs: document['outputs'] === undefined ? undefined : readOutputs(document['outputs']),
    binary: flagOf(parameters['binary_data_output'], 'binary_data_output') ?? false,
  }
}

function headerLength(text: string | null, bytes: number): number {
  if (text === null) return bytes
  const length = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (length <= bytes) return length
  throw refuseTensors(`${HEADER_LENGTH} must be the number of bytes of the JSON, at most the ${bytes} of the body.`)
}

/** The places in messages are not those of the body, since its data is cut out: there are none in them. */
function parseHead(head: Uint8Array): Members {
  if (head.length > MAXIMUM_HEAD)
    throw new RequestError('body_too_large', {
      detail: 'A request may have 1 MiB of JSON beside the data of its tensors.',
    })
  try {
    const document = parseJSON(asBuffer(head), LIMITS)
    if (isObject(document)) return document
  } catch (thrown) {
    if (RequestError.is(thrown) && thrown.code === 'invalid_json')
      throw new RequestError('invalid_json', { detail: 'The request must be JSON.' })
    throw thrown
  }
  throw refuseTensors('The request must be a JSON object with inputs.')
}

/** Bytes that the elements of every datatype may begin at a multiple of. */
const ALIGNMENT = 8

/**
 * The bytes behind the JSON, moved to where elements may lie: over the end of the JSON, which is read already, unless it has
 * data. So tensors are views of the body, and nothing of it is copied to other memory.
 */
function alignBinary(body: Uint8Array, start: number): Uint8Array {
  const excess = (body.byteOffset + start) % ALIGNMENT
  if (excess === 0 || excess > start) return body.subarray(start)
  body.copyWithin(start - excess, start)
  return body.subarray(start - excess, body.length - excess)
}

/** The bytes behind the JSON. */
class BinaryPart {
  readonly #bytes: Uint8Array
  #offset = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  take(size: number, name: string): Uint8Array {
    const left = this.#bytes.length - this.#offset
    if (size > left)
      throw refuseTensors(`binary_data_size of ${name} is ${size}, and ${left} bytes are left of the body.`)
    this.#offset += size
    return this.#bytes.subarray(this.#offset - size, this.#offset)
  }

  /** @throws {RequestError} `invalid_tensor` where bytes are left over. */
  end(): void {
    const left = this.#bytes.length - this.#offset
    if (left > 0) throw refuseTensors(`${left} bytes of the body belong to no input.`)
  }
}

interface InputSource {
  /** For messages: `inputs[0]`. */
  readonly place: string
  readonly json: Uint8Array
  readonly arrays: readonly CutArray[]
  readonly binary: BinaryPart
}

async function readInput(input: unknown, { place, json, arrays, binary }: InputSource): Promise<NamedTensor> {
  if (!isObject(input)) throw refuseTensors(`${place} must be an object.`)
  const { name, shape } = input
  const datatype = findDatatype(input['datatype'])
  if (typeof name !== 'string') throw refuseTensors(`${place}.name must be a string.`)
  if (datatype === undefined) throw refuseTensors(`${place}.datatype must be a datatype of the protocol, such as FP32.`)
  if (!isShape(shape)) throw refuseTensors(`${place}.shape must be an array of whole numbers, 0 or more.`)
  const tensor = { name: place, datatype, shape, count: countElements(shape) }
  const size = parametersOf(input, place)['binary_data_size']
  const array = arrays[Number(input[ARRAY] ?? -1)]
  if ((size === undefined) === (array === undefined))
    throw refuseTensors(`${place} must have either data, an array, or binary_data_size.`)
  if (array !== undefined) return { name, datatype, shape, data: await readJSONElements(json, array, tensor) }
  if (!isSize(size)) throw refuseTensors(`${place}.parameters.binary_data_size must be a whole number, 0 or more.`)
  return { name, datatype, shape, data: readElements(datatype, binary.take(size, place), tensor) }
}

function isShape(shape: unknown): shape is readonly number[] {
  return Array.isArray(shape) && shape.every(isSize) && Number.isSafeInteger(countElements(shape))
}

function isSize(size: unknown): size is number {
  return Number.isSafeInteger(size) && (size as number) >= 0
}

function readOutputs(outputs: unknown): readonly WantedOutput[] {
  return listOf(outputs, 'outputs').map((output, index) => {
    const place = `outputs[${index}]`
    if (!isObject(output)) throw refuseTensors(`${place} must be an object.`)
    const name = textOf(output['name'], `${place}.name`)
    if (name === undefined) throw refuseTensors(`${place}.name must be a string.`)
    const parameters = parametersOf(output, place)
    if (parameters['classification'] !== undefined)
      throw refuseTensors(`${place} asks for the extension classification, which this server does not have.`)
    return { name, binary: flagOf(parameters['binary_data'], `${place}.parameters.binary_data`) }
  })
}

function listOf(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw refuseTensors(`${name} must be an array.`)
}

function parametersOf({ parameters = {} }: Members, place: string): Members {
  if (isObject(parameters)) return parameters
  throw refuseTensors(`${place} has parameters that are no object.`)
}

/** Parameters that a stateless call cannot have: those of sequences of calls. */
function refuseSequences(parameters: Members): void {
  const name = ['sequence_id', 'sequence_start', 'sequence_end'].find(parameter => parameters[parameter])
  if (name !== undefined) throw refuseTensors(`The request has ${name}, and this server has no sequences of requests.`)
}

function textOf(value: unknown, name: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  throw refuseTensors(`${name} must be a string.`)
}

function flagOf(value: unknown, name: string): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value
  throw refuseTensors(`${name} must be true or false.`)
}
