import type OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { ReceivedForm } from '../../../src/http/form/received-form.ts'
import { makeModel, readError, readEvents, readJSON, send } from './_face.ts'

describe('/v1/completions', () => {
  const model = makeModel('m', {
    protocol: 'openai.completion',
    async *predict({ prompt }: { prompt: string }) {
      yield* [`${prompt}!`, '?']
      return { finish_reason: 'length', usage: { prompt_tokens: prompt.length, completion_tokens: 2 } }
    },
  })

  test('calls predict for each prompt and choice', async () => {
    const body = { prompt: ['a', 'bb'], n: 2, echo: true }
    const answer = await readJSON<OpenAI.Completion>(await send([model], '/v1/completions', body))
    expect(answer).toMatchObject({ object: 'text_completion', model: 'm' })
    expect(answer.choices).toEqual(
      ['aa!?', 'aa!?', 'bbbb!?', 'bbbb!?'].map((text, index) => ({
        text,
        index,
        logprobs: null,
        finish_reason: 'length',
      })),
    )
    expect(answer.usage).toEqual({ prompt_tokens: 3, completion_tokens: 8, total_tokens: 11 })
  })

  test('streams', async () => {
    const events = await readEvents(await send([model], '/v1/completions', { prompt: 'a', stream: true, stop: '?' }))
    const choices = events.slice(0, -1).map(event => (event as { choices: object[] }).choices[0])
    expect(choices).toEqual([
      { index: 0, text: 'a!', logprobs: null, finish_reason: null },
      { index: 0, text: '', logprobs: null, finish_reason: 'stop' },
    ])
    expect(events.at(-1)).toBe('[DONE]')
  })

  test.each([
    [{ prompt: [] }, 'prompt', 'invalid_value'],
    [{ prompt: [1, 2] }, 'prompt', 'unsupported_parameter'],
    [{ prompt: ['a', 'b'], n: 100 }, 'n', 'invalid_value'],
    [{}, 'prompt', 'invalid_value'],
  ])('%j is refused', async (body, param, code) => {
    const response = await send([model], '/v1/completions', body)
    expect([response.status, await readError(response)]).toMatchObject([400, { param, code }])
  })
})

describe('/v1/embeddings', () => {
  const numbers = (text: string) => Float32Array.from([text.length, 0.1, -3])
  const model = makeModel('m', { protocol: 'openai.embedding', role: 'text', predict: numbers })

  test('calls predict for each text, and gives floats or the bytes of them', async () => {
    const input = ['a', 'bbb']
    const floats = await readJSON<OpenAI.CreateEmbeddingResponse>(await send([model], '/v1/embeddings', { input }))
    const base64 = await readJSON<{ data: { embedding: string }[] }>(
      await send([model], '/v1/embeddings', { input, encoding_format: 'base64' }),
    )
    expect(floats.data.map(({ index }) => index)).toEqual([0, 1])
    for (const [index, text] of input.entries()) {
      const bytes = Buffer.from(base64.data[index]?.embedding ?? '', 'base64')
      const decoded = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
      expect(decoded).toEqual(numbers(text))
      expect(Float32Array.from(floats.data[index]?.embedding ?? [])).toEqual(decoded)
    }
    expect(floats.usage).toEqual({ prompt_tokens: 0, total_tokens: 0 })
  })

  test('calls no more than 32 at a time, and stops at the first that fails', async () => {
    let running = 0
    let most = 0
    let calls = 0
    const slow = makeModel('m', {
      protocol: 'openai.embedding',
      role: 'text',
      async predict(text: string) {
        calls += 1
        running += 1
        most = Math.max(most, running)
        await new Promise(resolve => setImmediate(resolve))
        running -= 1
        if (text === '50') throw new Error('50')
        return [1]
      },
    })
    const input = Array.from({ length: 200 }, (_, index) => String(index))
    const response = await send([slow], '/v1/embeddings', { input })
    expect([response.status, most]).toEqual([500, 32])
    expect(calls).toBeLessThan(100)
  })

  test.each([
    [{ input: [1, 2] }, 'input'],
    [{ input: [[1], [2]] }, 'input'],
    [{ input: 'a', dimensions: 2 }, 'dimensions'],
    [{ input: 'a', encoding_format: 'int8' }, 'encoding_format'],
    [{ input: [] }, 'input'],
  ])('%j is refused', async (body, param) => {
    const response = await send([model], '/v1/embeddings', body)
    expect([response.status, (await readError(response)).param]).toEqual([400, param])
  })

  describe('of a type that names tokens', () => {
    const tokens = { type: 'array', items: { type: 'number' } } as const
    const schema = { type: 'object', properties: { input: { anyOf: [{ type: 'string' }, tokens] } } } as const
    const reading = makeModel('m', {
      protocol: 'openai.embedding',
      schema,
      predict: ({ input }: { input: string | number[] }) => [input.length, ...(typeof input === 'string' ? [] : input)],
    })

    test.each<[unknown, number[][]]>([
      [[7, 8], [[2, 7, 8]]],
      [
        [[7], [8, 9]],
        [
          [1, 7],
          [2, 8, 9],
        ],
      ],
      [
        ['abc', [7]],
        [[3], [1, 7]],
      ],
      ['abc', [[3]]],
      [Array.from({ length: 3000 }, () => 1), [[3000, ...Array.from({ length: 3000 }, () => 1)]]],
    ])('the input %j is so many calls', async (input, embeddings) => {
      const response = await send([reading], '/v1/embeddings', { input })
      const { data } = await readJSON<OpenAI.CreateEmbeddingResponse>(response)
      expect(data.map(({ embedding }) => embedding)).toEqual(embeddings)
    })

    test.each([[[]], [[[]]], [[1, 'a']], [[1.5]], [[[1], 2]], [5]])('the input %j is refused', async input => {
      const response = await send([reading], '/v1/embeddings', { input })
      expect([response.status, await readError(response)]).toMatchObject([
        400,
        { param: 'input', code: 'invalid_value' },
      ])
    })

    test('and completions of tokens have no text to echo', async () => {
      const properties = { prompt: { anyOf: [{ type: 'string' }, tokens] } } as const
      const counting = makeModel('m', {
        protocol: 'openai.completion',
        schema: { type: 'object', properties },
        predict: ({ prompt }: { prompt: number[] }) => `${prompt.length}`,
      })
      const ask = (more: object) => send([counting], '/v1/completions', { prompt: [[1, 2], [3]], ...more })
      const { choices } = await readJSON<OpenAI.Completion>(await ask({}))
      expect(choices.map(({ text }) => text)).toEqual(['2', '1'])
      const refused = await ask({ echo: true })
      expect([refused.status, (await readError(refused)).param]).toEqual([400, 'echo'])
    })
  })

  test('of a request type have its members, and the tokens that predict counts', async () => {
    const schema = { type: 'object', properties: { input: {}, dimensions: { type: 'integer' } } } as const
    const exact = makeModel('m', {
      protocol: 'openai.embedding',
      schema,
      predict: ({ input, dimensions }: { input: string; dimensions: number }) => ({
        embedding: new Array(dimensions).fill(input.length),
        usage: { prompt_tokens: 2 },
      }),
    })
    const answer = await readJSON<OpenAI.CreateEmbeddingResponse>(
      await send([exact], '/v1/embeddings', { input: ['a', 'b'], dimensions: 2 }),
    )
    expect(answer.data[1]?.embedding).toEqual([1, 1])
    expect(answer.usage).toEqual({ prompt_tokens: 4, total_tokens: 4 })
  })
})

describe('/v1/moderations', () => {
  const model = makeModel('m', {
    protocol: 'openai.moderation',
    predict: ({ input }: { input: string }) => ({ categories: { violence: input.includes('hit'), spam: false } }),
  })

  test('classifies each input, with every category that clients read', async () => {
    const body = { input: ['hit him', 'hello'] }
    const answer = await readJSON<OpenAI.ModerationCreateResponse>(await send([model], '/v1/moderations', body))
    expect(answer.results.map(({ flagged }) => flagged)).toEqual([true, false])
    expect(answer.results[0]?.category_scores).toMatchObject({ violence: 1, spam: 0, 'hate/threatening': 0 })
    expect(answer.results[0]?.category_applied_input_types).toMatchObject({ violence: ['text'], sexual: [] })
  })

  test('takes the texts of a message, and refuses its images', async () => {
    const texts = { input: [{ type: 'text', text: 'hit' }] }
    const answer = await readJSON<OpenAI.ModerationCreateResponse>(await send([model], '/v1/moderations', texts))
    expect(answer.results.map(({ flagged }) => flagged)).toEqual([true])
    const image = { input: [{ type: 'image_url', image_url: { url: 'data:' } }] }
    expect((await readError(await send([model], '/v1/moderations', image))).param).toBe('input')
  })
})

describe('/v1/rerank', () => {
  const scores = { long: 0.9, a: 0.1, middle: 0.5 }
  const documents = ['a', { text: 'long' }, 'middle']

  test.each([
    ['numbers', (texts: readonly (keyof typeof scores)[]) => texts.map(text => scores[text])],
    ['an array of floats', (texts: readonly (keyof typeof scores)[]) => Float32Array.from(texts, text => scores[text])],
    [
      'results',
      (texts: readonly (keyof typeof scores)[]) =>
        texts.map((text, index) => ({ index, relevance_score: scores[text] })),
    ],
  ])('sorts by what predict returns as %s', async (_form, rate) => {
    const model = makeModel('m', {
      protocol: 'openai.rerank',
      predict: ({ documents: texts }: { documents: readonly (keyof typeof scores)[] }) => rate(texts),
    })
    const body = { query: 'q', documents, top_n: 2, return_documents: true }
    for (const path of ['/v1/rerank', '/v2/rerank']) {
      const answer = await readJSON<{ results: object[] }>(await send([model], path, body))
      expect(answer.results).toEqual([
        { index: 1, relevance_score: expect.closeTo(0.9), document: { text: 'long' } },
        { index: 2, relevance_score: expect.closeTo(0.5), document: { text: 'middle' } },
      ])
    }
  })
})

describe('/v1/images/generations', () => {
  test('makes each image by a call, in base64', async () => {
    const model = makeModel('m', {
      protocol: 'openai.image',
      predict: () => ({ b64_json: 'AAEC', revised_prompt: 'p' }),
    })
    const answer = await readJSON<OpenAI.ImagesResponse>(
      await send([model], '/v1/images/generations', { prompt: 'p', n: 2 }),
    )
    expect(answer.data).toEqual([1, 2].map(() => ({ b64_json: 'AAEC', revised_prompt: 'p' })))
    const url = { prompt: 'p', response_format: 'url' }
    expect((await readError(await send([model], '/v1/images/generations', url))).param).toBe('response_format')
  })
})

describe('/v1/audio/transcriptions', () => {
  const segments = [{ start: 0, end: 1.5, text: ' Hello' }]
  const model = makeModel('m', {
    protocol: 'openai.transcription',
    predict: () => ({ text: 'Hello', language: 'en', segments }),
  })
  const form = (format: string) =>
    new ReceivedForm([
      ['model', 'm'],
      ['response_format', format],
    ])

  test.each([
    ['json', 'application/json', '{"text":"Hello"}'],
    ['text', 'text/plain; charset=utf-8', 'Hello\n'],
    ['srt', 'application/x-subrip; charset=utf-8', '1\n00:00:00,000 --> 00:00:01,500\nHello\n\n'],
    ['vtt', 'text/vtt; charset=utf-8', 'WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nHello\n\n'],
  ])('writes %s', async (format, type, text) => {
    const response = await send([model], '/v1/audio/transcriptions', form(format))
    expect([response.headers.get('content-type'), await response.text()]).toEqual([type, text])
  })

  test('writes what is known of segments', async () => {
    const response = await send([model], '/v1/audio/transcriptions', form('verbose_json'))
    expect(await response.json()).toMatchObject({
      language: 'en',
      duration: 1.5,
      segments: [{ id: 0, ...segments[0] }],
    })
  })

  test('refuses other forms, and fields that are not named', async () => {
    const response = await send([model], '/v1/audio/transcriptions', form('pdf'))
    expect((await readError(response)).param).toBe('response_format')
    const narrow = makeModel('m', {
      protocol: 'openai.transcription',
      schema: { type: 'object', properties: { file: {} } },
      predict: () => 'Hello',
    })
    const fields = new ReceivedForm([
      ['model', 'm'],
      ['language', 'de'],
    ])
    expect((await readError(await send([narrow], '/v1/audio/transcriptions', fields))).param).toBe('language')
  })
})
