import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BYTES, binaryInput, serveModel } from './_infer.ts'

const HEAD = new TextEncoder().encode(
  JSON.stringify({ id: '1', inputs: [binaryInput('INPUT0'), binaryInput('INPUT1')] }),
)
const FRAME = Buffer.concat([HEAD, BYTES, BYTES])

/** A change of a frame: bytes that are others, that are missing, or that are there in addition. */
const mutation = fc.oneof(
  fc.record({ at: fc.nat(FRAME.length - 1), byte: fc.nat(255) }),
  fc.record({ at: fc.nat(FRAME.length - 1), remove: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ at: fc.nat(FRAME.length), insert: fc.uint8Array({ minLength: 1, maxLength: 20 }) }),
  fc.record({
    at: fc.nat(HEAD.length),
    insert: fc.constantFrom('-1', '1e9', '4294967296', '[', '}', '"', ',', 'null').map(text => Buffer.from(text)),
  }),
)

const headerLength = fc.oneof(
  { weight: 4, arbitrary: fc.constant(String(HEAD.length)) },
  fc.integer({ min: -5, max: FRAME.length + 20 }).map(String),
  fc.constantFrom('', '0', '1e3', '9007199254740993', '0x10', 'none'),
)

function mutate(frame: Buffer, change: { at: number; byte?: number; remove?: number; insert?: Uint8Array }): Buffer {
  const { at, byte, remove = byte === undefined ? 0 : 1, insert = byte === undefined ? [] : [byte] } = change
  return Buffer.concat([frame.subarray(0, at), Uint8Array.from(insert), frame.subarray(at + remove)])
}

test('ten thousand mutated frames are a 200 or a 400, never anything else', {
  tags: ['slow'],
  timeout: 300_000,
}, async () => {
  const { ask } = await serveModel()
  const counts: Record<number, number> = {}
  const property = fc.asyncProperty(fc.array(mutation, { maxLength: 4 }), headerLength, async (mutations, length) => {
    const body = mutations.reduce(mutate, FRAME)
    const headers = { 'Inference-Header-Content-Length': length }
    const response = await ask('/v2/models/simple/infer', { method: 'POST', headers, body: Uint8Array.from(body) })
    counts[response.status] = (counts[response.status] ?? 0) + 1
    if (response.status === 200) return void (await response.arrayBuffer())
    const { error }: { error?: unknown } = JSON.parse(await response.text())
    expect({ status: response.status, error }).toEqual({ status: 400, error: expect.any(String) })
  })
  await fc.assert(property, { numRuns: 10_000 })
  expect(Object.keys(counts)).toEqual(['200', '400'])
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(100)
})
