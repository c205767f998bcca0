import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RequestFields } from '../../../src/log/request-fields.ts'
import { formatJSON } from '../../../src/process/log/json.ts'

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('POST', '/predict', '127.0.0.1'))
const facts: fc.Arbitrary<RequestFields> = fc.record({
  requestId: text,
  method: text,
  route: text,
  protocol: fc.option(fc.constantFrom('openai', 'v2'), { nil: undefined }),
  status: fc.integer({ min: 100, max: 599 }),
  ms: fc.double({ min: 0, max: 1e6, noNaN: true }),
  bytes: fc.option(fc.nat(), { nil: undefined }),
  client: fc.option(text, { nil: undefined }),
  principal: fc.option(text, { nil: undefined }),
  reason: fc.option(text, { nil: undefined }),
  issue: fc.option(text, { nil: undefined }),
  count: fc.option(fc.nat(), { nil: undefined }),
})

/** The time is of no interest here. */
function timeless(line: string): string {
  return line.replace(/"time":"[^"]*"/, '')
}

describe('the line of a request', () => {
  it('is that of its fields, however it is written', () => {
    fc.assert(
      fc.property(facts, given => {
        const line = timeless(formatJSON('info', 'request', new RequestFields(given)))
        expect(line).toBe(timeless(formatJSON('info', 'request', { ...given })))
      }),
    )
  })

  it('is written in one piece where it is as most are', () => {
    const usual = { requestId: 'a-1', method: 'POST', route: '/predict', status: 200, ms: 0.123, bytes: 231 }
    const absent = { protocol: undefined, principal: undefined, reason: undefined, issue: undefined, count: undefined }
    const line = formatJSON('info', 'request', new RequestFields({ ...usual, ...absent, client: '::1' }))
    expect(JSON.parse(line)).toEqual({
      level: 'info',
      time: expect.any(String),
      msg: 'request',
      ...usual,
      client: '::1',
    })
    expect(line.endsWith('}\n')).toBe(true)
  })
})
