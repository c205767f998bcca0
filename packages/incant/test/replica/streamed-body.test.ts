import { describe, expect, it } from 'vitest'
import type { StreamMessage } from '../../src/replica/wire/protocol.ts'
import { BodyReceiver, type BodyReceiverOptions, BodySender } from '../../src/replica/wire/streamed-body.ts'

function receive(options: Partial<BodyReceiverOptions> = {}) {
  const sent: StreamMessage[] = []
  let over = 0
  const receiver = new BodyReceiver({
    n: 7,
    send: message => sent.push(message),
    onOver: () => {
      over += 1
    },
    ...options,
  })
  return { receiver, reader: receiver.stream.getReader(), sent, over: () => over }
}

const bytes = (value: number) => new Uint8Array([value])

it('asks for more when half of what it asked for has come', async () => {
  const { receiver, reader, sent } = receive()
  for (const size of [1, 32_766, 1, 1]) {
    const read = reader.read()
    await expect.poll(() => sent.length).toBeGreaterThan(0)
    receiver.chunk(new Uint8Array(size))
    await read
  }
  const last = reader.read()
  receiver.end()
  await last
  const pulls = [65_536, 32_768].map(bytes => ({ type: 'pull', n: 7, bytes }))
  expect(sent).toEqual(pulls)
})

describe('a body that breaks', () => {
  it('is read to where it broke, also where all of it comes at once', async () => {
    const { receiver, reader, sent, over } = receive()
    const first = reader.read()
    await expect.poll(() => sent).toEqual([{ type: 'pull', n: 7, bytes: 65_536 }])
    receiver.chunk(bytes(1))
    receiver.chunk(bytes(2))
    receiver.break(new Error('broken'))
    expect(over()).toBe(1)
    expect([await first, await reader.read()]).toEqual([
      { done: false, value: bytes(1) },
      { done: false, value: bytes(2) },
    ])
    await expect(reader.read()).rejects.toThrow('broken')
    expect(sent.length).toBe(1)
  })

  it('tells a reader that waits at once', async () => {
    const { receiver, reader } = receive()
    const first = reader.read()
    receiver.break(new Error('broken'))
    await expect(first).rejects.toThrow('broken')
  })

  it('can still be left where it waits to be read', async () => {
    const { receiver, reader, over } = receive()
    const first = reader.read()
    receiver.chunk(bytes(1))
    receiver.chunk(bytes(2))
    receiver.break(new Error('broken'))
    await first
    await reader.cancel()
    expect(over()).toBe(1)
  })
})

describe('the body of an answer', () => {
  it('is sent as far as a window goes before it is asked for, which is not asked for again', async () => {
    const chunk = new Uint8Array(16_384)
    let pulled = 0
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulled += 1
          controller.enqueue(chunk)
        },
      },
      { highWaterMark: 0 },
    )
    const { receiver, reader, sent } = receive({ of: 'answer' })
    const sender = new BodySender(body, {
      n: 7,
      of: 'answer',
      send: message => message.type === 'chunk' && message.attached.map(bytes => receiver.chunk(bytes)),
    })
    await expect.poll(() => pulled).toBe(4)
    for (let read = 0; read < 4; read += 1) expect((await reader.read()).value).toEqual(chunk)
    const fifth = reader.read()
    await expect.poll(() => sent).toEqual([{ type: 'pull', n: 7, bytes: 65_536 }])
    expect(pulled).toBe(4)
    sender.pull(1)
    expect((await fifth).value).toEqual(chunk)
    sender.stop()
  })

  it('is given joined where its chunks have come together, and to its end', async () => {
    const { receiver, reader } = receive({ of: 'answer', joins: true })
    const first = reader.read()
    receiver.chunk(bytes(1))
    receiver.chunk(bytes(2))
    expect((await first).value).toEqual(Buffer.from([1, 2]))
    receiver.chunk(bytes(3))
    receiver.chunk(bytes(4))
    receiver.end()
    expect((await reader.read()).value).toEqual(Buffer.from([3, 4]))
    expect((await reader.read()).done).toBe(true)
  })
})
