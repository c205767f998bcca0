import type { LogFields } from '../../src/log/logger.ts'
import type { ServeInternals } from '../../src/node/serve-options.ts'
import { BasePredictor, type PredictorClass } from '../../src/predictor/base-predictor.ts'
import type { PredictSignature } from '../../src/signature/signature.ts'
import { signatureOf, TYPES } from '../faces/v2/_model.ts'
import { type LoggedLine, served } from '../node/_served.ts'
import { type Called, type CallOptions, clientOf } from './_client.ts'
import { read, write } from './_protobuf.ts'

export const SERVICE = '/inference.GRPCInferenceService'
export const INFER: string = `${SERVICE}/ModelInfer`

interface Numbers {
  readonly INPUT0: Int32Array
  readonly INPUT1: Int32Array
}

/** Triton's model `simple`: sums and differences. */
export class Simple extends BasePredictor {
  predict({ INPUT0, INPUT1 }: Numbers): object {
    return {
      OUTPUT0: INPUT0.map((value, at) => value + (INPUT1[at] ?? 0)),
      OUTPUT1: INPUT0.map((value, at) => value - (INPUT1[at] ?? 0)),
    }
  }
}

const { int32 } = TYPES

export const SIMPLE: PredictSignature = signatureOf(
  { INPUT0: int32, INPUT1: int32 },
  { OUTPUT0: int32, OUTPUT1: int32 },
)

/** One input of floats, one output of them. */
export const FLOATS: PredictSignature = signatureOf({ x: TYPES.floats }, { y: TYPES.floats })

/** Calls with what protobufjs writes, and reads. */
export interface InferClient {
  /** A call of `ModelInfer`, by default of `simple`. */
  infer(request?: object, options?: CallOptions): Promise<Inferred>
  ask(method: string, request?: object, options?: CallOptions): Promise<Inferred>
}

export interface Inferred extends Omit<Called, 'message'> {
  readonly message: unknown
}

/** A client that knows the messages. */
export function inferClient(...where: Parameters<typeof clientOf>): InferClient {
  const { call } = clientOf(...where)
  const ask: InferClient['ask'] = async (method, request = {}, options = {}) => {
    const called = await call(`${SERVICE}/${method}`, write(`${method}Request`, request), options)
    return { ...called, message: called.message && read(`${method}Response`, called.message) }
  }
  return { ask, infer: (request = {}, options = {}) => ask('ModelInfer', { ...REQUEST, ...request }, options) }
}

/** Bytes of numbers as they travel raw. */
export function rawOf(numbers: Int32Array | Float32Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
}

const INPUTS = ['INPUT0', 'INPUT1'].map(name => ({ name, datatype: 'INT32', shape: [3] }))

const REQUEST = {
  ...{ model_name: 'simple', inputs: INPUTS },
  raw_input_contents: [rawOf(Int32Array.of(1, 2, 3)), rawOf(Int32Array.of(10, 20, 30))],
}

/** A server with gRPC, and a client of it. */
export async function serveGRPC(
  predictor: PredictorClass = Simple,
  { signature = SIMPLE, ...options }: ServeInternals = {},
) {
  const found = await served(predictor, { signature, grpcListen: '127.0.0.1:0', ...options })
  const client = inferClient(found.server.grpcAddress)
  return { ...found, client, requests: () => requestsOf(found.lines) }
}

/** The fields of the lines of requests. */
export function requestsOf(lines: readonly LoggedLine[]): readonly LogFields[] {
  return lines.filter(({ message }) => message === 'request').map(({ fields }) => ({ ...fields }))
}
