import type { Answer } from '../../../http/answer.ts'
import { isResponse } from '../../../http/platform-objects.ts'
import { isObject } from '../../../validation/json-types.ts'
import type { FaceExchange } from '../../exchange.ts'
import type { FaceModels } from '../../model.ts'
import { answerEvents, answerJSON } from '../answer.ts'
import { CompletionReader, CompletionText } from '../generation/completion-reader.ts'
import { makeId, nowInSeconds } from '../generation/identity.ts'
import { asOfficial, type OfficialForm, officialDocument, officialEvents } from '../generation/official.ts'
import { repeatPayload, startCalls } from '../generation/start-calls.ts'
import { type Choices, readWhole, usageOf, writeChunks } from '../generation/write-choices.ts'
import { type ChosenModel, chooseModel } from '../models.ts'
import { invalidValue } from '../refusal.ts'
import { chooseMembers, readBody } from '../request/choose-members.ts'
import { type Controls, readControls, readFlag } from '../request/controls.ts'
import { type Input, namesTokens, readInputs } from '../request/inputs.ts'
import { COMPLETION_RULES } from '../request/rules.ts'

/** More calls of predict for one request than this are refused. */
const MAX_CALLS = 128

/** `POST /v1/completions` */
export async function completions(exchange: FaceExchange, models: FaceModels): Promise<Answer | Response> {
  const body = readBody(exchange.body)
  const chosen = await chooseModel(models, body['model'], 'openai.completion')
  const controls = readControls(body)
  if (chosen.givesAnswer) return passOn({ exchange, chosen, body, controls })
  const takesTokens = namesTokens(chosen, 'prompt', chosen.model.signature)
  const prompts = readInputs(body['prompt'], { name: 'prompt', maximum: MAX_CALLS, takesTokens })
  if (prompts.length * controls.choices > MAX_CALLS) {
    throw invalidValue('n', `n times the number of prompts must be at most ${MAX_CALLS}.`)
  }
  const echoed = readFlag(body, 'echo') ? prompts.map(textOf) : []
  const members = chooseMembers(body, chosen.named, COMPLETION_RULES)
  const payloads = prompts.flatMap(prompt => repeatPayload({ ...members, prompt }, controls.choices))
  const calls = await startCalls(exchange, chosen.model, payloads)
  const first = await calls.answers[0]?.()
  if (isResponse(first)) return first
  const readers = calls.answers.map(() => new CompletionReader(controls.stops))
  const choices = { ...calls, readers, perPrompt: controls.choices }
  return write({ exchange, choices, chosen, controls, echoed })
}

function textOf(prompt: Input): string {
  if (typeof prompt === 'string') return prompt
  throw invalidValue('echo', 'echo must be false where the prompt is tokens: send text.')
}

interface Writing {
  readonly exchange: FaceExchange
  readonly choices: Choices
  readonly chosen: ChosenModel
  readonly controls: Controls
  /** The prefix of the texts. */
  readonly echoed: readonly string[]
}

async function write({ exchange, choices, chosen, controls, echoed }: Writing): Promise<Answer> {
  const envelope = { id: makeId('cmpl-'), object: 'text_completion', created: nowInSeconds(), model: chosen.name }
  const beginning = (index: number) => echoed[Math.floor(index / controls.choices)] ?? ''
  if (!controls.stream) {
    const list = await readWhole(choices, index => new CompletionText(beginning(index)))
    return answerJSON(exchange, { ...envelope, choices: list, usage: usageOf(choices) })
  }
  const first = (index: number) => (beginning(index) === '' ? [] : [{ text: beginning(index) }])
  const form = { envelope, includeUsage: controls.includeUsage, first, last: { text: '' } }
  return answerEvents(exchange, writeChunks(choices, form))
}

interface PassedOn {
  readonly exchange: FaceExchange
  readonly chosen: ChosenModel
  readonly body: Readonly<Record<string, unknown>>
  readonly controls: Controls
}

/** A predictor that writes the API's own answers sees to all of the request. */
async function passOn({ exchange, chosen, body, controls }: PassedOn): Promise<Answer | Response> {
  const { defaults } = COMPLETION_RULES
  const rules = { ...COMPLETION_RULES, taken: [], defaults: { ...defaults, n: [1], echo: [false] } }
  const calls = await startCalls(exchange, chosen.model, [chooseMembers(body, chosen.named, rules)])
  const answer = await calls.answers[0]?.()
  if (isResponse(answer)) return answer
  const official = answer && asOfficial(answer)
  if (official === undefined) throw new TypeError('predict gave something else than the Completion that its type names')
  return controls.stream
    ? answerEvents(exchange, officialEvents(official, OFFICIAL))
    : answerJSON(exchange, await officialDocument(official, OFFICIAL))
}

const OFFICIAL: OfficialForm = {
  object: 'text_completion',
  begin: () => new CompletionText(),
  split: ({ usage: _, choices, ...rest }) => [
    { ...rest, choices: Array.isArray(choices) ? choices.filter(isObject) : [] },
  ],
}
