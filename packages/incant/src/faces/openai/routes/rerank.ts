import type { Answer } from '../../../http/answer.ts'
import { isResponse } from '../../../http/platform-objects.ts'
import { isObject } from '../../../validation/json-types.ts'
import type { FaceExchange } from '../../exchange.ts'
import type { FaceModels } from '../../model.ts'
import { answerJSON } from '../answer.ts'
import { makeId } from '../generation/identity.ts'
import { chooseModel } from '../models.ts'
import { chooseMembers, readBody } from '../request/choose-members.ts'
import { readCount, readFlag } from '../request/controls.ts'
import { readTexts } from '../request/inputs.ts'
import { RERANK_RULES } from '../request/rules.ts'

/** More documents than this are refused. */
const MAX_DOCUMENTS = 10_000

/** `POST /v1/rerank` and `/v2/rerank`: the answer has the members that clients of Jina's API and of Cohere's read. */
export async function rerank(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const body = readBody(exchange.body)
  const { model, name, named } = await chooseModel(models, body['model'], 'openai.rerank')
  const documents = readTexts(textsOf(body['documents']), { name: 'documents', maximum: MAX_DOCUMENTS })
  const most = body['top_n'] == null ? documents.length : readCount(body, 'top_n', Number.MAX_SAFE_INTEGER)
  const isFull = readFlag(body, 'return_documents')
  const payload = { ...chooseMembers(body, named, RERANK_RULES), documents }
  const answer = await model.call(exchange, payload, { answer: 'value' })
  const value = isResponse(answer) || answer.kind !== 'value' ? undefined : answer.value
  const ranked = readScores(value, documents.length).sort((one, other) => other.score - one.score)
  const results = ranked.slice(0, most).map(({ index, score }) => ({
    index,
    relevance_score: score,
    ...(isFull ? { document: { text: documents[index] } } : {}),
  }))
  return answerJSON(exchange, { id: makeId('rerank-'), object: 'list', model: name, results })
}

function textsOf(documents: unknown): unknown {
  if (!Array.isArray(documents)) return documents
  return documents.map(document => (isObject(document) && 'text' in document ? document['text'] : document))
}

interface Score {
  readonly index: number
  readonly score: number
}

function readScores(value: unknown, count: number): Score[] {
  const numbers = ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value
  const list = isObject(numbers) ? numbers['results'] : numbers
  if (!Array.isArray(list)) throw notScores()
  const isWhole = list.length === count
  return list.map((one: unknown, place) => {
    const { index, relevance_score: score } = isObject(one)
      ? one
      : { index: isWhole ? place : -1, relevance_score: one }
    if (typeof score !== 'number' || typeof index !== 'number' || !(index >= 0 && index < count)) throw notScores()
    return { index, score }
  })
}

function notScores(): TypeError {
  return new TypeError('predict returned neither a number for each document nor a list of RerankResult')
}
