import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Message } from '../../../src/replica/wire/frame.ts'
import {
  decodeFromReplica,
  decodeToReplica,
  encodeFromReplica,
  encodeToReplica,
} from '../../../src/replica/wire/message-codec.ts'
import type { FromReplica, ToReplica, WireBody, WireCall } from '../../../src/replica/wire/protocol.ts'

const bytes = [new Uint8Array([1, 2])]

/** A message as the other process has it: its form as JSON, and its bytes beside it. */
function cross<Sent extends Message>(
  message: Sent,
  encode: (message: Sent) => unknown,
  decode: (form: unknown, attached: Uint8Array[] | undefined) => Sent,
): Sent {
  return decode(JSON.parse(JSON.stringify(encode(message))), message.attached && [...message.attached])
}

const toReplica = (message: ToReplica) => cross(message, encodeToReplica, decodeToReplica)
const fromReplica = (message: FromReplica) => cross(message, encodeFromReplica, decodeFromReplica)

const body = fc.oneof(
  // Without -0, which makes a value a clone.
  fc.jsonValue().map((value): WireBody => ({ kind: 'value', wire: { value: JSON.parse(JSON.stringify(value)) } })),
  fc.constantFrom<WireBody | undefined>(
    undefined,
    { kind: 'value', wire: { value: [null], taken: [{ path: [0], what: 'numbers' }] } },
    { kind: 'value', wire: { isClone: true } },
    { kind: 'fields', wire: { value: { a: 1 } } },
    { kind: 'bytes', bodyClass: 'Buffer', name: '', mediaType: 'text/plain' },
    { kind: 'packed', isJSON: true, isValidated: false, count: 2 },
    { kind: 'unread', contentType: 'application/json', isStreamed: false },
    { kind: 'form', entries: [['a', 'b']] },
    { kind: 'stream' },
  ),
)

const seldom = fc.record(
  {
    answer: fc.constant('items' as const),
    principal: fc.constant({ value: { id: 'someone' } }),
    reports: fc.constant(true as const),
    request: fc.constant({ url: 'http://a/', method: 'GET', headers: [], hasBody: false }),
    trace: fc.constant({ traceparent: '00-0-0-01' }),
  },
  { requiredKeys: [] },
)

const call: fc.Arbitrary<WireCall> = fc
  .record({ body, seldom, id: fc.string(), address: fc.option(fc.string(), { nil: undefined }) })
  .map(({ body, seldom, id, address }) => ({
    ...{ id, body, deadline: 12_345, streamFormat: 'ndjson', client: { address } },
    ...{ answer: undefined, principal: undefined, reports: undefined, request: undefined, ...seldom },
  }))

describe('a call', () => {
  it('arrives with all its parts, whatever its body is', () => {
    fc.assert(
      fc.property(call, fc.constantFrom(undefined, bytes), (call, attached) => {
        const message: ToReplica = { type: 'call', n: 7, sentAt: -3, call, attached }
        expect(toReplica(message)).toEqual(message)
      }),
    )
  })
})

describe('messages arrive as they were', () => {
  const output = (output: unknown) => ({ type: 'output', n: 2, output }) as FromReplica
  const sent: FromReplica[] = [
    output({ kind: 'text', contentType: 'application/json', text: '{"a":"ā"}' }),
    output({ kind: 'text', contentType: 'text/plain', text: '' }),
    { ...output({ kind: 'bytes', contentType: 'image/png' }), attached: bytes } as FromReplica,
    output({ kind: 'items' }),
    { ...output({ kind: 'value', wire: { value: [1, null] } }), attached: bytes } as FromReplica,
    { type: 'chunk', n: 9, attached: bytes },
    { type: 'chunk', n: 9, m: 4, attached: bytes },
    { type: 'end', n: 9, returned: { value: 3 }, attached: bytes },
    { type: 'pong', rss: 5 },
    { type: 'report', n: 1, line: 'a line' },
  ]

  it.each(sent.map(message => [JSON.stringify(message), message] as const))('from the replica: %s', (_, message) => {
    expect(fromReplica(message)).toEqual(message)
  })

  it('to the replica', () => {
    const sent: ToReplica[] = [
      { type: 'load', attached: bytes },
      { type: 'cancel', n: 3, code: 'client_closed' },
      { type: 'told', n: 3, m: 1, output: { kind: 'bytes', contentType: 'a/b' }, attached: bytes },
      { type: 'chunk', n: 3, attached: bytes },
    ]
    expect(sent.map(toReplica)).toEqual(sent)
  })
})
