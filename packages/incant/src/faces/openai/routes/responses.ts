import type { Answer } from '../../../http/answer.ts'
import { isResponse } from '../../../http/platform-objects.ts'
import { isObject } from '../../../validation/json-types.ts'
import type { FaceExchange } from '../../exchange.ts'
import type { FaceModels } from '../../model.ts'
import { answerEvents, answerJSON, namedEvents } from '../answer.ts'
import { ChatReader } from '../generation/chat-reader.ts'
import { makeId, nowInSeconds } from '../generation/identity.ts'
import { type Piece, type Reader, readChoice } from '../generation/reader.ts'
import type { Choices } from '../generation/write-choices.ts'
import { chooseModel } from '../models.ts'
import { readBody } from '../request/choose-members.ts'
import { readControls, readFlag } from '../request/controls.ts'
import { type ResponseEvent, ResponseOutput } from '../responses/output.ts'
import { describeResponse, endResponse } from '../responses/resource.ts'
import { toChat, underItsName } from '../responses/to-chat.ts'
import { startChat } from './chat.ts'

/** `POST /v1/responses`, from a predictor of chats. Nothing is stored. */
export async function responses(exchange: FaceExchange, models: FaceModels): Promise<Answer | Response> {
  const body = readBody(exchange.body)
  const chosen = await chooseModel(models, body['model'], 'openai.chat')
  const stream = readFlag(body, 'stream')
  const chat = toChat(body)
  const choices = await startChat({ exchange, chosen, body: chat, controls: readControls({ ...chat, n: 1 }) }).catch(
    thrown => {
      throw underItsName(thrown)
    },
  )
  const first = await choices.answers[0]?.()
  if (isResponse(first)) return first
  const reader = chosen.givesAnswer ? new OfficialReader() : (choices.readers[0] ?? new ChatReader([]))
  const writing = {
    choices,
    reader,
    resource: describeResponse(body, { id: makeId('resp_'), model: chosen.name, created: nowInSeconds() }),
  }
  return stream ? answerStream(exchange, writing) : answerWhole(exchange, writing)
}

interface Writing {
  readonly choices: Choices
  readonly reader: Reader
  readonly resource: object
}

async function answerWhole(exchange: FaceExchange, writing: Writing): Promise<Answer> {
  let last: ResponseEvent | undefined
  for await (const event of writeEvents(writing)) last = event
  return answerJSON(exchange, last?.['response'])
}

function answerStream(exchange: FaceExchange, writing: Writing): Promise<Answer> {
  let number = 0
  const write = (event: ResponseEvent) =>
    `event: ${event.type}\ndata: ${JSON.stringify({ ...event, sequence_number: number++ })}\n\n`
  const events = async function* () {
    for await (const event of writeEvents(writing)) yield write(event)
  }
  return answerEvents(
    exchange,
    events(),
    namedEvents(error => write({ ...error, type: 'error', error })),
  )
}

async function* writeEvents({ choices, reader, resource }: Writing): AsyncGenerator<ResponseEvent, void, undefined> {
  const begun = { ...resource, status: 'in_progress' }
  yield { type: 'response.created', response: begun }
  yield { type: 'response.in_progress', response: begun }
  const output = new ResponseOutput()
  const [answer] = choices.answers
  try {
    if (answer !== undefined) for await (const piece of readChoice(answer, reader)) yield* output.add(piece)
  } finally {
    choices.end()
  }
  yield* output.finish()
  const end = endResponse(reader.reason, reader.usage, nowInSeconds())
  yield { type: `response.${end.status}`, response: { ...resource, ...end, output: output.items } }
}

/** Reads what a predictor gives that writes the API's own answers: their messages, or the pieces of their chunks. */
class OfficialReader implements Reader {
  readonly #reader = new ChatReader([])
  #reason: unknown
  #usage: unknown

  readonly stopped = false

  get reason(): string {
    return this.#reader.reason
  }

  get usage(): Reader['usage'] {
    return this.#reader.usage
  }

  read(item: unknown): readonly Piece[] {
    if (!isObject(item) || !Array.isArray(item['choices'])) return this.#reader.read(item)
    this.#usage = item['usage'] ?? this.#usage
    const choice: unknown = item['choices'][0]
    if (!isObject(choice)) return []
    this.#reason = choice['finish_reason'] ?? this.#reason
    return this.#reader.read(choice['message'] ?? choice['delta'])
  }

  finish(): readonly Piece[] {
    return this.#reader.finish({ finish_reason: this.#reason, usage: this.#usage })
  }
}
