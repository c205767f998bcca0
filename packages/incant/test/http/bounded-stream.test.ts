import { expect, it, vi } from 'vitest'
import { boundedStream } from '../../src/http/bounded-stream.ts'

const BYTES = new Uint8Array([1, 2, 3])

it('passes a stream on until its end, and reads nothing before it is wanted', async () => {
  const pull = vi.fn((controller: ReadableStreamDefaultController<Uint8Array>) => {
    controller.enqueue(BYTES)
    controller.close()
  })
  const bounded = boundedStream(new ReadableStream({ pull }, { highWaterMark: 0 }), () => {})
  expect(pull).not.toHaveBeenCalled()
  expect(new Uint8Array(await new Response(bounded).arrayBuffer())).toEqual(BYTES)
})

it('fails its reader and cancels the stream, with the reason, when the call is cancelled', async () => {
  const cancel = vi.fn()
  const listeners: ((reason: Error) => void)[] = []
  const endless = new ReadableStream<Uint8Array>({ pull: controller => controller.enqueue(BYTES), cancel })
  const reader = boundedStream(endless, listener => listeners.push(listener)).getReader()
  expect((await reader.read()).value).toEqual(BYTES)
  const reason = new Error('the deadline')
  for (const listener of listeners) listener(reason)
  await expect(reader.read()).rejects.toBe(reason)
  expect(cancel).toHaveBeenCalledWith(reason)
})

it('cancels the stream when its reader leaves, also one that refuses to be cancelled', async () => {
  const cancel = vi.fn(() => Promise.reject(new Error('no')))
  const bounded = boundedStream(new ReadableStream<Uint8Array>({ cancel }), () => {})
  await expect(bounded.cancel('gone')).resolves.toBeUndefined()
  expect(cancel).toHaveBeenCalledWith('gone')
})
