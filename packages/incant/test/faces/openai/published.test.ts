import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { ReceivedForm } from '../../../src/http/form/received-form.ts'
import { makeModel, readEvents, send } from './_face.ts'

/** The description that the makers of the API publish; it belongs to them, and is not in this repository. */
const folder = process.env['TEST_DATA'] ?? ''
const path = join(resolve(folder), 'openai/openapi.json')
const isThere = folder !== '' && existsSync(path)

if (!isThere) console.log('skipped: INCANT_TEST_DATA names no folder with openai/openapi.json')

const ASK = { messages: [{ role: 'user', content: 'Hello' }] }
const call = { tool_calls: [{ function: { name: 'weather', arguments: '{}' } }] }
const token = { token: 'a', logprob: -0.1, bytes: [97], top_logprobs: [] }
const usage = { prompt_tokens: 1, completion_tokens: 2 }

const talking = yielding(['Hello', { content: '!', logprobs: { content: [token] } }], { usage })
const calling = yielding(['Let me see.', call, call], { usage })
const refusing = yielding([{ refusal: 'No.' }])
const thinking = yielding([{ reasoning_content: 'Hm.' }, 'Yes.'], { finish_reason: 'length' })
const CHATS = { talking, calling, refusing, thinking }

function yielding(items: readonly unknown[], end?: unknown) {
  return makeModel('m', {
    protocol: 'openai.chat',
    async *predict() {
      yield* items
      return end
    },
  })
}

const completing = makeModel('m', {
  protocol: 'openai.completion',
  async *predict() {
    yield* ['Hello', '!']
  },
})
const embedding = makeModel('m', { protocol: 'openai.embedding', role: 'text', predict: () => Float32Array.of(1, 2) })
const moderating = makeModel('m', { protocol: 'openai.moderation', predict: () => ({ categories: { hate: true } }) })
const drawing = makeModel('m', { protocol: 'openai.image', predict: () => ({ b64_json: 'AAEC' }) })
const segments = [{ start: 0, end: 1, text: 'Hi' }]
const hearing = makeModel('m', { protocol: 'openai.transcription', predict: () => ({ text: 'Hi', segments }) })

/** `nullable` of OpenAPI 3.0, which the description still has, in the words of 3.1. */
function withNull(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('nullable' in value)) return value
  const { nullable, ...schema } = value
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema
}

/** What is read of the description here. */
interface Description {
  readonly components: { readonly schemas: Readonly<Record<string, EventSchema>> }
}

interface EventSchema {
  readonly properties?: { readonly sequence_number?: object; readonly type?: { readonly enum?: readonly string[] } }
}

describe.runIf(isThere)('the published description of the OpenAI API', { tags: ['slow'] }, () => {
  let ajv: Ajv2020
  /** The schemas of events, by their type: those of their union name a failure of each of fifty. */
  const events = new Map<unknown, string>()

  beforeAll(() => {
    const description: Description = JSON.parse(readFileSync(path, 'utf8'), withNull)
    for (const [name, { properties }] of Object.entries(description.components.schemas)) {
      if (properties?.sequence_number !== undefined) events.set(properties.type?.enum?.[0], name)
    }
    ajv = new Ajv2020({ strict: false, validateFormats: false, validateSchema: false })
    ajv.addSchema(description, 'openai')
  })

  function expectValid(name: string, document: unknown): void {
    const validate = ajv.compile({ $ref: `openai#/components/schemas/${name}` })
    expect(validate(document) ? [] : validate.errors, JSON.stringify(document)).toEqual([])
  }

  test('is one that refuses what does not fit', () => {
    expect(() => expectValid('CreateChatCompletionResponse', { id: 1 })).toThrow()
  })

  test.each(Object.entries(CHATS))('has answers and chunks of a chat, %s', async (_name, model) => {
    const whole = await send([model], '/v1/chat/completions', { ...ASK, n: 2 })
    expectValid('CreateChatCompletionResponse', await whole.json())
    const asked = { ...ASK, stream: true, stream_options: { include_usage: true } }
    const events = await readEvents(await send([model], '/v1/chat/completions', asked))
    expect(events.length).toBeGreaterThan(3)
    for (const chunk of events.slice(0, -1)) expectValid('CreateChatCompletionStreamResponse', chunk)
  })

  test.each(Object.entries(CHATS))('has responses and their events, %s', async (_name, model) => {
    const whole = await send([model], '/v1/responses', { input: 'Hello', instructions: 'Be brief.' })
    expectValid('Response', await whole.json())
    const text = await (await send([model], '/v1/responses', { input: 'Hello', stream: true })).text()
    const list = text.split('\n\n').filter(event => event !== '')
    expect(list.length).toBeGreaterThan(5)
    for (const event of list) {
      const document: { readonly type: string } = JSON.parse(event.slice(event.indexOf('data: ') + 6))
      expectValid(events.get(document.type) ?? document.type, document)
    }
  })

  test('has completions; their chunks, but for the null that all but the last have as their reason', async () => {
    const body = { prompt: ['a', 'b'], n: 2 }
    expectValid('CreateCompletionResponse', await (await send([completing], '/v1/completions', body)).json())
    const events = await readEvents(await send([completing], '/v1/completions', { ...body, stream: true }))
    for (const event of events.slice(0, -1)) {
      const chunk = event as { readonly choices: readonly { readonly finish_reason: string | null }[] }
      const choices = chunk.choices.map(choice => ({ ...choice, finish_reason: choice.finish_reason ?? 'stop' }))
      expectValid('CreateCompletionResponse', { ...chunk, choices })
    }
  })

  test('has lists of embeddings, images, moderations and models', async () => {
    const body = { input: ['a', 'b'] }
    expectValid('CreateEmbeddingResponse', await (await send([embedding], '/v1/embeddings', body)).json())
    expectValid('CreateModerationResponse', await (await send([moderating], '/v1/moderations', body)).json())
    expectValid('ImagesResponse', await (await send([drawing], '/v1/images/generations', { prompt: 'p', n: 2 })).json())
    expectValid('ListModelsResponse', await (await send([talking, embedding], '/v1/models')).json())
    expectValid('Model', await (await send([talking], '/v1/models/m')).json())
  })

  test('has transcriptions', async () => {
    const form = (format: string) => new ReceivedForm([['response_format', format]])
    const write = async (format: string) => (await send([hearing], '/v1/audio/transcriptions', form(format))).json()
    expectValid('CreateTranscriptionResponseJson', await write('json'))
    expectValid('CreateTranscriptionResponseVerboseJson', await write('verbose_json'))
  })

  test('has errors, before a stream and in the middle of one', async () => {
    const failing = yielding([{ tool_calls: 1 }, 5])
    const events = await readEvents(await send([failing], '/v1/chat/completions', { ...ASK, stream: true }))
    expectValid('ErrorResponse', events.at(-1))
    for (const body of [{ ...ASK, model: 'other' }, { ...ASK, n: 0 }, []]) {
      expectValid('ErrorResponse', await (await send([talking], '/v1/chat/completions', body)).json())
    }
  })
})
