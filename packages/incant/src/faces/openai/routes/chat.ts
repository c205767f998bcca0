import type { Answer } from '../../../http/answer.ts'
import { isResponse } from '../../../http/platform-objects.ts'
import { isObject } from '../../../validation/json-types.ts'
import type { FaceExchange } from '../../exchange.ts'
import type { FaceModels } from '../../model.ts'
import { answerEvents, answerJSON } from '../answer.ts'
import { ChatMessage } from '../generation/chat-message.ts'
import { ChatReader } from '../generation/chat-reader.ts'
import { makeId, nowInSeconds } from '../generation/identity.ts'
import { asOfficial, type OfficialForm, officialDocument, officialEvents } from '../generation/official.ts'
import { repeatPayload, startCalls } from '../generation/start-calls.ts'
import { type Choices, readWhole, usageOf, writeChunks } from '../generation/write-choices.ts'
import { type ChosenModel, chooseModel } from '../models.ts'
import { chooseMembers, readBody } from '../request/choose-members.ts'
import { type Controls, readControls } from '../request/controls.ts'
import { CHAT_RULES } from '../request/rules.ts'

/** `POST /v1/chat/completions` */
export async function chatCompletions(exchange: FaceExchange, models: FaceModels): Promise<Answer | Response> {
  const body = readBody(exchange.body)
  const chosen = await chooseModel(models, body['model'], 'openai.chat')
  const controls = readControls(body)
  const choices = await startChat({ exchange, chosen, body, controls })
  const first = await choices.answers[0]?.()
  if (isResponse(first)) return first
  const official = chosen.givesAnswer && first !== undefined ? asOfficial(first) : undefined
  if (official !== undefined) {
    return controls.stream
      ? answerEvents(exchange, officialEvents(official, OFFICIAL))
      : answerJSON(exchange, await officialDocument(official, OFFICIAL))
  }
  return controls.stream
    ? answerStream(exchange, choices, { chosen, controls })
    : answerWhole(exchange, choices, chosen)
}

/** A chat that is to begin. */
export interface ChatStart {
  readonly exchange: FaceExchange
  readonly chosen: ChosenModel
  readonly body: Readonly<Record<string, unknown>>
  readonly controls: Controls
}

/** Calls predict, once for each answer that is asked for; a predictor that writes the API's own answers sees to that itself. */
export async function startChat({ exchange, chosen, body, controls }: ChatStart): Promise<Choices> {
  const { named, givesAnswer, model } = chosen
  const rules = givesAnswer ? { ...CHAT_RULES, taken: [], defaults: { ...CHAT_RULES.defaults, n: [1] } } : CHAT_RULES
  const payload = chooseMembers(body, named, rules)
  const count = givesAnswer ? 1 : controls.choices
  const calls = await startCalls(exchange, model, repeatPayload(payload, count))
  return { ...calls, readers: calls.answers.map(() => new ChatReader(controls.stops)), perPrompt: count }
}

async function answerWhole(exchange: FaceExchange, choices: Choices, { name }: ChosenModel): Promise<Answer> {
  const list = await readWhole(choices, () => new ChatMessage())
  return answerJSON(exchange, { ...envelope('chat.completion', name), choices: list, usage: usageOf(choices) })
}

interface StreamParts {
  readonly chosen: ChosenModel
  readonly controls: Controls
}

function answerStream(exchange: FaceExchange, choices: Choices, { chosen, controls }: StreamParts): Promise<Answer> {
  const form = {
    envelope: envelope('chat.completion.chunk', chosen.name),
    includeUsage: controls.includeUsage,
    first: () => [{ delta: { role: 'assistant', content: '' } }],
    last: { delta: {} },
  }
  return answerEvents(exchange, writeChunks(choices, form))
}

function envelope(object: string, model: string): object {
  return { id: makeId('chatcmpl-'), object, created: nowInSeconds(), model }
}

const OFFICIAL: OfficialForm = {
  object: 'chat.completion',
  begin: () => new ChatMessage(),
  split({ choices, usage: _, ...rest }) {
    const list = Array.isArray(choices) ? choices.filter(isObject) : []
    return list.flatMap(({ message, ...choice }) => {
      const reader = new ChatReader([])
      const end = { finish_reason: choice['finish_reason'] }
      const pieces = [{ delta: { role: 'assistant', content: '' } }, ...reader.read(message), ...reader.finish(end)]
      const written = [...pieces, { delta: {}, finish_reason: reader.reason }]
      return written.map(piece => ({
        ...rest,
        object: 'chat.completion.chunk',
        choices: [{ index: choice['index'] ?? 0, logprobs: null, finish_reason: null, ...piece }],
      }))
    })
  },
}
