import { nextTurn } from '../../../async/next-turn.ts'
import type { Answer } from '../../../http/answer.ts'
import { isResponse } from '../../../http/platform-objects.ts'
import { isObject } from '../../../validation/json-types.ts'
import type { FaceExchange } from '../../exchange.ts'
import type { FaceModels } from '../../model.ts'
import { answerJSON, answerText } from '../answer.ts'
import { callInTurn } from '../generation/call-in-turn.ts'
import { type EncodingFormat, type GivenEmbedding, readEmbedding, writeNumbers } from '../generation/write-embedding.ts'
import { type ChosenModel, chooseModel } from '../models.ts'
import { invalidValue } from '../refusal.ts'
import { chooseMembers, readBody } from '../request/choose-members.ts'
import { namesTokens, readInputs } from '../request/inputs.ts'
import { EMBEDDING_RULES } from '../request/rules.ts'

/** As many as the API itself takes. */
const INPUTS = { name: 'input', maximum: 2048 }

/** `POST /v1/embeddings`: each input is a call, so that those of all callers form batches together. */
export async function embeddings(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const body = readBody(exchange.body)
  const chosen = await chooseModel(models, body['model'], 'openai.embedding')
  const format = readFormat(body['encoding_format'])
  if (chosen.givesAnswer) return passOn({ exchange, chosen, body, format })
  const takesTokens = namesTokens(chosen, 'input', chosen.model.signature)
  const inputs = readInputs(body['input'], { ...INPUTS, takesTokens })
  const members = chooseMembers(body, chosen.named, EMBEDDING_RULES)
  const isText = chosen.parameter.role === 'text'
  const list = await callInTurn(inputs, async (input, cancellation) => {
    const payload = isText ? input : { ...members, input }
    const answer = await chosen.model.call(exchange, payload, { answer: 'value', cancellation })
    const embedding = isResponse(answer) || answer.kind !== 'value' ? undefined : readEmbedding(answer.value)
    if (embedding === undefined) throw new TypeError('predict returned something else than finite numbers')
    return embedding
  })
  return answerText(exchange, 'application/json', await writeList(list, { format, model: chosen.name }))
}

function readFormat(value: unknown): EncodingFormat {
  if (value === undefined || value === null || value === 'float') return 'float'
  if (value === 'base64') return 'base64'
  throw invalidValue('encoding_format', "encoding_format must be 'float' or 'base64'.")
}

/** Time after which writing lets others have a turn, in milliseconds. */
const TURN = 5

/** The answer as text, one embedding after the other: thousands of them take longer than other callers may wait. */
async function writeList(
  list: readonly GivenEmbedding[],
  { format, model }: { readonly format: EncodingFormat; readonly model: string },
): Promise<string> {
  const data: string[] = []
  let began = performance.now()
  for (const [index, { numbers }] of list.entries()) {
    data.push(`{"object":"embedding","index":${index},"embedding":${writeNumbers(numbers, format)}}`)
    if (performance.now() - began < TURN) continue
    await nextTurn()
    began = performance.now()
  }
  const tokens = list.reduce((sum, embedding) => sum + embedding.tokens, 0)
  const usage = JSON.stringify({ prompt_tokens: tokens, total_tokens: tokens })
  return `{"object":"list","data":[${data.join(',')}],"model":${JSON.stringify(model)},"usage":${usage}}`
}

interface PassedOn {
  readonly exchange: FaceExchange
  readonly chosen: ChosenModel
  readonly body: Readonly<Record<string, unknown>>
  readonly format: EncodingFormat
}

/** A predictor that writes the API's own answers gives numbers; their encoding is seen to here. */
async function passOn({ exchange, chosen, body, format }: PassedOn): Promise<Answer> {
  const payload = chooseMembers(body, chosen.named, { ...EMBEDDING_RULES, taken: [] })
  const answer = await chosen.model.call(exchange, payload, { answer: 'value' })
  const value = isResponse(answer) || answer.kind !== 'value' ? undefined : answer.value
  if (!isObject(value) || !Array.isArray(value['data'])) {
    throw new TypeError('predict gave something else than the CreateEmbeddingResponse that its type names')
  }
  const data = value['data'].filter(isObject).map(one => ({ ...one, embedding: encode(one['embedding'], format) }))
  return answerJSON(exchange, { ...value, data })
}

function encode(embedding: unknown, format: EncodingFormat): unknown {
  const given = readEmbedding(embedding)
  return given === undefined ? embedding : JSON.parse(writeNumbers(given.numbers, format))
}
