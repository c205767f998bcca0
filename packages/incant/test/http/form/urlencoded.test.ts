import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readUrlencoded } from '../../../src/http/form/read-urlencoded.ts'

const LIMITS = { maxFormParts: 1000, maxFormFields: 1000, maxPartHeaderSize: 16_384 }

const read = async (body: string | Uint8Array, limits = LIMITS) =>
  (await readUrlencoded(typeof body === 'string' ? new TextEncoder().encode(body) : body, limits)).entries

/** What the standard asks for. `undefined` where the escapes are not UTF-8. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' ').replace(/%(?![\da-f]{2})/gi, '%25'))
  } catch {
    return undefined
  }
}

test('a form is read as the standard has it', async () => {
  const escaped = fc.constantFrom('%', '%4', '%zz', '+', '=', '&', '%20', '%C3%A9', '%2B', '%26')
  const body = fc
    .array(fc.oneof(fc.string({ unit: 'grapheme' }), escaped))
    .map(pieces => Buffer.from(pieces.join('')).toString())
  await fc.assert(
    fc.asyncProperty(body, async text => {
      const pairs = text.split('&').filter(pair => pair !== '')
      const expected = pairs.map(pair => {
        const [name = '', ...value] = pair.split('=')
        return [decode(name), decode(value.join('='))]
      })
      if (expected.flat().includes(undefined)) await expect(read(text)).rejects.toMatchObject({ code: 'invalid_utf8' })
      else expect(await read(text)).toEqual(expected)
    }),
  )
})

test.each([['a=%ff%c3'], [new Uint8Array([0x61, 0x3d, 0xe9])]])('what is not UTF-8 is refused: %s', async body => {
  await expect(read(body)).rejects.toThrow(
    expect.objectContaining({ code: 'invalid_utf8', detail: 'The text of a form must be UTF-8.' }),
  )
})

test('fields are limited, empty ones too', async () => {
  const limits = { ...LIMITS, maxFormFields: 3 }
  expect(await read('a=1&b=2&c=3', limits)).toEqual([
    ['a', '1'],
    ['b', '2'],
    ['c', '3'],
  ])
  for (const body of ['a=1&b=2&c=3&d=4', '&&&']) {
    await expect(read(body, limits)).rejects.toThrow(
      expect.objectContaining({ code: 'body_too_large', detail: 'A form may have 3 fields.' }),
    )
  }
})

test('a long text is decoded in several turns, and whole', async () => {
  const text = 'a+%C3%A9%'.repeat(300_000)
  expect(await read(`a=${text}`)).toEqual([['a', 'a é%'.repeat(300_000)]])
})
