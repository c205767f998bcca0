import { PassThrough, Writable } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import { expect, it } from 'vitest'
import { Channel } from '../../src/replica/wire/channel.ts'
import { eventually } from '../node/_served.ts'

/** Sends messages over a channel whose bytes arrive in pieces of a size, and gives what comes out. */
async function carry(messages: readonly unknown[], { pieces = 65_536, lend = true } = {}): Promise<unknown[]> {
  const pipe = new PassThrough({ highWaterMark: 2 ** 24 })
  const cut = new PassThrough()
  pipe.on('data', (chunk: Buffer) => {
    for (let at = 0; at < chunk.byteLength; at += pieces) cut.write(chunk.subarray(at, at + pieces))
  })
  const received: unknown[] = []
  new Channel<unknown, unknown>({ input: cut, output: new PassThrough() }, message => received.push(message), { lend })
  const sender = new Channel<unknown, unknown>({ input: new PassThrough(), output: pipe }, () => {}, { lend })
  for (const [index, message] of messages.entries()) {
    if (index % 2 === 0) sender.send({ index })
    sender.sendClone(message)
  }
  await eventually(() => received.length === messages.length + Math.ceil(messages.length / 2))
  return received.filter(message => !(typeof message === 'object' && message !== null && 'index' in message))
}

const window = new Uint8Array(new Uint8Array([9, 1, 2, 3, 9]).buffer, 1, 3)
const VIEWS = [
  ...[new Int8Array([-1]), window, new Uint8ClampedArray([255]), new Int16Array([-2, 2]), new Uint16Array([65_535])],
  ...[new Int32Array([-3]), new Uint32Array([4e9]), new Float32Array([0.5]), new Float64Array([Math.PI, -0])],
  ...[new BigInt64Array([-5n]), new BigUint64Array([5n]), new DataView(new Uint8Array([1, 2]).buffer)],
  ...[Buffer.from('bytes'), new Uint8Array(0)],
]

it.each([1, 7, 65_536])(
  'carries every view as what it is, in a buffer of its own, in pieces of %d bytes',
  async pieces => {
    const [message] = (await carry([{ views: VIEWS, date: new Date(0), text: 'ü' }], { pieces })) as [
      { views: ArrayBufferView[]; date: Date; text: string },
    ]
    expect(message).toEqual({ views: VIEWS, date: new Date(0), text: 'ü' })
    expect(message.views.map(view => view.constructor)).toEqual(VIEWS.map(view => view.constructor))
    for (const view of message.views) expect(view.buffer.byteLength).toBe(view.byteLength)
  },
)

it('keeps the order of what goes as JSON and what goes as a clone, whatever the size', async () => {
  const messages = Array.from({ length: 40 }, (_, n) => ({ n, bytes: new Uint8Array(n * 1000).fill(n) }))
  // vitest compares bytes one by one.
  expect(isDeepStrictEqual(await carry(messages, { pieces: 1000 }), messages)).toBe(true)
})

it('writes at once what is sent at one moment, and before the sender goes on', async () => {
  const writes: number[] = []
  const output = new Writable({
    writev(chunks, callback) {
      writes.push(chunks.length)
      callback()
    },
  })
  const channel = new Channel({ input: new PassThrough(), output }, () => {}, { lend: true })
  const pieces = Array.from({ length: 32 }, async (_, n) => {
    await null
    channel.sendClone({ n, bytes: new Uint8Array(1) })
    await null
    await null
    return writes.length
  })
  expect(await Promise.all(pieces)).toEqual(new Array(32).fill(1))
  channel.sendClone({ bytes: new Uint8Array(1) })
  channel.send({ last: true })
  channel.flush()
  expect(writes.length).toBe(2)
})

it('copies what the sender may write to again', async () => {
  const reused = new Uint8Array([1])
  const arrived = carry([{ reused }], { lend: false })
  reused[0] = 2
  expect(await arrived).toEqual([{ reused: new Uint8Array([1]) }])
})

it('refuses what no clone carries', async () => {
  const channel = new Channel({ input: new PassThrough(), output: new PassThrough() }, () => {}, { lend: true })
  expect(() => channel.sendClone({ call: () => {} })).toThrow(/could not be cloned/)
})
