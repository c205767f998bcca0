import { describe, expect, test } from 'vitest'
import { ModelClient, type PredictionStream } from '../../src/client/index.ts'
import { EventParser } from '../../src/client/stream/event-parser.ts'
import type { ItemParser } from '../../src/client/stream/item-parser.ts'
import { LineParser } from '../../src/client/stream/line-parser.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import type { PredictContext } from '../../src/predictor/context.ts'
import { turns } from '../app/_serving.ts'
import { eventually, served } from '../node/_served.ts'
import { chunked, failureOf, rawServer } from './_raw-server.ts'

type Make = () => AsyncGenerator<unknown>
const EVENTS = 'text/event-stream'
const LINES = 'application/x-ndjson'
const FORMATS = [EVENTS, LINES]

/** A server that streams what a generator makes, asked in a format. */
async function ask(make: Make, format: string, options: object = {}): Promise<PredictionStream<unknown>> {
  class Predictor extends BasePredictor {
    predict(_payload?: unknown): AsyncGenerator<unknown> {
      return make()
    }
  }
  const { server } = await served(Predictor)
  return new ModelClient<typeof Predictor>(server.url).predict({}, { headers: { accept: format }, ...options })
}

/** What came, and what it ended with. */
async function collect(stream: AsyncIterable<unknown>): Promise<{ items: unknown[]; failure?: unknown }> {
  const items: unknown[] = []
  try {
    for await (const item of stream) items.push(item)
    return { items }
  } catch (failure) {
    return { items, failure }
  }
}

describe.each(FORMATS)('a real server, %s', format => {
  test('every item as it was yielded', async () => {
    const items = [{ a: 'ü\n\r\u2028' }, 'text', '', 5, null, [1], { error: { status: 1 } }]
    const stream = await ask(async function* () {
      yield* items
    }, format)
    expect(await collect(stream)).toEqual({ items })
    expect(await stream.next()).toEqual({ done: true, value: undefined })
  })

  test('none', async () => {
    expect(await collect(await ask(async function* () {}, format))).toEqual({ items: [] })
  })

  test('ten thousand items, and one larger than a chunk', async () => {
    const large = 'ü'.repeat(500_000)
    const { items } = await collect(
      await ask(async function* () {
        for (let index = 0; index < 10_000; index += 1) yield index
        yield large
      }, format),
    )
    expect(items.length).toBe(10_001)
    expect(items[9_999]).toBe(9_999)
    expect(items[10_000] === large).toBe(true)
  })

  test('a failure after the second item: both, then the server’s error', async () => {
    const { items, failure } = await collect(
      await ask(async function* () {
        yield 1
        yield 2
        throw new Error('canary')
      }, format),
    )
    expect(items).toEqual([1, 2])
    expect(failure).toMatchObject({
      name: 'ServerFailedError',
      status: 500,
      code: 'internal',
      requestId: expect.stringMatching(/^[\w-]{36}$/),
      message: '500 internal: Internal server error',
    })
  })

  test('a failure before the first item is no stream', async () => {
    const failing: Make = async function* () {
      yield JSON.parse('canary')
    }
    expect(await failureOf(ask(failing, format))).toMatchObject({ status: 500, code: 'internal' })
  })

  test('breaking out of the loop ends the request: the generator is returned', async () => {
    let returned = false
    const stream = await ask(async function* () {
      try {
        for (let index = 0; ; index += 1) {
          yield index
          await turns(1)
        }
      } finally {
        returned = true
      }
    }, format)
    for await (const item of stream) if (item === 3) break
    await eventually(() => returned)
  })

  test('so does return(), where nothing was read, and the signal, which throws', async () => {
    let returned = 0
    const forever: Make = async function* () {
      try {
        for (;;) {
          yield 1
          await turns(1)
        }
      } finally {
        returned += 1
      }
    }
    const unread = await ask(forever, format)
    await unread.return?.()
    await eventually(() => returned === 1)
    expect(await unread.next()).toEqual({ done: true, value: undefined })
    const controller = new AbortController()
    const stream = await ask(forever, format, { signal: controller.signal })
    await stream.next()
    const reason = new Error('enough')
    controller.abort(reason)
    expect((await collect(stream)).failure).toBe(reason)
    await eventually(() => returned === 2)
  })

  test('while nobody asks, the generator waits', async () => {
    let made = 0
    const stream = await ask(async function* () {
      for (;;) {
        made += 1
        yield 'x'.repeat(10_000)
      }
    }, format)
    await stream.next()
    // What fits into buffers and sockets is made, and nothing more.
    await turns(1000)
    const stalled = made
    expect(made).toBeLessThan(5_000)
    for (let count = 0; count < stalled + 10; count += 1) await stream.next()
    expect(made).toBeGreaterThan(stalled)
    await stream.return?.()
  })
})

test('the context’s signal fires when the loop is left', async () => {
  let fired = false
  class Predictor extends BasePredictor {
    async *predict(_payload: unknown, context: PredictContext): AsyncGenerator<number> {
      context.signal.addEventListener('abort', () => {
        fired = true
      })
      for (;;) {
        yield 1
        await turns(1)
      }
    }
  }
  const signature = {
    version: 1,
    className: 'P',
    parameters: [
      { name: 'p', role: 'payload' },
      { name: 'c', role: 'context' },
    ],
    returns: [],
    definitions: {},
  } as const
  const { server } = await served(Predictor, { signature })
  for await (const _item of await new ModelClient<typeof Predictor>(server.url).predict({})) break
  await eventually(() => fired)
})

describe('a stream that is not whole', () => {
  const problem = '{"type":"urn:incant:error:internal","title":"T","status":500,"code":"internal","requestId":"r9"}'
  test.each<[string, string, string, unknown[], object]>([
    [
      'events, cut between two',
      EVENTS,
      'data: 1\n\n',
      [1],
      { name: 'ConnectionError', code: 'connection_lost', requestId: 'r1' },
    ],
    ['events, cut within one', EVENTS, 'data: 1\n\ndata: {"a"', [1], { code: 'connection_lost' }],
    [
      'an event that is not JSON',
      EVENTS,
      'data: canary\n\n',
      [],
      { name: 'InvalidResponseError', code: 'invalid_response', message: 'An item of the stream is not JSON.' },
    ],
    [
      'an error event',
      EVENTS,
      `data: 1\n\nevent: error\ndata: ${problem}\n\n`,
      [1],
      { name: 'ServerFailedError', code: 'internal', requestId: 'r9' },
    ],
    [
      'an error event of somebody else’s',
      EVENTS,
      'event: error\ndata: "canary"\n\n',
      [],
      { code: 'invalid_response', message: 'The stream ended with an error that is no problem document.' },
    ],
    [
      'lines, cut between two',
      LINES,
      '1\n',
      [1],
      { name: 'ConnectionError', code: 'connection_lost', requestId: 'r1' },
    ],
    ['lines, cut within one', LINES, '1\n{"a"', [1], { code: 'connection_lost' }],
    ['a line that is not JSON', LINES, 'canary\n', [], { code: 'invalid_response' }],
    [
      'an error line',
      LINES,
      `1\n{"error":${problem}}\n`,
      [1],
      { name: 'ServerFailedError', code: 'internal', requestId: 'r9' },
    ],
  ])('%s', async (_name, type, text, expected, error) => {
    const server = await rawServer(chunked(type, text))
    const { items, failure } = await collect(
      await new ModelClient<{ predict(): AsyncIterable<unknown> }>(server.url).predict(),
    )
    expect(items).toEqual(expected)
    expect(failure).toMatchObject(error)
    expect(String(failure)).not.toContain('canary')
  })

  test.each([
    ['events', EVENTS, 'data: 1\n\ndata: 2\n'],
    ['lines', LINES, '1\n2'],
  ])('%s, cut within one by a close that looks complete', async (_name, type, text) => {
    const server = await rawServer(`HTTP/1.0 200 OK\r\nContent-Type: ${type}\r\n\r\n${text}`)
    const { items, failure } = await collect(
      await new ModelClient<{ predict(): AsyncIterable<unknown> }>(server.url).predict(),
    )
    expect(items).toEqual([1])
    expect(failure).toMatchObject({ name: 'ConnectionError', code: 'connection_lost' })
  })

  test('an error line that is not the last was an item', async () => {
    const line = `{"error":${problem}}`
    const server = await rawServer(`${chunked(LINES, `${line}\n`, `2\n${line}\n`)}0\r\n\r\n`)
    const { items } = await collect(await new ModelClient<{ predict(): AsyncIterable<unknown> }>(server.url).predict())
    expect(items).toEqual([JSON.parse(line), 2, JSON.parse(line)])
  })

  const SLOW = { tags: ['slow'] }

  test('one that stalls: the timeout counts each wait, and not what the caller does between', SLOW, async () => {
    const server = await rawServer(socket => void socket.write(chunked(EVENTS, 'data: 1\n\n', 'data: 2\n\n')))
    const model = new ModelClient<{ predict(): AsyncIterable<number> }>(server.url, { timeout: 1500 })
    const items: number[] = []
    const failure = await failureOf(
      (async () => {
        for await (const item of await model.predict()) {
          items.push(item)
          if (item === 1) await new Promise(resolve => setTimeout(resolve, 2000))
        }
      })(),
    )
    expect(items).toEqual([1, 2])
    expect(failure).toMatchObject({
      name: 'TimeoutError',
      code: 'timeout',
      message: 'The server did not answer within 1500 ms.',
    })
    await expect.poll(() => server.closed).toBeGreaterThan(0)
  })

  test('whoever leaves while bytes are waited for is told of nothing', async () => {
    const server = await rawServer(socket => void socket.write(chunked(EVENTS, 'data: 1\n\n')))
    const stream = await new ModelClient<{ predict(): AsyncIterable<number> }>(server.url).predict()
    await stream.next()
    const waiting = stream.next()
    expect(await stream.return?.()).toEqual({ done: true, value: undefined })
    expect(await waiting).toEqual({ done: true, value: undefined })
    await expect.poll(() => server.closed).toBeGreaterThan(0)
  })
})

describe('items, however the text is cut', () => {
  const events =
    ': comment\r\n\r\ndata: 1\r\n\r\ndata:2\n\nevent: token\ndata: {"a":\ndata: 3}\r\rid: 7\nretry: 5\n\n:\n\ndata: "\u2028"\n\nevent: x\n\ndata\n: c\ndata: 4\n\n'
  const lines = '1\r\n\n2\n{"a":3}\n"\u2028"\n4\n'
  test.each<[string, () => ItemParser, string]>([
    ['events', () => new EventParser(), events],
    ['lines', () => new LineParser(), lines],
    ['events that end with CR', () => new EventParser(), events.replaceAll(/\r?\n/g, '\r')],
    ['lines that end with CR', () => new LineParser(), lines.replaceAll(/\r?\n/g, '\r')],
  ])('%s', (_name, make, text) => {
    for (let size = 1; size <= text.length; size += 1) {
      const parser = make()
      const items: unknown[] = []
      for (let start = 0; start < text.length; start += size)
        items.push(...parser.push(text.slice(start, start + size)))
      items.push(...parser.end())
      expect(items, `pieces of ${size}`).toEqual([1, 2, { a: 3 }, '\u2028', 4])
    }
  })
})
