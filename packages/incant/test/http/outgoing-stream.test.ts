import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { outgoingStream } from '../../src/http/outgoing-stream.ts'
import { byteFraming, itemFraming, type StreamFraming } from '../../src/http/stream-framing.ts'

const decoder = new TextDecoder()

/** A stream whose items are given one by one, its first already. */
function open(framing: StreamFraming) {
  const waiting: ((result: IteratorResult<unknown>) => void)[] = []
  let returned = 0
  let ended = 0
  let cancel = (_reason: Error): void => {}
  const stream = outgoingStream({
    framing,
    iterator: {
      next: () => new Promise(resolve => waiting.push(resolve)),
      async return() {
        returned += 1
        return { done: true, value: undefined }
      },
    },
    first: framing.item(new Uint8Array([49])),
    describe: () => ({ type: 't', title: 't', status: 500, code: 'internal', requestId: 'r' }),
    onCancel(listener) {
      cancel = listener
    },
    onEnd() {
      ended += 1
    },
  })
  const reader = stream.getReader()
  const read = async () => {
    const { done, value } = await reader.read()
    return done ? undefined : decoder.decode(value)
  }
  const give = (value: unknown) => waiting.shift()?.({ done: false, value })
  return {
    reader,
    read,
    give,
    cancel: (reason: Error) => cancel(reason),
    state: () => ({ returned, ended, asked: waiting.length }),
  }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('server-sent events', () => {
  test('say every 15 s that they are still there, until the next item comes', async () => {
    const { read, give, reader, state } = open({ ...itemFraming('event-stream'), item: () => new Uint8Array([49]) })
    expect(await read()).toBe('1')
    const second = read()
    await vi.advanceTimersByTimeAsync(14_999)
    expect(state().asked).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(await second).toBe(':\n\n')
    const third = read()
    await vi.advanceTimersByTimeAsync(15_000)
    expect(await third).toBe(':\n\n')
    // The item that was asked for is still the same one.
    expect(state().asked).toBe(1)
    const fourth = read()
    give('item')
    expect(await fourth).toBe('1')
    await reader.cancel()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(vi.getTimerCount()).toBe(0)
    expect(state()).toEqual({ returned: 1, ended: 1, asked: 0 })
  })

  test('say nothing while nobody asks', async () => {
    const { read, state } = open({ ...itemFraming('event-stream'), item: () => new Uint8Array([49]) })
    await read()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(state().asked).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a stream that is cancelled ends with its last event, then an error,', () => {
  const framing = { ...itemFraming('event-stream'), item: () => new Uint8Array([49]) }
  const reason = new Error('the deadline')
  const expectError = async (reading: Promise<unknown>) => {
    const thrown = reading.catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(1)
    expect(await thrown).toBe(reason)
  }

  test('where its reader waits, and its iterator goes on regardless', async () => {
    const { read, cancel } = open(framing)
    await read()
    const second = read()
    cancel(reason)
    expect(await second).toMatch(/^event: error\n/)
    await expectError(read())
  })

  test('where its reader comes late', async () => {
    const { read, cancel } = open(framing)
    await read()
    cancel(reason)
    await vi.advanceTimersByTimeAsync(1000)
    expect(await read()).toMatch(/^event: error\n/)
    await expectError(read())
  })

  test('where something else is there for a reader that comes late', async () => {
    const { read, cancel } = open(framing)
    await read()
    const second = read()
    await vi.advanceTimersByTimeAsync(30_000)
    expect(await second).toBe(':\n\n')
    cancel(reason)
    expect([await read(), await read()]).toEqual([':\n\n', expect.stringMatching(/^event: error\n/)])
    await expectError(read())
  })
})

test.each<[string, StreamFraming]>([
  ['NDJSON', { ...itemFraming('ndjson'), item: () => new Uint8Array([49]) }],
  ['bytes', byteFraming],
])('%s have no way to say so', async (_name, framing) => {
  const { read, reader } = open(framing)
  await read()
  const second = read()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(vi.getTimerCount()).toBe(0)
  await reader.cancel()
  expect(await second).toBeUndefined()
})

describe('items that are ready together', () => {
  function openReady(groups: readonly (readonly unknown[])[]) {
    const left = groups.map(group => [...group])
    const described: unknown[] = []
    const stream = outgoingStream({
      framing: itemFraming('ndjson'),
      iterator: {
        async next() {
          const value = left[0]?.shift()
          return value === undefined ? { done: true, value: undefined } : { done: false, value }
        },
      },
      ready: () => left.shift() ?? [],
      first: itemFraming('ndjson').item('first'),
      describe(thrown) {
        described.push(thrown)
        return { type: 't', title: 't', status: 500, code: 'internal', requestId: 'r' }
      },
      onCancel() {},
      onEnd() {},
    })
    const reader = stream.getReader()
    const read = async () => {
      const { done, value } = await reader.read()
      return done ? undefined : decoder.decode(value)
    }
    return { read, described }
  }

  beforeEach(() => void vi.useRealTimers())

  test('leave in one chunk', async () => {
    const { read } = openReady([[1, 2, 3], [4], []])
    const chunks: unknown[] = []
    for (let chunk = await read(); chunk !== undefined; chunk = await read()) chunks.push(chunk)
    expect(chunks).toEqual(['"first"\n', '1\n2\n3\n', '4\n'])
  })

  test('and one that JSON cannot carry fails after those before it', async () => {
    const { read, described } = openReady([[1, 2, 10n ** 400n, Symbol('lost'), 5], [6]])
    expect(await read()).toBe('"first"\n')
    expect(await read()).toMatch(/^1\n2\n/)
    expect(described).toEqual([])
    expect(await read()).toMatch(/^\{"error":/)
    await expect(read()).rejects.toThrow()
    expect(String(described[0])).toMatch(/Symbol|symbol|NotSerializable/)
  })
})
