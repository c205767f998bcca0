import { RequestError } from '../../errors/request-error.ts'
import type { Answer } from '../../http/answer.ts'
import { NO_STORE, respond } from '../../http/respond.ts'
import { toJSON } from '../../http/to-json.ts'
import { decodeBase64, encodeBase64, isBase64 } from '../../json/base64.ts'
import { bodyParameter } from '../../signature/resolve.ts'
import type { PredictSignature } from '../../signature/signature.ts'
import { isObject } from '../../validation/json-types.ts'
import { callRows } from '../call-rows.ts'
import type { FaceExchange } from '../exchange.ts'
import type { FaceModel, FaceModels } from '../model.ts'

const VERB = ':predict'

/** `POST /v1/models/{model}:predict`. */
export async function predict(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const model = findModel(exchange, models)
  const instances = readInstances(exchange.body)
  const payloads = instances.map((instance, row) => readInstance(instance, row, model.signature))
  const results = await callRows({
    model,
    exchange,
    payloads,
    nameOf: row => `instances[${row}]`,
    refuse: refusePayload,
  })
  const isBytes = model.signature.returns.some(({ kind }) => kind === 'bytes')
  const predictions = isBytes ? results.map(writeBytes) : results
  const output = { contentType: 'application/json', body: toJSON({ predictions }) }
  return respond(exchange.id, output, exchange.principal === undefined ? undefined : NO_STORE)
}

function findModel({ params: { '*': path = '' } }: FaceExchange, models: FaceModels): FaceModel {
  const model = path.endsWith(VERB) ? models.find(path.slice(0, -VERB.length)) : undefined
  if (model !== undefined) return model
  const detail = path.endsWith(VERB) ? 'The model does not exist.' : `The path of a call ends with ${VERB}.`
  throw new RequestError('not_found', { detail })
}

/** Each instance is a call: as many as are made quickly. */
const MAXIMUM_INSTANCES = 10_000

/** TensorFlow Serving calls them instances; KServe takes inputs, too. */
function readInstances(body: unknown): readonly unknown[] {
  const { instances, inputs }: { readonly instances?: unknown; readonly inputs?: unknown } = isObject(body) ? body : {}
  const list = instances ?? inputs
  if (!Array.isArray(list) || (instances !== undefined && inputs !== undefined))
    throw refusePayload('The body must be a JSON object with either instances or inputs, an array.')
  if (list.length > MAXIMUM_INSTANCES) throw refusePayload(`A request may have ${MAXIMUM_INSTANCES} instances.`)
  return list
}

function refusePayload(detail: string): RequestError {
  return new RequestError('invalid_payload', { detail })
}

/** Bytes travel as `{"b64": "…"}`. */
function readInstance(instance: unknown, row: number, signature: PredictSignature): unknown {
  const role = bodyParameter(signature)?.role
  if (role !== 'bytes' && role !== 'blob') return instance
  const text = isObject(instance) ? instance['b64'] : undefined
  if (typeof text === 'string' && isBase64(text)) return decodeBase64(text)
  throw refusePayload(`instances[${row}] must be an object whose b64 is base64.`)
}

function writeBytes(result: unknown): unknown {
  return result instanceof Uint8Array ? { b64: encodeBase64(result) } : result
}
