// Real clients in JavaScript, each in all that it does with these routes. It is copied into a folder where they are installed.
import assert from 'node:assert/strict'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai'
import { embedMany, generateText, Output, stepCountIs, streamText, tool } from 'ai'
import OpenAI from 'openai'
import { zodResponseFormat } from 'openai/helpers/zod'
import { z } from 'zod'

const { CHAT_URL, MODELS_URL, API_KEY } = process.env
const TEXT = 'Hello 😀 world. END more'
const Person = z.object({ name: z.string(), age: z.number() })
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const weather = { type: 'function', function: { name: 'weather', parameters } }
const ask = content => ({ model: 'chat', messages: [{ role: 'user', content }] })

const checks = { openai: 0, 'ai-sdk': 0, langchain: 0 }

async function check(client, name, work) {
  try {
    await work()
    checks[client] += 1
  } catch (error) {
    throw new Error(`${client}, ${name}: ${error.message}`, { cause: error })
  }
}

async function failureOf(promise) {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('did not fail')
}

async function collect(iterable) {
  const items = []
  for await (const item of iterable) items.push(item)
  return items
}

await withOpenAI()
await withAISDK()
await withLangChain()
console.log(
  Object.entries(checks)
    .map(([name, count]) => `${name}: ${count}`)
    .join(', '),
)

async function withOpenAI() {
  const client = new OpenAI({ baseURL: `${CHAT_URL}/v1`, apiKey: API_KEY })
  const { chat } = client
  const openai = (name, work) => check('openai', name, work)
  const stream = content => chat.completions.create({ ...ask(content), stream: true })
  const text = chunks => chunks.map(({ choices: [choice] }) => choice?.delta.content ?? '').join('')

  await openai('chat', async () => {
    const { choices, usage, _request_id } = await chat.completions.create(ask('hi'))
    assert.deepEqual(
      choices.map(({ message, finish_reason }) => [message.content, finish_reason]),
      [[TEXT, 'stop']],
    )
    assert.deepEqual(usage, { prompt_tokens: 9, completion_tokens: 6, total_tokens: 15 })
    assert.match(_request_id, /./)
  })
  await openai('stream', async () => {
    const chunks = await collect(
      await chat.completions.create({ ...ask('hi'), stream: true, stream_options: { include_usage: true } }),
    )
    assert.equal(text(chunks), TEXT)
    assert.equal(chunks.at(-1).usage.total_tokens, 15)
    assert.equal(chunks.at(-2).choices[0].finish_reason, 'stop')
  })
  await openai('stop', async () => {
    const whole = await chat.completions.create({ ...ask('hi'), stop: ' END' })
    assert.equal(whole.choices[0].message.content, 'Hello 😀 world.')
    const chunks = await collect(await chat.completions.create({ ...ask('hi'), stop: ' END', stream: true }))
    assert.equal(text(chunks), 'Hello 😀 world.')
  })
  await openai('several choices', async () => {
    const { choices } = await chat.completions.create({ ...ask('hi'), n: 3 })
    assert.deepEqual(
      choices.map(({ index, message }) => [index, message.content]),
      [0, 1, 2].map(index => [index, TEXT]),
    )
  })
  await openai('.stream()', async () => {
    const running = chat.completions.stream(ask('hi'))
    let content = ''
    running.on('content', delta => (content += delta))
    const final = await running.finalChatCompletion()
    assert.deepEqual([content, final.choices[0].message.content], [TEXT, TEXT])
  })
  await openai('tools', async () => {
    const { choices } = await chat.completions.create({ ...ask('weather?'), tools: [weather] })
    const calls = choices[0].message.tool_calls.map(call => JSON.parse(call.function.arguments).city)
    assert.deepEqual([calls, choices[0].finish_reason], [['Graz', 'Wien'], 'tool_calls'])
    const final = await chat.completions.stream({ ...ask('weather?'), tools: [weather] }).finalChatCompletion()
    assert.deepEqual(
      final.choices[0].message.tool_calls.map(({ id }) => id),
      ['call_Graz', 'call_Wien'],
    )
  })
  await openai('runTools', async () => {
    const asked = []
    const run = {
      ...weather.function,
      parse: JSON.parse,
      function: ({ city }) => asked.push(city) && `${city} is sunny`,
    }
    const runner = chat.completions.runTools({ ...ask('weather?'), tools: [{ type: 'function', function: run }] })
    assert.equal(await runner.finalContent(), 'The tool says Wien is sunny')
    assert.deepEqual(asked.sort(), ['Graz', 'Wien'])
  })
  await openai('parse', async () => {
    const { choices } = await chat.completions.parse({
      ...ask('who?'),
      response_format: zodResponseFormat(Person, 'person'),
    })
    assert.deepEqual(choices[0].message.parsed, { name: 'Ada', age: 36 })
  })
  await openai('an error before the stream, and one call of predict', async () => {
    const failures = async () => Number((await chat.completions.create(ask('failures'))).choices[0].message.content)
    const before = await failures()
    const error = await failureOf(stream('fail before'))
    assert.ok(error instanceof OpenAI.InternalServerError, error)
    assert.deepEqual([error.status, error.code, error.type], [500, 'internal', 'server_error'])
    assert.match(error.requestID, /./)
    assert.equal((await failures()) - before, 1)
  })
  await openai('an error in the middle of a stream', async () => {
    const chunks = []
    const error = await failureOf(
      (async () => {
        for await (const chunk of await stream('fail in the middle')) chunks.push(chunk)
      })(),
    )
    assert.ok(error instanceof OpenAI.APIError, error)
    assert.deepEqual([text(chunks), error.code], ['so far', 'internal'])
  })
  await openai('a request that does not fit', async () => {
    const error = await failureOf(
      chat.completions.create({ ...ask('hi'), messages: [{ role: 'bogus', content: 'x' }] }),
    )
    assert.ok(error instanceof OpenAI.BadRequestError, error)
    assert.match(error.message, /messages\[0\]/)
    assert.match(error.param, /^messages\[0\]/)
  })
  await openai('a parameter that the model does not know', async () => {
    const error = await failureOf(chat.completions.create({ ...ask('hi'), top_k: 5 }))
    assert.deepEqual([error.status, error.code, error.param], [400, 'unsupported_parameter', 'top_k'])
  })
  await openai('cancel', async () => {
    const ended = async () => Number((await chat.completions.create(ask('ended'))).choices[0].message.content)
    const before = await ended()
    const running = await stream('endless')
    for await (const chunk of running) if (chunk.choices[0].delta.content) break
    const end = Date.now() + 10_000
    while ((await ended()) === before) assert.ok(Date.now() < end, 'predict goes on')
  })
  await openai('a wrong key', async () => {
    const other = new OpenAI({ baseURL: `${CHAT_URL}/v1`, apiKey: 'sk-wrong' })
    for (const call of [() => other.chat.completions.create(ask('hi')), () => other.models.list()]) {
      const error = await failureOf(call())
      assert.ok(error instanceof OpenAI.AuthenticationError, error)
      assert.equal(error.code, 'invalid_api_key')
    }
  })
  await openai('models', async () => {
    const list = await collect(client.models.list())
    assert.deepEqual(
      list.map(({ id }) => id),
      ['chat'],
    )
    assert.equal((await client.models.retrieve('chat')).object, 'model')
    const error = await failureOf(client.models.retrieve('org/other'))
    assert.ok(error instanceof OpenAI.NotFoundError, error)
    const absent = await failureOf(chat.completions.create({ ...ask('hi'), model: 'other' }))
    assert.deepEqual([absent.status, absent.code], [404, 'model_not_found'])
  })
  await openai('the other prefix', async () => {
    const other = new OpenAI({ baseURL: `${CHAT_URL}/openai/v1`, apiKey: API_KEY })
    assert.equal((await other.chat.completions.create(ask('hi'))).choices[0].message.content, TEXT)
  })
  await openai('responses', async () => {
    const answer = await client.responses.create({ model: 'chat', input: 'hi' })
    assert.deepEqual([answer.output_text, answer.status, answer.usage.total_tokens], [TEXT, 'completed', 15])
    const events = await collect(await client.responses.create({ model: 'chat', input: 'hi', stream: true }))
    assert.equal(
      events.flatMap(({ type, delta }) => (type === 'response.output_text.delta' ? delta : [])).join(''),
      TEXT,
    )
    const final = await client.responses.stream({ model: 'chat', input: 'hi' }).finalResponse()
    assert.equal(final.output_text, TEXT)
    const called = await client.responses.create({
      model: 'chat',
      input: 'hi',
      tools: [{ type: 'function', ...weather.function, strict: null }],
    })
    assert.deepEqual(
      called.output.map(({ type, name }) => [type, name]),
      [1, 2].map(() => ['function_call', 'weather']),
    )
  })
  await openai('an error in the middle of the events of a response', async () => {
    const error = await failureOf(
      (async () =>
        collect(await client.responses.create({ model: 'chat', input: 'fail in the middle', stream: true })))(),
    )
    assert.ok(error instanceof OpenAI.APIError, error)
  })
  await openai('completions', async () => {
    const { completions } = new OpenAI({ baseURL: `${MODELS_URL}/v1`, apiKey: 'none' })
    const { choices, usage } = await completions.create({
      model: 'completions',
      prompt: ['Call me', 'He is'],
      echo: true,
      stop: ' END',
    })
    assert.deepEqual(
      choices.map(({ text }) => text),
      ['Call me Ishmael.', 'He is Ishmael.'],
    )
    assert.equal(typeof usage.total_tokens, 'number')
    const chunks = await collect(await completions.create({ model: 'completions', prompt: 'Call me', stream: true }))
    assert.equal(chunks.map(({ choices: [choice] }) => choice.text).join(''), ' Ishmael. END more')
    assert.equal(chunks.at(-1).choices[0].finish_reason, 'length')
  })
  await openai('embeddings', async () => {
    const { embeddings } = new OpenAI({ baseURL: `${MODELS_URL}/v1`, apiKey: 'none' })
    const input = ['a', 'bb']
    const asked = await embeddings.create({ model: 'embeddings', input })
    const floats = await embeddings.create({ model: 'embeddings', input, encoding_format: 'float' })
    for (const { data } of [asked, floats]) {
      assert.deepEqual(
        data.map(({ embedding }) => embedding),
        [1, 2].map(length => [...Float32Array.from([length, 0.1, -1 / 3])]),
      )
    }
    const error = await failureOf(embeddings.create({ model: 'embeddings', input, dimensions: 2 }))
    assert.deepEqual([error.status, error.param], [400, 'dimensions'])
  })
  const others = new OpenAI({ baseURL: `${MODELS_URL}/v1`, apiKey: 'none' })
  await openai('several models', async () => {
    const names = ['completions', 'embeddings', 'images', 'moderations', 'official', 'rerank', 'transcriptions']
    assert.deepEqual(
      (await collect(others.models.list())).map(({ id }) => id),
      names,
    )
    const error = await failureOf(others.chat.completions.create({ ...ask('hi'), model: 'completions' }))
    assert.deepEqual([error.status, error.code], [404, 'model_not_found'])
  })
  await openai('answers that the predictor writes itself', async () => {
    const { completions } = others.chat
    const whole = await completions.create({ ...ask('hi'), model: 'official' })
    assert.deepEqual([whole.id, whole.choices[0].message.content], ['chatcmpl-official', '1 messages'])
    const chunks = await collect(await completions.create({ ...ask('hi'), model: 'official', stream: true }))
    assert.deepEqual([chunks[0].model, text(chunks)], ['upstream', '1 messages'])
    assert.equal((await others.responses.create({ model: 'official', input: 'hi' })).output_text, '1 messages')
  })
  await openai('transcriptions', async () => {
    const request = { model: 'transcriptions', file: new File(['spoken'], 'a.wav'), language: 'de' }
    assert.equal((await others.audio.transcriptions.create(request)).text, 'a.wav: spoken')
    const long = await others.audio.transcriptions.create({ ...request, response_format: 'verbose_json' })
    assert.deepEqual([long.language, long.duration, long.segments[0].end], ['de', 1.5, 1.5])
    assert.match(
      await others.audio.transcriptions.create({ ...request, response_format: 'vtt' }),
      /^WEBVTT\n\n00:00:00.000/,
    )
    const error = await failureOf(others.audio.transcriptions.create({ model: 'transcriptions', language: 'de' }))
    assert.deepEqual([error.status, error.param], [400, 'file'])
  })
  await openai('images', async () => {
    const { data } = await others.images.generate({ model: 'images', prompt: 'a cat', n: 2 })
    assert.deepEqual(
      data.map(({ b64_json }) => atob(b64_json)),
      ['a cat', 'a cat'],
    )
  })
  await openai('moderations', async () => {
    const { results } = await others.moderations.create({ model: 'moderations', input: ['hit', 'hello'] })
    assert.deepEqual(
      results.map(({ flagged, categories }) => [flagged, categories.violence]),
      [
        [true, true],
        [false, false],
      ],
    )
  })
  await openai('reranking', async () => {
    const body = { model: 'rerank', query: 'cat', documents: ['a dog', 'a cat'], top_n: 1 }
    assert.deepEqual((await others.post('/rerank', { body })).results, [{ index: 1, relevance_score: 1 }])
  })
}

async function withAISDK() {
  const provide = (url, apiKey) =>
    createOpenAICompatible({
      name: 'incant',
      baseURL: `${url}/v1`,
      apiKey,
      includeUsage: true,
      supportsStructuredOutputs: true,
    })
  const provider = provide(CHAT_URL, API_KEY)
  const model = provider.chatModel('chat')
  const sdk = (name, work) => check('ai-sdk', name, work)
  const inputSchema = z.object({ city: z.string() })
  const tools = { weather: tool({ inputSchema, execute: async ({ city }) => `${city} is sunny` }) }
  const quiet = { onError: () => {} }

  await sdk('chat', async () => {
    const { text, finishReason, usage } = await generateText({ model, prompt: 'hi' })
    assert.deepEqual([text, finishReason, usage.totalTokens], [TEXT, 'stop', 15])
  })
  await sdk('stream', async () => {
    const result = streamText({ model, prompt: 'hi', stopSequences: [' END'] })
    assert.equal((await collect(result.textStream)).join(''), 'Hello 😀 world.')
    assert.equal(await result.finishReason, 'stop')
  })
  await sdk('a tool in a stream', async () => {
    const result = streamText({ model, prompt: 'weather?', tools, stopWhen: stepCountIs(3) })
    assert.match((await collect(result.textStream)).join(''), /^The tool says .*Wien is sunny/)
    assert.deepEqual(
      (await result.steps)[0].toolCalls.map(({ input }) => input.city),
      ['Graz', 'Wien'],
    )
  })
  await sdk('an object', async () => {
    const result = await generateText({ model, prompt: 'who?', output: Output.object({ schema: Person }) })
    assert.deepEqual(result.output ?? result.experimental_output, { name: 'Ada', age: 36 })
  })
  await sdk('errors', async () => {
    const before = await failureOf(generateText({ model, prompt: 'fail before', maxRetries: 0 }))
    assert.match(before.message, /Internal server error/)
    const parts = await collect(streamText({ model, prompt: 'fail in the middle', ...quiet }).fullStream)
    assert.equal(
      parts.flatMap(({ type, text, delta }) => (type === 'text-delta' ? (text ?? delta) : [])).join(''),
      'so far',
    )
    assert.match(
      JSON.stringify(parts.find(({ type }) => type === 'error')?.error?.message ?? parts),
      /Internal server error/,
    )
    const refused = await failureOf(generateText({ model, prompt: 'hi', providerOptions: { incant: { top_k: 5 } } }))
    assert.match(refused.message, /top_k/)
    const wrong = await failureOf(
      generateText({ model: provide(CHAT_URL, 'sk-wrong').chatModel('chat'), prompt: 'hi' }),
    )
    assert.equal(wrong.statusCode, 401)
  })
  await sdk('cancel', async () => {
    const controller = new AbortController()
    const { textStream } = streamText({ model, prompt: 'endless', abortSignal: controller.signal, ...quiet })
    for await (const _ of textStream) controller.abort()
  })
  await sdk('completions', async () => {
    const { text, finishReason } = await generateText({
      model: provide(MODELS_URL, 'none').completionModel('completions'),
      prompt: 'Call me',
    })
    assert.deepEqual([text, finishReason], [' Ishmael. END more', 'length'])
  })
  await sdk('embeddings', async () => {
    const embedder = provide(MODELS_URL, 'none')
    const { embeddings } = await embedMany({
      model: (embedder.embeddingModel ?? embedder.textEmbeddingModel)('embeddings'),
      values: ['a', 'bb'],
    })
    assert.deepEqual(
      embeddings.map(([length]) => length),
      [1, 2],
    )
  })
}

async function withLangChain() {
  const chat = new ChatOpenAI({
    model: 'chat',
    apiKey: API_KEY,
    maxRetries: 0,
    configuration: { baseURL: `${CHAT_URL}/v1` },
  })
  const langchain = (name, work) => check('langchain', name, work)

  await langchain('chat', async () => {
    const message = await chat.invoke('hi')
    assert.deepEqual([message.content, message.usage_metadata.total_tokens], [TEXT, 15])
  })
  await langchain('stream', async () => {
    const chunks = await collect(await chat.stream('hi'))
    assert.equal(chunks.map(({ content }) => content).join(''), TEXT)
  })
  await langchain('tools', async () => {
    const bound = chat.bindTools([weather])
    assert.deepEqual(
      (await bound.invoke('weather?')).tool_calls.map(({ args }) => args.city),
      ['Graz', 'Wien'],
    )
    const [first, ...others] = await collect(await bound.stream('weather?'))
    const whole = others.reduce((sum, chunk) => sum.concat(chunk), first)
    assert.deepEqual(
      whole.tool_calls.map(({ args }) => args.city),
      ['Graz', 'Wien'],
    )
  })
  await langchain('structured output', async () => {
    const structured = chat.withStructuredOutput(Person, { method: 'jsonSchema', name: 'person' })
    assert.deepEqual(await structured.invoke('who?'), { name: 'Ada', age: 36 })
  })
  await langchain('errors', async () => {
    assert.match((await failureOf(chat.invoke('fail before'))).message, /Internal server error/)
    const chunks = []
    const error = await failureOf(
      (async () => {
        for await (const chunk of await chat.stream('fail in the middle')) chunks.push(chunk.content)
      })(),
    )
    assert.deepEqual([chunks.join(''), error.code], ['so far', 'internal'])
    const wrong = new ChatOpenAI({
      model: 'chat',
      apiKey: 'sk-wrong',
      maxRetries: 0,
      configuration: { baseURL: `${CHAT_URL}/v1` },
    })
    assert.match((await failureOf(wrong.invoke('hi'))).message, /401|credential|authent/i)
  })
  await langchain('cancel', async () => {
    const controller = new AbortController()
    const reading = (async () => {
      for await (const _ of await chat.stream('endless', { signal: controller.signal })) controller.abort()
    })()
    await failureOf(reading)
  })
  await langchain('embeddings', async () => {
    const embedder = new OpenAIEmbeddings({
      model: 'embeddings',
      apiKey: 'none',
      configuration: { baseURL: `${MODELS_URL}/v1` },
    })
    const vectors = await embedder.embedDocuments(['a', 'bb'])
    assert.deepEqual(
      vectors.map(([length, ...others]) => [length, others.length]),
      [
        [1, 2],
        [2, 2],
      ],
    )
    assert.equal((await embedder.embedQuery('abc'))[0], 3)
  })
}
