import { status } from '@grpc/grpc-js'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { clientOf } from './_client.ts'
import { write } from './_protobuf.ts'
import { INFER, rawOf, serveGRPC } from './_simple.ts'

const three = rawOf(Int32Array.of(1, 2, 3))
const contents = { int_contents: [1, 2, 3] }

const MESSAGES = [
  write('ModelInferRequest', {
    ...{ model_name: 'simple', id: '7', parameters: { a: { int64_param: 1 }, b: { string_param: 'x' } } },
    inputs: ['INPUT0', 'INPUT1'].map(name => ({ name, datatype: 'INT32', shape: [3] })),
    ...{ outputs: [{ name: 'OUTPUT0' }], raw_input_contents: [three, three] },
  }),
  write('ModelInferRequest', {
    model_name: 'simple',
    inputs: ['INPUT0', 'INPUT1'].map(name => ({ name, datatype: 'INT32', shape: [3], contents })),
  }),
]

/** A message that was right, with some bytes changed, and perhaps cut off. */
const mutated = fc
  .tuple(
    fc.constantFrom(...MESSAGES),
    fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 5 }),
    fc.nat(),
  )
  .map(([message, changes, cut]) => {
    const bytes = Uint8Array.from(message.subarray(0, cut % 4 === 0 ? cut % message.length : message.length))
    for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value
    return bytes
  })

it('2,000 mutated messages are answered, or refused for what they are', { tags: ['slow'] }, async () => {
  const { server, lines } = await serveGRPC(undefined, { logLevel: 'warn' })
  const { call } = clientOf(server.grpcAddress)
  const messages = fc.sample(mutated, { numRuns: 2000, seed: 7 })
  const codes = new Map<number, number>()
  const rest = messages.values()
  const send = async () => {
    for (const message of rest) {
      const { code } = await call(INFER, message)
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: 32 }, send))
  expect([...codes.keys()].sort((one, other) => one - other)).toEqual([
    status.OK,
    status.INVALID_ARGUMENT,
    status.NOT_FOUND,
  ])
  expect(lines.filter(({ level }) => level === 'error')).toEqual([])
  expect((codes.get(status.OK) ?? 0) > 50 && (codes.get(status.INVALID_ARGUMENT) ?? 0) > 50).toBe(true)
})
