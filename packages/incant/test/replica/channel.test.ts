import { PassThrough, Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { Channel } from '../../src/replica/wire/channel.ts'
import type { Message } from '../../src/replica/wire/frame.ts'
import { withBytes, withoutBytes } from '../../src/replica/wire/message-codec.ts'
import { eventually } from '../node/_served.ts'

interface Carried extends Message {
  readonly n?: number
  readonly text?: string
}

const codec = {
  encode: withoutBytes,
  decode: (form: unknown, attached: Uint8Array[] | undefined) => withBytes(form as Carried, attached),
}

/** The messages of a frame, each with the lengths of what is attached to it. */
function readFrame(frame: Buffer): unknown[] {
  const encoding = frame.readUInt32LE(4) === 1 ? 'latin1' : 'utf16le'
  return JSON.parse(frame.toString(encoding, 8, 8 + frame.readUInt32LE())) as unknown[]
}

/** Sends messages over a channel whose bytes arrive in pieces of a size, and gives what comes out. */
async function carry(messages: readonly Carried[], { pieces = 65_536, guarded = false } = {}): Promise<Carried[]> {
  const received: Carried[] = []
  const receiver = new Channel<Carried, Carried>(new PassThrough(), message => received.push(message), {
    ...codec,
    guarded,
  })
  // One memory for all pieces, as a replica has it.
  const memory = Buffer.alloc(pieces)
  const pipe = new PassThrough({ highWaterMark: 2 ** 24 })
  pipe.on('data', (chunk: Buffer) => {
    for (let at = 0; at < chunk.byteLength; at += pieces) {
      const piece = chunk.subarray(at, at + pieces)
      receiver.read(guarded ? memory.subarray(0, piece.copy(memory)) : piece)
    }
  })
  const sender = new Channel<Carried, Carried>(pipe, () => {}, { ...codec, guarded })
  for (const message of messages) sender.send(message)
  await eventually(() => received.length === messages.length)
  return received
}

/** A channel, and what it has written so far, write by write. */
function watch() {
  const writes: Buffer[] = []
  const output = new Writable({
    write(chunk: Buffer, _encoding, callback) {
      writes.push(chunk)
      callback()
    },
    writev(chunks: readonly { chunk: Buffer }[], callback) {
      writes.push(Buffer.concat(chunks.map(({ chunk }) => chunk)))
      callback()
    },
  })
  const channel = new Channel<Carried, Carried>(output, () => {}, { ...codec, guarded: true })
  return { channel, writes }
}

const item = (n: number): Carried => ({ type: 'item', n, attached: [new Uint8Array(1)] })

describe('a channel carries', () => {
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constant(new Uint8Array(70_000).fill(7)))
  const message = fc.record(
    {
      type: fc.constant('any'),
      text: fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('ä', 'ÿ\u0100', '\ud800', '\u2028')),
      attached: fc.array(bytes, { maxLength: 3 }),
      pieces: fc.array(bytes, { maxLength: 3 }),
    },
    { requiredKeys: ['type'] },
  )

  it('messages and what is attached to each, in their order, in pieces of any size', { tags: ['property'] }, () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(message, { maxLength: 8 }),
        fc.constantFrom(7, 1000, 65_536),
        fc.boolean(),
        async (messages, pieces, guarded) => {
          const arrived = await carry(messages as Carried[], { pieces, guarded })
          expect(arrived.map(describeMessage)).toEqual(messages.map(sent => describeMessage(sent as Carried)))
        },
      ),
      { numRuns: 40 },
    ),
  )

  it('one frame a turn, however many messages with bytes are in it', async () => {
    const { channel, writes } = watch()
    for (let n = 0; n < 100; n += 1) channel.send(item(n))
    expect(writes.length).toBe(0)
    await turn()
    await turn()
    expect(writes.length).toBe(1)
    // The head, the messages, each with the lengths of what is attached to it, then the bytes.
    const [frame = Buffer.alloc(0)] = writes
    expect(readFrame(frame).slice(-2)).toEqual([{ type: 'item', n: 99 }, [1]])
    expect(frame.byteLength).toBe(8 + frame.readUInt32LE() + 100)
  })

  it('text as V8 has it: a byte for each character where Latin-1 has all of them, else two', async () => {
    const { channel, writes } = watch()
    const sizes = []
    for (const text of ['äöüÿ', 'äöüā']) {
      channel.send({ type: 'text', text })
      channel.flush()
    }
    for (const frame of writes) sizes.push(frame.readUInt32LE() / JSON.stringify(readFrame(frame)).length)
    expect(sizes).toEqual([1, 2])
  })

  it('much at once, instead of keeping it to the end of the turn', () => {
    const { channel, writes } = watch()
    channel.send({ type: 'large', attached: [new Uint8Array(100_000)] })
    expect(writes.length).toBe(1)
  })
})

/** Pieces arrive as one, before the others that are attached. */
function describeMessage({ type, text, attached = [], pieces }: Carried): unknown {
  const all = pieces === undefined ? attached : [Buffer.concat(pieces), ...attached]
  return [type, text, all.map(part => Buffer.from(part).toString('hex'))]
}

describe('bytes at the end where predict runs', () => {
  it('own their memory as they arrive', async () => {
    const attached = [new Uint8Array(3), new Uint8Array(100_000), new Uint8Array(0)]
    const [message] = await carry([{ type: 'call', attached }], { guarded: true })
    for (const part of message?.attached ?? []) expect(part.buffer.byteLength).toBe(part.byteLength)
  })

  it('are copied as they are sent, since predict may write to them again', async () => {
    const reused = Buffer.from([1])
    const arrived = carry([{ type: 'output', attached: [reused] }], { guarded: true })
    reused[0] = 2
    expect((await arrived)[0]?.attached?.[0]?.[0]).toBe(1)
  })
})

describe('an item of a stream', () => {
  it('is written before its sender goes on, with those of others that are there at the same moment', async () => {
    const { channel, writes } = watch()
    const senders = Array.from({ length: 32 }, async (_, n) => {
      await null
      channel.sendSoon(item(n))
      await null
      await null
      return writes.length
    })
    expect(await Promise.all(senders)).toEqual(new Array(32).fill(1))
  })

  it('waits for others where many have been written in a turn, and no longer than that turn', async () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(0)
    onTestFinished(() => now.mockRestore())
    const { channel, writes } = watch()
    const sendMany = async (from: number) => {
      for (let n = from; n < from + 100; n += 1) {
        channel.sendSoon(item(n))
        await null
      }
    }
    await sendMany(0)
    expect(writes.length).toBe(8)
    now.mockReturnValue(4)
    await sendMany(100)
    expect(writes.length).toBe(9)
    await turn()
    await turn()
    expect(writes.length).toBe(10)
    const written = writes.flatMap(readFrame).filter((_, at) => at % 2 === 0) as Carried[]
    expect(written.map(({ n }) => n)).toEqual(Array.from({ length: 200 }, (_, n) => n))
    // The next turn begins anew.
    channel.sendSoon(item(200))
    const before = writes.length
    await null
    await null
    expect(writes.length).toBe(before + 1)
  })
})

describe('an answer', () => {
  it('waits for others of its turn, but no longer than four milliseconds, which other calls may compute for', async () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(0)
    onTestFinished(() => now.mockRestore())
    const { channel, writes } = watch()
    const sendAt = async (time: number, n: number) => {
      now.mockReturnValue(time)
      channel.send(item(n))
      await null
    }
    await sendAt(2, 0)
    await sendAt(3.9, 1)
    expect(writes.length).toBe(0)
    await sendAt(4, 2)
    expect(writes.length).toBe(1)
    await sendAt(7.9, 3)
    expect(writes.length).toBe(1)
    await turn()
    await turn()
    expect(writes.length).toBe(2)
  })
})
