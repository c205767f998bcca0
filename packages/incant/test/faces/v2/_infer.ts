import { onTestFinished } from 'vitest'
import type { AppInternals, AppOptions } from '../../../src/app/app-options.ts'
import { writeElements } from '../../../src/faces/v2/tensor.ts'
import { BasePredictor, type PredictorClass } from '../../../src/predictor/base-predictor.ts'
import type { PredictSignature } from '../../../src/signature/signature.ts'
import { serveInMemory } from '../../app/_serving.ts'
import { signatureOf, TYPES, tensorType } from './_model.ts'

const ROW = tensorType(TYPES.int32, { datatype: 'INT32', shape: [-1, 4] })

/** Two rows, their sum and their difference. */
export const SIMPLE: PredictSignature = signatureOf({ INPUT0: ROW, INPUT1: ROW }, { OUTPUT0: ROW, OUTPUT1: ROW })

interface Row {
  readonly datatype: string
  readonly shape: readonly number[]
  readonly data: Int32Array
}

/** The sum and the difference. */
export class Simple extends BasePredictor {
  predict({ INPUT0, INPUT1 }: { INPUT0: Row; INPUT1: Row }): object {
    const of = (sign: number) => INPUT0.data.map((left, index) => left + sign * (INPUT1.data[index] ?? 0))
    return { OUTPUT0: { ...INPUT0, data: of(1) }, OUTPUT1: { ...INPUT0, data: of(-1) } }
  }
}

/** A model in an application. */
export interface ServedModel {
  /** Asks a path. */
  ask(path: string, init?: RequestInit): Promise<Response>
  /** Posts a request as JSON, or bytes with the length of the JSON before them. */
  infer(
    document: unknown,
    binary?: readonly Uint8Array[] | undefined,
    headers?: Record<string, string>,
  ): Promise<Response>
}

/** Serves a model on the protocol. */
export async function serveModel(
  predictor: PredictorClass = Simple,
  signature: PredictSignature = SIMPLE,
  options: AppOptions & AppInternals = {},
): Promise<ServedModel> {
  const { app } = await serveInMemory(predictor, { signature, protocols: ['v2', 'v1'], ...options })
  onTestFinished(async () => void (await app.close()))
  return {
    ask: async (path, init) => app.request(path, init),
    async infer(document, binary, headers = {}) {
      const json = new TextEncoder().encode(JSON.stringify(document))
      const length = binary === undefined ? {} : { 'Inference-Header-Content-Length': String(json.length) }
      const body = Buffer.concat([json, ...(binary ?? [])])
      return app.request('/v2/models/simple/infer', { method: 'POST', headers: { ...length, ...headers }, body })
    },
  }
}

/** An input of `simple` as JSON. */
export function jsonInput(name: string, data: unknown = [1, 2, 3, 4]): object {
  return { name, datatype: 'INT32', shape: [1, 4], data }
}

/** An input whose elements are behind the JSON. */
export function binaryInput(name: string, size = 16): object {
  return { name, datatype: 'INT32', shape: [1, 4], parameters: { binary_data_size: size } }
}

/** Elements as they travel. */
export const BYTES: Uint8Array = writeElements(Int32Array.of(1, 2, 3, 4))

/** What is read of an answer here. */
export interface InferAnswer {
  readonly id?: string
  readonly error?: string
  readonly model_name: string
  readonly model_version: string
  readonly outputs: readonly {
    readonly name: string
    readonly datatype: string
    readonly shape: readonly number[]
    readonly data?: readonly unknown[]
    readonly parameters?: { readonly binary_data_size?: number; readonly content_type?: string }
  }[]
}

/** The document of an answer, and the bytes behind it. */
export async function readAnswer(response: Response): Promise<{ answer: InferAnswer; bytes: Uint8Array<ArrayBuffer> }> {
  const body = new Uint8Array(await response.arrayBuffer())
  const length = Number(response.headers.get('inference-header-content-length') ?? body.length)
  // Every answer of the protocol is such a document, or has an error.
  const answer = JSON.parse(new TextDecoder().decode(body.subarray(0, length))) as InferAnswer
  return { answer, bytes: body.slice(length) }
}
