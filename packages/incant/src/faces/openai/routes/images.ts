import type { Answer } from '../../../http/answer.ts'
import { isResponse } from '../../../http/platform-objects.ts'
import { encodeBase64 } from '../../../json/base64.ts'
import { isObject } from '../../../validation/json-types.ts'
import type { FaceExchange } from '../../exchange.ts'
import type { FaceAnswer, FaceModels } from '../../model.ts'
import { answerJSON } from '../answer.ts'
import { callInTurn } from '../generation/call-in-turn.ts'
import { nowInSeconds } from '../generation/identity.ts'
import { chooseModel } from '../models.ts'
import { invalidValue, unsupported } from '../refusal.ts'
import { chooseMembers, readBody } from '../request/choose-members.ts'
import { readCount, readFlag } from '../request/controls.ts'
import { IMAGE_RULES } from '../request/rules.ts'

/** As many as the API itself takes. */
const MAX_IMAGES = 10

/** `POST /v1/images/generations`: each image is a call. */
export async function images(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const body = readBody(exchange.body)
  const { model, named } = await chooseModel(models, body['model'], 'openai.image')
  if (typeof body['prompt'] !== 'string') throw invalidValue('prompt', 'prompt must be a string.')
  if (readFlag(body, 'stream')) throw unsupported('stream')
  if (body['response_format'] === 'url') {
    throw unsupported('response_format', 'Images are sent as b64_json: this server keeps none that a url could name.')
  }
  const payload = chooseMembers(body, named, IMAGE_RULES)
  const places = Array.from({ length: readCount(body, 'n', MAX_IMAGES) })
  const data = await callInTurn(places, async (_, cancellation) =>
    toImage(await model.call(exchange, payload, { answer: 'value', cancellation })),
  )
  return answerJSON(exchange, { created: nowInSeconds(), data })
}

async function toImage(answer: FaceAnswer): Promise<object> {
  if (isResponse(answer)) return { b64_json: encodeBase64(new Uint8Array(await answer.arrayBuffer())) }
  if (answer.kind === 'bytes') {
    // Bytes never lie in shared memory.
    const response = new Response(answer.body as Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>)
    return { b64_json: encodeBase64(new Uint8Array(await response.arrayBuffer())) }
  }
  const { b64_json, revised_prompt } = answer.kind === 'value' && isObject(answer.value) ? answer.value : {}
  if (typeof b64_json !== 'string') throw new TypeError('predict returned neither bytes nor b64_json')
  return { b64_json, ...(typeof revised_prompt === 'string' ? { revised_prompt } : {}) }
}
