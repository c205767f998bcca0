import type { ReturnSignature } from 'incant'
import type OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { openAIFace } from '../../../src/faces/openai/face.ts'
import { compileValidator } from '../../../src/validation/validator.ts'
import { makeModel, readError, readEvents, readJSON, send } from './_face.ts'

const PATH = '/v1/chat/completions'
const ASK = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] }

/** A schema that names these members. */
function naming(...names: readonly string[]) {
  return { type: 'object', properties: Object.fromEntries(names.map(name => [name, {}])) } as const
}

function yielding(items: readonly unknown[], end?: unknown) {
  return makeModel('m', {
    protocol: 'openai.chat',
    async *predict() {
      yield* items
      return end
    },
  })
}

async function stream(model: ReturnType<typeof makeModel>, body: object = {}) {
  return readEvents(await send([model], PATH, { ...ASK, stream: true, ...body }))
}

/** A whole answer; its first choice is there. */
async function first(
  model: ReturnType<typeof makeModel>,
  body: object = {},
): Promise<OpenAI.Chat.ChatCompletion.Choice> {
  const [choice] = (await whole(model, body)).choices
  if (choice === undefined) throw new Error('no choice')
  return choice
}

/** The chunks of a stream, without its end. */
async function chunksOf(model: ReturnType<typeof makeModel>, body: object = {}) {
  return (await stream(model, body)).slice(0, -1) as OpenAI.Chat.ChatCompletionChunk[]
}

async function whole(model: ReturnType<typeof makeModel>, body: object = {}) {
  return readJSON<OpenAI.Chat.ChatCompletion>(await send([model], PATH, { ...ASK, ...body }))
}

const choice = (members: object) => ({ index: 0, logprobs: null, finish_reason: null, ...members })

describe('a stream', () => {
  test('is server-sent events of chunks with one id: role, texts, reason, and the end', async () => {
    const response = await send([yielding(['Hel', 'lo'])], PATH, { ...ASK, stream: true })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect(response.headers.get('x-accel-buffering')).toBe('no')
    const events = await readEvents(response)
    const chunks = events.slice(0, -1) as { readonly id?: string; readonly created?: number }[]
    expect(events.at(-1)).toBe('[DONE]')
    expect(new Set(chunks.map(({ id, created }) => `${id} ${created}`)).size).toBe(1)
    const [{ id, created } = {}] = chunks
    const envelope = { id, object: 'chat.completion.chunk', created, model: 'm' }
    expect(chunks).toEqual(
      [
        { delta: { role: 'assistant', content: '' } },
        { delta: { content: 'Hel' } },
        { delta: { content: 'lo' } },
        { delta: {}, finish_reason: 'stop' },
      ].map(members => ({ ...envelope, choices: [choice(members)] })),
    )
  })

  test('has usage in a last chunk where it is asked for, and null before', async () => {
    const model = yielding(['a', 'b'], { usage: { prompt_tokens: 9, completion_tokens: 2 } })
    const chunks = (await stream(model, { stream_options: { include_usage: true } })).slice(0, -1)
    expect(chunks.slice(0, -1)).toEqual(chunks.slice(0, -1).map(() => expect.objectContaining({ usage: null })))
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 },
    })
    expect(JSON.stringify(await stream(model))).not.toContain('usage')
  })

  test('ends with the error and no [DONE] where predict fails in the middle', async () => {
    const model = makeModel('m', {
      protocol: 'openai.chat',
      async *predict() {
        yield 'so far'
        throw new Error('a secret')
      },
    })
    const events = await stream(model)
    expect(events.at(-1)).toEqual({
      error: { message: 'Internal server error', type: 'server_error', param: null, code: 'internal' },
    })
    expect(events).not.toContain('[DONE]')
  })

  test('ends predict at a stop string', async () => {
    const ended: string[] = []
    const model = makeModel('m', {
      protocol: 'openai.chat',
      async *predict() {
        try {
          for (const letter of 'one. two. three.') yield letter
        } finally {
          ended.push('ended')
        }
      },
    })
    expect(await whole(model, { stop: '. t' })).toMatchObject({
      choices: [{ message: { content: 'one' }, finish_reason: 'stop' }],
      usage: { completion_tokens: 6 },
    })
    expect(ended).toEqual(['ended'])
  })
})

describe('calls of tools', () => {
  const weather = { name: 'weather', arguments: '{"city":"Graz"}' }
  const begun = (index: number, id: unknown, name: string) => ({
    index,
    id,
    type: 'function',
    function: { name, arguments: '' },
  })

  test.each([
    ['in one piece', [{ tool_calls: [{ id: 'c1', function: weather }] }]],
    ['with an index', [{ tool_calls: [{ index: 0, id: 'c1', type: 'function', function: weather }] }]],
    [
      'in pieces without index and id',
      [
        { tool_calls: [{ id: 'c1', function: { name: 'weather' } }] },
        { tool_calls: [{ function: { arguments: '{"city":' } }] },
        { tool_calls: [{ function: { arguments: '"Graz"}' } }] },
      ],
    ],
    [
      'in pieces that repeat the id',
      [
        { tool_calls: [{ index: 0, id: 'c1', function: { name: 'weather', arguments: '{"city":' } }] },
        { tool_calls: [{ index: 0, id: 'c1', function: { arguments: '"Graz"}' } }] },
      ],
    ],
    [
      'in pieces with another id each',
      [
        { tool_calls: [{ index: 0, id: 'c1', function: { name: 'weather', arguments: '{"city":' } }] },
        { tool_calls: [{ index: 0, id: 'c2', function: { arguments: '"Graz"}' } }] },
      ],
    ],
    [
      'with an object for arguments',
      [{ tool_calls: [{ id: 'c1', function: { ...weather, arguments: { city: 'Graz' } } }] }],
    ],
  ])('that predict yields %s', async (_how, items) => {
    expect(await first(yielding(items))).toEqual({
      index: 0,
      message: {
        role: 'assistant',
        content: null,
        refusal: null,
        tool_calls: [{ id: 'c1', type: 'function', function: weather }],
      },
      logprobs: null,
      finish_reason: 'tool_calls',
    })
    const chunks = await chunksOf(yielding(items))
    const calls = chunks.flatMap(chunk => chunk.choices?.[0]?.delta.tool_calls ?? [])
    expect(calls[0]).toEqual(begun(0, 'c1', 'weather'))
    expect(calls.slice(1)).toEqual(
      calls.slice(1).map(() => ({ index: 0, function: { arguments: expect.any(String) } })),
    )
    expect(chunks.at(-1)?.choices[0]).toEqual(choice({ delta: {}, finish_reason: 'tool_calls' }))
  })

  test('at once, all with the same index', async () => {
    const calls = ['a', 'b'].map(id => ({ index: 0, id, function: { name: `tool_${id}`, arguments: '{}' } }))
    const { message } = await first(yielding([{ tool_calls: calls }]))
    expect(message.tool_calls?.map(({ id }) => id)).toEqual(['a', 'b'])
    const chunks = await chunksOf(yielding([{ tool_calls: calls }]))
    expect(chunks.flatMap(chunk => chunk.choices?.[0]?.delta.tool_calls ?? []).map(({ index }) => index)).toEqual([
      0, 0, 1, 1,
    ])
  })

  test.each([
    ['tool_calls without a call', ['text'], { finish_reason: 'tool_calls' }, 'stop'],
    ['stop with a call', [{ tool_calls: [{ function: weather }] }], { finish_reason: 'stop' }, 'tool_calls'],
    ['length with a call', [{ tool_calls: [{ function: weather }] }], { finish_reason: 'length' }, 'length'],
    ['length', ['text'], { finish_reason: 'length' }, 'length'],
    ['a reason of its own', ['text'], { finish_reason: 'eos' }, 'stop'],
  ])('and the reason to end: %s', async (_case, items, end, reason) => {
    expect((await first(yielding(items, end))).finish_reason).toBe(reason)
    const chunks = await chunksOf(yielding(items, end))
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe(reason)
  })
})

describe('an answer', () => {
  test.each([
    ['a string', 'Hi', { content: 'Hi' }],
    ['a message', { role: 'assistant', content: 'Hi' }, { content: 'Hi' }],
    [
      'a message of parts',
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'H' },
          { type: 'text', text: 'i' },
        ],
      },
      { content: 'Hi' },
    ],
    ['a refusal', { refusal: 'No' }, { content: null, refusal: 'No' }],
    ['reasoning', { reasoning_content: 'Hm', content: 'Hi' }, { content: 'Hi', reasoning_content: 'Hm' }],
  ])('of a method that gives back %s', async (_form, value, message) => {
    const model = makeModel('m', { protocol: 'openai.chat', predict: () => value })
    expect((await first(model)).message).toMatchObject({ role: 'assistant', ...message })
    const events = JSON.stringify(await stream(model))
    for (const text of Object.values(message)) if (text !== null) expect(events).toContain(JSON.stringify(text))
  })

  test('with logprobs, which leave with their text', async () => {
    const token = (text: string) => ({ token: text, logprob: -1, bytes: null, top_logprobs: [] })
    const items = ['a', 'b'].map(content => ({ content, logprobs: { content: [token(content)] } }))
    const { logprobs } = await first(yielding(items))
    expect(logprobs).toEqual({ content: [token('a'), token('b')], refusal: null })
  })

  test('of several choices is as many calls, each with a seed of its own; the prompt counts once', async () => {
    const seeds: number[] = []
    const model = makeModel('m', {
      protocol: 'openai.chat',
      async *predict({ seed, ...rest }: { seed: number }) {
        expect(rest).not.toHaveProperty('n')
        seeds.push(seed)
        yield `seed ${seed}`
        return { usage: { prompt_tokens: 5, completion_tokens: 1 } }
      },
    })
    const { choices, usage } = await whole(model, { n: 3, seed: 7 })
    expect(seeds.sort()).toEqual([7, 8, 9])
    expect(choices.map(({ index }) => index)).toEqual([0, 1, 2])
    expect(choices[2]?.message.content).toBe('seed 9')
    expect(usage).toEqual({ prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 })
    const chunks = await chunksOf(model, { n: 2, seed: 1 })
    expect(new Set(chunks.map(({ choices: [one] }) => one?.index))).toEqual(new Set([0, 1]))
  })
})

describe('many choices', () => {
  /** A model that counts its calls that have begun and not ended. */
  function counting(fails: (call: number) => boolean) {
    const counts = { running: 0, most: 0, calls: 0 }
    const model = makeModel('m', {
      protocol: 'openai.chat',
      async *predict(_chat: object) {
        counts.calls += 1
        const call = counts.calls
        counts.running += 1
        counts.most = Math.max(counts.most, counts.running)
        try {
          yield `${call} `
          await new Promise(resolve => setImmediate(resolve))
          if (fails(call)) throw new Error('failed')
          yield 'end'
        } finally {
          counts.running -= 1
        }
      },
    })
    return { model, counts }
  }

  test('are 32 calls at a time, so that the queue has places for others', async () => {
    const { model, counts } = counting(() => false)
    const { choices } = await whole(model, { n: 128 })
    expect(choices.map(({ message }) => message.content).sort()).toEqual(
      Array.from({ length: 128 }, (_, index) => `${index + 1} end`).sort(),
    )
    expect(counts).toEqual({ calls: 128, most: 32, running: 0 })
    expect(await chunksOf(model, { n: 128 })).toHaveLength(128 * 4)
  })

  test('all end when one of them fails', async () => {
    const { model, counts } = counting(call => call === 3)
    const events = await stream(model, { n: 64 })
    expect(events.at(-1)).toMatchObject({ error: { code: 'internal' } })
    await expect.poll(() => counts.running).toBe(0)
    expect(counts.calls).toBeLessThan(64)
    expect((await send([model], PATH, { ...ASK, n: 2 })).status).toBe(200)
  })
})

describe('the request type is the list of features', () => {
  const answering = (...names: readonly string[]) =>
    makeModel('m', {
      protocol: 'openai.chat',
      schema: naming('messages', ...names),
      // In hexadecimal, so that no stop string is in it.
      predict: (payload: object) => JSON.stringify(payload).replaceAll('~', String.raw`\u007e`),
    })

  test.each([
    [{ tools: [{ type: 'function', function: { name: 'f' } }] }, 'tools'],
    [{ response_format: { type: 'json_object' } }, 'response_format'],
    [{ logprobs: true }, 'logprobs'],
    [{ temperature: 0 }, 'temperature'],
    [{ max_tokens: 5 }, 'max_tokens'],
    [{ top_k: 5 }, 'top_k'],
    [{ reasoning_effort: 'low' }, 'reasoning_effort'],
  ])('%j is refused where it is not named', async (member, param) => {
    const response = await send([answering()], PATH, { ...ASK, ...member })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      status: 400,
      code: 'invalid_payload',
      error: {
        message: `This model does not support ${param}.`,
        type: 'invalid_request_error',
        param,
        code: 'unsupported_parameter',
      },
    })
  })

  test('what asks for nothing is dropped', async () => {
    const idle = {
      ...{ user: 'u', seed: 1, metadata: { a: 'b' }, store: true, service_tier: 'auto', top_p: 1, temperature: 1 },
      ...{ tools: [], tool_choice: 'auto', response_format: { type: 'text' }, logprobs: false, top_k: null, n: 1 },
      ...{ stream: false, stream_options: null, parallel_tool_calls: true, logit_bias: {} },
    }
    const { message } = await first(answering(), idle)
    expect(JSON.parse(message.content ?? '')).toEqual({ messages: ASK.messages })
  })

  test('what is named arrives, under the name that predict takes', async () => {
    const sent = { max_tokens: 5, temperature: 0, stop: ['~'], tools: null }
    const { message } = await first(answering('max_completion_tokens', 'temperature', 'stop', 'tools'), sent)
    const { max_tokens: max_completion_tokens, ...others } = sent
    expect(JSON.parse(message.content ?? '')).toEqual({ messages: ASK.messages, max_completion_tokens, ...others })
  })

  test('of two names for the same limit, the lower one counts', async () => {
    const { message } = await first(answering('max_tokens'), { max_tokens: 5, max_completion_tokens: 9 })
    expect(JSON.parse(message.content ?? '')).toEqual({ messages: ASK.messages, max_tokens: 5 })
  })

  test('a name that a caller made up is not repeated', async () => {
    const response = await send([answering()], PATH, { ...ASK, 'a secret\u0000': 1 })
    const text = await response.text()
    expect([response.status, text.includes('secret')]).toEqual([400, false])
  })

  test('is what documents say that a caller may send', () => {
    const fit = openAIFace.describe(answering('temperature'))
    const body = fit.fits ? fit.operations.find(({ path }) => path === PATH)?.body?.schema : undefined
    const validator = compileValidator(body ?? {}, {})
    const accepts = (member: object) => validator.validate({ ...ASK, ...member }).ok
    expect(
      [{}, { temperature: 0 }, { stream: true, n: 2, stop: 'x' }, { user: 'u' }, { top_k: null }].map(accepts),
    ).toEqual([true, true, true, true, true])
    expect([{ tools: [{}] }, { top_k: 5 }, { top_p: 0.5 }, { n: 0 }].map(accepts)).toEqual([false, false, false, false])
  })

  test.each([
    [{ stop: [1] }, 'stop'],
    [{ stop: Array.from({ length: 17 }, (_, index) => `s${index}`) }, 'stop'],
    [{ n: 0 }, 'n'],
    [{ n: 129 }, 'n'],
    [{ stream: 'yes' }, 'stream'],
    [{ stream: true, stream_options: { include_usage: 1 } }, 'include_usage'],
    [{ stream_options: [] }, 'stream_options'],
  ])('%j is refused', async (member, param) => {
    const response = await send([answering()], PATH, { ...ASK, ...member })
    expect([response.status, (await readError(response)).param]).toEqual([400, param])
  })

  test.each([
    [5, 9, 5],
    [9, 5, 5],
    [null, 5, 5],
    [5, null, 5],
    [5, -1, -1],
    [5, 'many', 'many'],
    [0.5, 3, 0.5],
  ])(
    'of max_tokens %j and max_completion_tokens %j predict gets %j',
    async (max_tokens, max_completion_tokens, given) => {
      const { message } = await first(answering('max_tokens'), { max_tokens, max_completion_tokens })
      expect(JSON.parse(message.content ?? '')).toMatchObject({ max_tokens: given })
    },
  )

  test('a member of the wrong type is named by its place', async () => {
    const role = { type: 'object', properties: { role: { enum: ['user'] } } } as const
    const schema = { type: 'object', properties: { messages: { type: 'array', items: role } } } as const
    const model = makeModel('m', { protocol: 'openai.chat', schema, predict: () => 'ok' })
    const response = await send([model], PATH, { ...ASK, messages: [{ role: 'bogus' }] })
    expect(response.status).toBe(400)
    expect(await readError(response)).toMatchObject({ param: 'messages[0].role', type: 'invalid_request_error' })
  })
})

describe('models', () => {
  const bot = yielding(['hi'])
  const other = makeModel('org/text', { protocol: 'openai.completion', predict: () => 'text' })

  test('are listed for this API and for that of KServe, and found by names with slashes', async () => {
    const list = await readJSON<{ data: object[] }>(await send([bot, other], '/v1/models'))
    expect(list).toMatchObject({ object: 'list', models: ['m', 'org/text'] })
    expect(list.data[1]).toMatchObject({ id: 'org/text', object: 'model', created: 1_700_000_000, owned_by: 'incant' })
    expect(await (await send([bot, other], '/openai/v1/models/org/text')).json()).toMatchObject({ id: 'org/text' })
  })

  test.each([
    ['that does not exist', { model: 'gpt' }, 404, 'model_not_found'],
    ['of another kind', { model: 'org/text' }, 404, 'model_not_found'],
    ['that is no string', { model: 5 }, 400, 'invalid_value'],
  ])('one %s is refused', async (_case, body, status, code) => {
    const response = await send([bot, other], PATH, { ...ASK, ...body })
    expect([response.status, await readError(response)]).toMatchObject([status, { code, param: 'model' }])
  })

  test('the name may be left out where one model takes such requests', async () => {
    const { messages } = ASK
    expect((await send([bot, other], PATH, { messages })).status).toBe(200)
    const response = await send([bot, yielding([])], PATH, { messages })
    expect((await readError(response)).code).toBe('missing_required_parameter')
  })

  test('a failure of predict is not to be tried again', async () => {
    const model = makeModel('m', {
      protocol: 'openai.chat',
      predict: () => {
        throw new Error('a secret')
      },
    })
    const response = await send([model], PATH, ASK)
    expect([response.status, response.headers.get('x-should-retry')]).toEqual([500, 'false'])
    expect(await response.text()).not.toContain('secret')
  })
})

describe("a predictor that writes the API's own answers", () => {
  const returns: readonly ReturnSignature[] = [{ kind: 'json', protocol: 'openai' }]
  const message = { role: 'assistant', content: 'Hi', refusal: null }
  const completion = {
    ...{ id: 'x', object: 'chat.completion', created: 1, model: 'up' },
    choices: [{ index: 0, message, logprobs: null, finish_reason: 'length' }],
  }
  const chunk = (delta: object, finish_reason: string | null) => ({
    ...{ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'up' },
    choices: [{ index: 0, delta, finish_reason, logprobs: null }],
  })
  const chunks = [chunk({ role: 'assistant', content: 'H' }, null), chunk({ content: 'i' }, null), chunk({}, 'length')]

  test('has them passed on as they are', async () => {
    const model = makeModel('m', { protocol: 'openai.chat', returns, predict: () => completion })
    expect(await whole(model)).toEqual(completion)
    const streaming = makeModel('m', {
      protocol: 'openai.chat',
      returns,
      async *predict() {
        yield* chunks
      },
    })
    expect(await stream(streaming)).toEqual([...chunks, '[DONE]'])
  })

  test('has them made into the other form where a caller wants it', async () => {
    const model = makeModel('m', { protocol: 'openai.chat', returns, predict: () => completion })
    const events = await stream(model)
    expect(events.at(-2)).toEqual(chunk({}, 'length'))
    expect(JSON.stringify(events)).toContain('"content":"Hi"')
    const streaming = makeModel('m', {
      protocol: 'openai.chat',
      returns,
      async *predict() {
        yield* chunks
      },
    })
    expect(await whole(streaming)).toMatchObject(completion)
  })
})
