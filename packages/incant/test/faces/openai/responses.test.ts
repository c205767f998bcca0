import type { ReturnSignature } from 'incant'
import type OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { makeModel, readError, readJSON, send } from './_face.ts'

type Response_ = OpenAI.Responses.Response
type Event = OpenAI.Responses.ResponseStreamEvent

const PATH = '/v1/responses'

const echo = makeModel('m', { protocol: 'openai.chat', predict: (chat: object) => JSON.stringify(chat) })

function yielding(items: readonly unknown[], end?: unknown) {
  return makeModel('m', {
    protocol: 'openai.chat',
    async *predict() {
      yield* items
      return end
    },
  })
}

async function eventsOf(response: Response): Promise<readonly Event[]> {
  const events = (await response.text()).split('\n\n').filter(event => event !== '')
  return events.map(event => {
    const [name = '', data = ''] = event.split('\n')
    const document: Event = JSON.parse(data.replace('data: ', ''))
    expect(name).toBe(`event: ${document.type}`)
    return document
  })
}

/** The chat that a request becomes. */
async function chatOf(body: object): Promise<unknown> {
  const { output } = await readJSON<Response_>(await send([echo], PATH, body))
  const [item] = output
  const [part] = item?.type === 'message' ? item.content : []
  return JSON.parse(part?.type === 'output_text' ? part.text : '')
}

describe('/v1/responses', () => {
  test('makes a chat of texts, items, tools and formats', async () => {
    const schema = { type: 'object' }
    const chat = await chatOf({
      instructions: 'Be brief.',
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
        { type: 'reasoning', id: 'r', summary: [] },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Let me see.' }] },
        { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' },
        { type: 'function_call', call_id: 'c2', name: 'g', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c1', output: 'done' },
        { role: 'user', content: [{ type: 'input_image', image_url: 'data:,' }] },
      ],
      tools: [{ type: 'function', name: 'f', parameters: schema, strict: true }],
      tool_choice: { type: 'function', name: 'f' },
      text: { format: { type: 'json_schema', name: 'n', schema } },
      reasoning: { effort: 'low' },
      max_output_tokens: 5,
      store: true,
    })
    const call = (id: string, name: string) => ({ id, type: 'function', function: { name, arguments: '{}' } })
    expect(chat).toEqual({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Let me see.', tool_calls: [call('c1', 'f'), call('c2', 'g')] },
        { role: 'tool', tool_call_id: 'c1', content: 'done' },
        { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,' } }] },
      ],
      tools: [{ type: 'function', function: { name: 'f', parameters: schema, strict: true } }],
      tool_choice: { type: 'function', function: { name: 'f' } },
      response_format: { type: 'json_schema', json_schema: { name: 'n', schema } },
      reasoning_effort: 'low',
      max_completion_tokens: 5,
    })
  })

  test('answers with a message, what it took, and store false', async () => {
    const model = yielding(['He', 'llo'], { usage: { prompt_tokens: 3, completion_tokens: 2 } })
    const answer = await readJSON<Response_>(await send([model], PATH, { input: 'Hi', store: true }))
    expect(answer).toMatchObject({
      object: 'response',
      status: 'completed',
      store: false,
      model: 'm',
      output: [
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hello', annotations: [] }] },
      ],
      usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
    })
  })

  test('is incomplete where the answer was cut short', async () => {
    const answer = await send([yielding(['He'], { finish_reason: 'length' })], PATH, { input: 'Hi' })
    expect(await readJSON<Response_>(answer)).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    })
  })

  test('streams events that are numbered, and end with what a whole answer is', async () => {
    const items = [
      { reasoning_content: 'Hm.' },
      'He',
      'llo',
      { tool_calls: [{ id: 'c1', function: { name: 'f', arguments: '{"a"' } }] },
      { tool_calls: [{ id: 'c1', function: { arguments: ':1}' } }] },
    ]
    const events = await eventsOf(await send([yielding(items)], PATH, { input: 'Hi', stream: true }))
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, index) => index))
    const kinds = events.map(({ type }) => type.replace('response.', ''))
    expect(kinds).toEqual([
      ...['created', 'in_progress'],
      ...['output_item.added', 'content_part.added', 'reasoning_text.delta', 'reasoning_text.done'],
      ...['content_part.done', 'output_item.done'],
      ...['output_item.added', 'content_part.added', 'output_text.delta', 'output_text.delta', 'output_text.done'],
      ...['content_part.done', 'output_item.done'],
      ...['output_item.added', 'function_call_arguments.delta', 'function_call_arguments.delta'],
      ...['function_call_arguments.done', 'output_item.done', 'completed'],
    ])
    const last = events.at(-1)
    expect(last?.type === 'response.completed' && last.response.output).toMatchObject([
      { type: 'reasoning', content: [{ text: 'Hm.' }] },
      { type: 'message', content: [{ text: 'Hello' }] },
      { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{"a":1}', status: 'completed' },
    ])
  })

  test('ends a stream that fails with an event that says so', async () => {
    const model = makeModel('m', {
      protocol: 'openai.chat',
      async *predict() {
        yield 'so far'
        throw new Error('a secret')
      },
    })
    const events = await eventsOf(await send([model], PATH, { input: 'Hi', stream: true }))
    expect(events.at(-1)).toMatchObject({ type: 'error', code: 'internal', sequence_number: events.length - 1 })
  })

  test.each([
    [{ previous_response_id: 'r' }, 'previous_response_id'],
    [{ conversation: 'c' }, 'conversation'],
    [{ background: true }, 'background'],
    [{ tools: [{ type: 'web_search' }] }, 'tools[0]'],
    [{ input: [{ type: 'item_reference', id: 'i' }] }, 'input[0]'],
    [{ input: 5 }, 'input'],
    [{ input: [{ type: 'function_call', call_id: 'c', name: 'f' }] }, 'input[0].arguments'],
    [{ input: [{ role: 'user', content: [{ type: 'input_text' }] }] }, 'input[0].content[0].text'],
  ])('refuses %j', async (member, param) => {
    const response = await send([echo], PATH, { input: 'Hi', ...member })
    expect([response.status, (await readError(response)).param]).toEqual([400, param])
  })

  test('refuses what the model does not support under the name that the caller used', async () => {
    const schema = { type: 'object', properties: { messages: {} } } as const
    const model = makeModel('m', { protocol: 'openai.chat', schema, predict: () => 'Hi' })
    const error = await readError(await send([model], PATH, { input: 'Hi', max_output_tokens: 5 }))
    expect(error).toMatchObject({ param: 'max_output_tokens', message: expect.stringContaining('max_output_tokens') })
  })

  test("reads a predictor that writes the API's own answers", async () => {
    const returns: readonly ReturnSignature[] = [{ kind: 'json', protocol: 'openai' }]
    const message = { role: 'assistant', content: 'Hi', refusal: null }
    const model = makeModel('m', {
      protocol: 'openai.chat',
      returns,
      predict: () => ({ choices: [{ index: 0, message, finish_reason: 'stop' }], usage: { prompt_tokens: 1 } }),
    })
    const answer = await readJSON<Response_>(await send([model], PATH, { input: 'Hi' }))
    expect(answer).toMatchObject({ output: [{ content: [{ text: 'Hi' }] }], usage: { input_tokens: 1 } })
  })
})
