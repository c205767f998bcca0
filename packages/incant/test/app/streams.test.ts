import { describe, expect, test } from 'vitest'
import type { PredictorApp } from '../../src/app/predictor-app.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { expectProblem, gate, type LogLine, post, requestLines, serveInMemory, turns } from './_serving.ts'

type Make = () => AsyncIterable<unknown>

function serving(make: Make, options: object = {}): Promise<{ app: PredictorApp; lines: LogLine[] }> {
  class Predictor extends BasePredictor {
    predict(_payload?: unknown) {
      return make()
    }
  }
  return serveInMemory(Predictor, options)
}

/** What a reader has got when the stream is over, and whether it ended well. */
async function read(response: Response): Promise<{ text: string; complete: boolean }> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true })
    return { text, complete: true }
  } catch {
    return { text, complete: false }
  }
}

async function* items(...values: readonly unknown[]): AsyncGenerator<unknown> {
  yield* values
}

describe('the items of an async iterable', () => {
  test.each([
    [undefined, 'text/event-stream', 'data: {"a":1}\n\ndata: "b\\nc"\n\n'],
    ['text/event-stream', 'text/event-stream', 'data: {"a":1}\n\ndata: "b\\nc"\n\n'],
    ['*/*', 'text/event-stream', 'data: {"a":1}\n\ndata: "b\\nc"\n\n'],
    ['application/x-ndjson', 'application/x-ndjson', '{"a":1}\n"b\\nc"\n'],
    ['text/html, Application/JSONL;q=0.5', 'application/x-ndjson', '{"a":1}\n"b\\nc"\n'],
  ])('Accept: %s gives %s', async (accept, type, text) => {
    const { app } = await serving(() => items({ a: 1 }, 'b\nc'))
    const response = await post(app, '{}', accept === undefined ? {} : { accept })
    expect({ status: response.status, type: response.headers.get('content-type') }).toEqual({ status: 200, type })
    expect(await read(response)).toEqual({ text, complete: true })
  })

  test('none at all are an empty stream', async () => {
    const { app } = await serving(() => items())
    expect(await read(await post(app, '{}'))).toEqual({ text: '', complete: true })
  })

  test('async *predict is one', async () => {
    class Predictor extends BasePredictor {
      word = 'instance'
      async *predict(_payload?: unknown) {
        yield this.word
      }
    }
    const { app } = await serveInMemory(Predictor)
    expect((await read(await post(app, '{}'))).text).toBe('data: "instance"\n\n')
  })

  test('an iterator without return and without a generator behind it', async () => {
    const make = (): AsyncIterable<unknown> => ({
      [Symbol.asyncIterator]() {
        let left = 2
        return { next: async () => (left-- > 0 ? { done: false, value: left } : { done: true, value: undefined }) }
      },
    })
    const { app } = await serving(make)
    expect((await read(await post(app, '{}'))).text).toBe('data: 1\n\ndata: 0\n\n')
  })

  test.each<[string, Make]>([
    ['an async iterable of Uint8Array', () => items(new Uint8Array([97]), new Uint8Array([98]))],
    ['a ReadableStream', () => new Blob(['ab']).stream()],
    [
      'a generator of Buffers',
      async function* () {
        yield Buffer.from('a')
        yield Buffer.from('b')
      },
    ],
  ])('%s is sent as bytes', async (_name, make) => {
    const { app } = await serving(make)
    const response = await post(app, '{}')
    expect(response.headers.get('content-type')).toBe('application/octet-stream')
    expect(await read(response)).toEqual({ text: 'ab', complete: true })
  })
})

describe('a stream that fails before or with its first item is a plain error', () => {
  test.each<[string, Make, number, string]>([
    [
      'the generator throws',
      // biome-ignore lint/correctness/useYield: that it never gets to one is what is tested
      async function* () {
        throw new Error('canary')
      },
      500,
      'internal',
    ],
    ['the first item cannot be carried', () => items(Symbol('item')), 500, 'not_serializable'],
    [
      'the first chunk of a byte stream is none',
      () => new ReadableStream({ start: c => c.enqueue('text') }),
      500,
      'internal',
    ],
    [
      'asking for the iterator throws',
      () => ({
        [Symbol.asyncIterator]: () => {
          throw new Error('canary')
        },
      }),
      500,
      'internal',
    ],
  ])('%s', async (_name, make, status, code) => {
    const { app } = await serving(make, { concurrency: 1, queue: 0 })
    expect(JSON.stringify(await expectProblem(await post(app, '{}'), status, code))).not.toContain('canary')
    // Its place is free again: the next call is not refused as one too many.
    await expectProblem(await post(app, '{}'), status, code)
  })

  test('a generator whose first item cannot be carried is returned', async () => {
    let returned = false
    const { app } = await serving(async function* () {
      try {
        yield Symbol('item')
      } finally {
        returned = true
      }
    })
    await expectProblem(await post(app, '{}'), 500, 'not_serializable')
    await expect.poll(() => returned).toBe(true)
  })
})

describe('a stream that fails later ends with the problem and an incomplete close', () => {
  async function* failing(): AsyncGenerator<unknown> {
    yield 1
    throw new Error('canary')
  }

  test('server-sent events', async () => {
    const { app, lines } = await serving(failing)
    const response = await post(app, '{}')
    const { text, complete } = await read(response)
    expect(complete).toBe(false)
    const [first, last] = text.split('\n\n')
    expect(first).toBe('data: 1')
    const [, event, data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(last ?? '') ?? []
    expect(event).toBe('error')
    expect(JSON.parse(data)).toEqual({
      type: 'urn:incant:error:internal',
      title: 'Internal server error',
      status: 500,
      code: 'internal',
      requestId: response.headers.get('x-request-id'),
    })
    expect(lines.find(({ message }) => message === 'predict failed')).toMatchObject({ error: { message: 'canary' } })
  })

  test('NDJSON', async () => {
    const { app } = await serving(failing)
    const { text, complete } = await read(await post(app, '{}', { accept: 'application/x-ndjson' }))
    expect(complete).toBe(false)
    expect(text.split('\n')[0]).toBe('1')
    expect(JSON.parse(text.split('\n')[1] ?? '').error).toMatchObject({ status: 500, code: 'internal' })
  })

  test('an item that cannot be carried', async () => {
    const { app } = await serving(() => items(1, Number.NaN, 2))
    const { text, complete } = await read(await post(app, '{}'))
    expect(complete).toBe(false)
    expect(text).toContain('"code":"not_serializable"')
    expect(text).not.toContain('data: 2')
  })

  test('bytes just end', async () => {
    const { app } = await serving(() => items(new Uint8Array([97]), 'no bytes'))
    expect(await read(await post(app, '{}'))).toEqual({ text: 'a', complete: false })
  })

  test('the deadline counts for streams, and the log says that it was cut', async () => {
    const { app, lines } = await serving(
      async function* () {
        for (;;) yield await turns(1)
      },
      { requestTimeout: 400 },
    )
    const { text, complete } = await read(await post(app, '{}'))
    expect(complete).toBe(false)
    expect(text).toContain('"code":"deadline_exceeded"')
    expect(await requestLines(lines)).toMatchObject([{ status: 504, reason: 'deadline_exceeded' }])
  })
})

describe('a stream goes no faster than its reader, and no longer', () => {
  test('nobody reads: the generator is one item ahead at most', async () => {
    let made = 0
    const { app } = await serving(async function* () {
      for (;;) yield made++
    })
    const response = await post(app, '{}')
    await turns()
    expect(made).toBe(1)
    const reader = response.body?.getReader()
    for (let count = 0; count < 10; count += 1) await reader?.read()
    await turns()
    expect(made).toBeLessThanOrEqual(12)
    await reader?.cancel()
  })

  test('the reader leaves: the generator is returned, once, its place is free, the log says 499', async () => {
    let returned = 0
    const make: Make = () => ({
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: 1 }),
        return: async () => {
          returned += 1
          return { done: true, value: undefined }
        },
      }),
    })
    const { app, lines } = await serving(make, { concurrency: 1, queue: 0 })
    const response = await post(app, '{}')
    await expectProblem(await post(app, '{}'), 503, 'queue_full')
    await response.body?.cancel()
    await requestLines(lines, 2)
    await expect.poll(() => returned).toBe(1)
    expect(lines.find(({ status }) => status === 499)).toMatchObject({ route: '/predict', reason: 'client_closed' })
    expect((await post(app, '{}')).status).toBe(200)
  })

  test('the caller aborts while the generator waits: it is returned when it wakes', async () => {
    const waiting = gate()
    let returned = false
    const { app } = await serving(async function* () {
      try {
        yield 1
        await waiting.opened
        yield 2
      } finally {
        returned = true
      }
    })
    const controller = new AbortController()
    const response = await app.request('/predict', { method: 'POST', body: '{}', signal: controller.signal })
    const reading = read(response)
    await turns()
    controller.abort()
    expect((await reading).complete).toBe(false)
    expect(app.unfinished).toBe(0)
    waiting.open()
    await expect.poll(() => returned).toBe(true)
  })

  test('the caller leaves before predict has made the generator: it never runs', async () => {
    const [begun, waiting] = [gate(), gate()]
    let ran = false
    class Predictor extends BasePredictor {
      async predict(_payload?: unknown) {
        begun.open()
        await waiting.opened
        return (async function* () {
          ran = true
          yield 1
        })()
      }
    }
    const { app } = await serveInMemory(Predictor)
    const controller = new AbortController()
    const pending = app.request('/predict', { method: 'POST', body: '{}', signal: controller.signal })
    await begun.opened
    controller.abort()
    expect((await pending).status).toBe(499)
    waiting.open()
    await turns()
    expect(ran).toBe(false)
  })
})
