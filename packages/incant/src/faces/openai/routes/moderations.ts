import type { Answer } from '../../../http/answer.ts'
import { isResponse } from '../../../http/platform-objects.ts'
import { isObject } from '../../../validation/json-types.ts'
import type { FaceExchange } from '../../exchange.ts'
import type { FaceModels } from '../../model.ts'
import { answerJSON } from '../answer.ts'
import { callInTurn } from '../generation/call-in-turn.ts'
import { makeId } from '../generation/identity.ts'
import { chooseModel } from '../models.ts'
import { unsupported } from '../refusal.ts'
import { chooseMembers, readBody } from '../request/choose-members.ts'
import { readTexts } from '../request/inputs.ts'
import { MODERATION_RULES } from '../request/rules.ts'

/** The categories that clients of the API expect. */
const CATEGORIES = [
  ...['harassment', 'harassment/threatening', 'hate', 'hate/threatening', 'illicit', 'illicit/violent', 'self-harm'],
  ...['self-harm/intent', 'self-harm/instructions', 'sexual', 'sexual/minors', 'violence', 'violence/graphic'],
]

/** `POST /v1/moderations`: each input is a call. */
export async function moderations(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const body = readBody(exchange.body)
  const { model, name, named } = await chooseModel(models, body['model'], 'openai.moderation')
  const members = chooseMembers(body, named, MODERATION_RULES)
  const texts = readTexts(textsOf(body['input']), { name: 'input', maximum: 128 })
  const results = await callInTurn(texts, async (input, cancellation) => {
    const answer = await model.call(exchange, { ...members, input }, { answer: 'value', cancellation })
    return toResult(isResponse(answer) || answer.kind !== 'value' ? undefined : answer.value)
  })
  return answerJSON(exchange, { id: makeId('modr-'), model: name, results })
}

/** Parts of a message are one input; those that are no text have no model here. */
function textsOf(input: unknown): unknown {
  if (!Array.isArray(input) || !input.every(isObject) || input.length === 0) return input
  if (input.some(({ type }) => type !== 'text')) throw unsupported('input', 'This model takes text alone.')
  return [input.map(({ text }) => String(text)).join('\n')]
}

function toResult(value: unknown): object {
  const { categories, category_scores: given, flagged } = isObject(value) ? value : {}
  if (!isObject(categories)) throw new TypeError('predict returned no ModerationResult: it has categories')
  const names = [...new Set([...CATEGORIES, ...Object.keys(categories)])]
  const scores = isObject(given) ? given : {}
  const fill = (of: (name: string) => unknown) => Object.fromEntries(names.map(name => [name, of(name)]))
  return {
    flagged: typeof flagged === 'boolean' ? flagged : Object.values(categories).includes(true),
    categories: fill(name => categories[name] === true),
    category_scores: fill(name => scores[name] ?? (categories[name] === true ? 1 : 0)),
    category_applied_input_types: fill(name => (name in categories ? ['text'] : [])),
  }
}
