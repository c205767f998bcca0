import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readUrlencoded } from '../../../src/http/form/read-urlencoded.ts'

const LIMITS = { maxFormParts: 1000, maxFormFields: 1000, maxPartHeaderSize: 16_384 }

const read = (body: string | Uint8Array, limits = LIMITS) =>
  readUrlencoded(typeof body === 'string' ? new TextEncoder().encode(body) : body, limits).entries

/** What the standard asks for, of a text whose escapes are UTF-8. */
const decode = (text: string): string =>
  decodeURIComponent(text.replaceAll('+', ' ').replace(/%(?![\da-f]{2})/gi, '%25'))

test('a form is read as the standard has it', () => {
  const escaped = fc.constantFrom('%', '%4', '%zz', '+', '=', '&', '%20', '%C3%A9', '%2B', '%26')
  const body = fc
    .array(fc.oneof(fc.string({ unit: 'grapheme' }), escaped))
    .map(pieces => Buffer.from(pieces.join('')).toString())
  fc.assert(
    fc.property(body, text => {
      const pairs = text.split('&').filter(pair => pair !== '')
      const expected = pairs.map(pair => {
        const [name = '', ...value] = pair.split('=')
        return [decode(name), decode(value.join('='))]
      })
      expect(read(text)).toEqual(expected)
    }),
  )
})

test.each([['a=%ff%c3'], [new Uint8Array([0x61, 0x3d, 0xe9])]])('what is not UTF-8 is refused: %s', body => {
  expect(() => read(body)).toThrow(
    expect.objectContaining({ code: 'invalid_utf8', detail: 'The text of a form must be UTF-8.' }),
  )
})

test('fields are limited, empty ones too', () => {
  const limits = { ...LIMITS, maxFormFields: 3 }
  expect(read('a=1&b=2&c=3', limits)).toEqual([
    ['a', '1'],
    ['b', '2'],
    ['c', '3'],
  ])
  for (const body of ['a=1&b=2&c=3&d=4', '&&&']) {
    expect(() => read(body, limits)).toThrow(
      expect.objectContaining({ code: 'body_too_large', detail: 'A form may have 3 fields.' }),
    )
  }
})
