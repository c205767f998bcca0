import type { Answer } from '../../http/answer.ts'
import type { FaceExchange } from '../exchange.ts'
import type { FaceModels } from '../model.ts'
import { answerBody } from './answer.ts'
import { infer } from './infer.ts'
import { findModel, versionOf } from './metadata.ts'
import { planModel } from './plan.ts'
import { HEADER_LENGTH, readInferRequest } from './read-request.ts'
import { refuseTensors } from './refusal.ts'
import { chooseOutputs, type WrittenResponse, writeResponse } from './write-response.ts'

/** `POST /v2/models/{model}/infer`. */
export async function handleInfer(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const model = findModel(exchange, models)
  const plan = planModel(model.signature)
  if (!plan.fits) throw refuseTensors('The model takes no tensors.')
  // The route reads its body as bytes.
  const request = await readInferRequest(exchange.body as Uint8Array, exchange.headers)
  const chosen = chooseOutputs(plan, request)
  const outputs = await infer({ model, plan, exchange }, request.inputs)
  const { id } = request
  const head = { model_name: model.name, model_version: versionOf(model), ...(id === undefined ? {} : { id }) }
  return answerResponse(exchange, writeResponse(head, outputs, chosen))
}

const encoder = new TextEncoder()

function answerResponse(exchange: FaceExchange, { json, bytes }: WrittenResponse): Answer {
  if (bytes.length === 0) return answerBody(exchange, { contentType: 'application/json', body: json })
  const head = encoder.encode(json)
  const body = new Uint8Array(bytes.reduce((sum, { length }) => sum + length, head.length))
  let offset = 0
  for (const part of [head, ...bytes]) {
    body.set(part, offset)
    offset += part.length
  }
  const headers = { [HEADER_LENGTH]: String(head.length) }
  return answerBody(exchange, { contentType: 'application/octet-stream', body }, headers)
}
