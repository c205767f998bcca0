import { describe, expect, test } from 'vitest'
import { RequestError } from '../../../src/errors/request-error.ts'
import { readMultipart } from '../../../src/http/form/read-multipart.ts'
import type { FormEntry } from '../../../src/http/form/received-form.ts'

const LIMITS = { maxFormParts: 1000, maxFormFields: 1000, maxPartHeaderSize: 16_384 }
const TYPE = 'multipart/form-data; boundary=bb'

function read(body: string | Uint8Array, contentType = TYPE, limits = LIMITS): readonly FormEntry[] {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  return readMultipart(bytes, contentType, limits).entries
}

function refusal(...given: Parameters<typeof read>): { readonly code: string; readonly detail: string | undefined } {
  try {
    read(...given)
  } catch (thrown) {
    if (thrown instanceof RequestError) return { code: thrown.code, detail: thrown.detail }
    throw thrown
  }
  throw new Error('the form was not refused')
}

/** Entries with the text of their files. */
function textOf(entries: readonly FormEntry[]): readonly (readonly string[])[] {
  return entries.map(([name, value]) =>
    typeof value === 'string'
      ? [name, value]
      : [name, value.name, value.mediaType, new TextDecoder().decode(value.bytes)],
  )
}

const form = (disposition: string, value = 'v'): string =>
  `--bb\r\nContent-Disposition: ${disposition}\r\n\r\n${value}\r\n--bb--\r\n`

const FIELD = [['a', 'v']]

describe('every form of RFC 7578 and RFC 2046 is read', () => {
  test.each<[what: string, body: string, entries: readonly (readonly string[])[]]>([
    ['plain', form('form-data; name="a"'), FIELD],
    ['a name without quotes', form('form-data; name=a'), FIELD],
    ['no space after the semicolon', form('form-data;name="a"'), FIELD],
    ['other letter case', form('Form-Data; NAME="a"').replace('Content-D', 'content-d'), FIELD],
    ['another parameter', form('form-data; size=3; name="a"; note="b;c=d"'), FIELD],
    ['white space after the boundary', form('form-data; name="a"').replaceAll(/--bb(--)?/g, '$&\t  '), FIELD],
    ['one space after the boundary', form('form-data; name="a"').replace('--bb', '--bb '), FIELD],
    ['a folded header', form('form-data;\r\n name="a"'), FIELD],
    [
      'a file name on a line after the name',
      `--bb \r\nX: 1\r\nContent-Disposition:\r\n\tform-data; name="a";\r\n  filename="C:x.txt"\r\n\r\n\r\n--bb\t\r\nContent-Type: text/html\r\nContent-Disposition: form-data; name=b;\r\n filename=y\r\n\r\nv\r\n\r\n--bb--`,
      [
        ['a', 'C:x.txt', 'text/plain', ''],
        ['b', 'y', 'text/html', 'v\r\n'],
      ],
    ],
    ['a preamble', `Mail readers show this.\r\n\r\n${form('form-data; name="a"')}`, FIELD],
    ['an empty preamble', `\r\n${form('form-data; name="a"')}`, FIELD],
    ['an epilogue', `${form('form-data; name="a"')}more\r\n--bb\r\nmore`, FIELD],
    ['no line end after the last boundary', form('form-data; name="a"').trimEnd(), FIELD],
    ['no parts', '--bb--\r\n', []],
    ['an empty value', form('form-data; name="a"', ''), [['a', '']]],
    ['a file name before the name', form('form-data; filename="x"; name="a"'), [['a', 'x', 'text/plain', 'v']]],
    ['an escaped quote', form('form-data; name="a"; filename="x\\"y.txt"'), [['a', 'x"y.txt', 'text/plain', 'v']]],
    [
      'the escapes of browsers',
      form('form-data; name="%22a%0D%0A"; filename="%22%41"'),
      [['"a\r\n', '"%41', 'text/plain', 'v']],
    ],
    [
      'a path of Windows',
      form('form-data; name="a"; filename="C:\\x\\y.txt"'),
      [['a', 'C:\\x\\y.txt', 'text/plain', 'v']],
    ],
    ['no file chosen', form('form-data; name="a"; filename=""', ''), [['a', '', 'text/plain', '']]],
    [
      'names in UTF-8',
      form('form-data; name="naïve"; filename="日本.txt"'),
      [['naïve', '日本.txt', 'text/plain', 'v']],
    ],
    [
      'a file name in two encodings',
      form(`form-data; name="a"; filename="x.txt"; filename*=UTF-8''%e2%82%ac.txt`),
      [['a', '€.txt', 'text/plain', 'v']],
    ],
    [
      'an extended file name in another encoding',
      form(`form-data; name="a"; filename="x.txt"; filename*=iso-8859-1''%e9.txt`),
      [['a', 'x.txt', 'text/plain', 'v']],
    ],
    ['what looks like a boundary inside a line', form('form-data; name="a"', 'x --bb y'), [['a', 'x --bb y']]],
    ['a byte order mark, which is text', form('form-data; name="a"', '\uFEFFv'), [['a', '\uFEFFv']]],
  ])('%s', (_, body, entries) => {
    expect(textOf(read(body))).toEqual(entries)
  })

  test('the boundary may be quoted, and stand beside other parameters', () => {
    expect(textOf(read(form('form-data; name="a"'), 'Multipart/Form-Data; charset=utf-8; Boundary="bb"'))).toEqual(
      FIELD,
    )
  })
})

// Written by hand after what each client does, not recorded.
describe('what clients write, byte by byte', () => {
  test("MultipartFormDataContent of .NET's HttpClient: no quotes, two file names", () => {
    const body =
      '--bb\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name=note\r\n\r\nhello\r\n' +
      "--bb\r\nContent-Disposition: form-data; name=file; filename=a.txt; filename*=utf-8''a.txt\r\n\r\nv\r\n--bb--\r\n"
    expect(textOf(read(body, 'multipart/form-data; boundary="bb"'))).toEqual([
      ['note', 'hello'],
      ['file', 'a.txt', 'text/plain', 'v'],
    ])
  })

  test('Chromium: a boundary of dashes, a type for each file', () => {
    const boundary = '----WebKitFormBoundary7MA4YWxkTrZu0gW'
    const body =
      `--${boundary}\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n` +
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\nv\r\n` +
      `--${boundary}--\r\n`
    expect(textOf(read(body, `multipart/form-data; boundary=${boundary}`))).toEqual([
      ['note', 'hello'],
      ['file', 'a.png', 'image/png', 'v'],
    ])
  })

  test('MultipartBody of OkHttp: a length for each part', () => {
    const body = form('form-data; name="a"').replace('\r\n\r\n', '\r\nContent-Length: 1\r\n\r\n')
    expect(textOf(read(body))).toEqual(FIELD)
  })

  test('HttpClient of Apache: the text with its transfer encoding', () => {
    const body = form('form-data; name="a"').replace(
      '\r\n\r\n',
      '\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n',
    )
    expect(textOf(read(body))).toEqual(FIELD)
  })
})

describe('what is no form is a 400 that says why, and shows nothing of it', () => {
  test.each<[found: string, body: string, type?: string]>([
    ['the content type names no boundary', form('form-data; name="a"'), 'multipart/form-data'],
    ['the boundary has more than 70 characters', 'canary', `multipart/form-data; boundary=${'b'.repeat(71)}`],
    ['it does not begin with the boundary that the content type names', 'canary --bb--'],
    ['it ends before the boundary that closes it', '--bb\r\nContent-Disposition: form-data; name="a"\r\n\r\ncanary'],
    ['it ends before the boundary that closes it', '--bb\r\nContent-Dispo'],
    ['part 1 has no header such as Content-Disposition: form-data; name="field"', form('form-data')],
    [
      'part 1 has no header such as Content-Disposition: form-data; name="field"',
      form('attachment; filename="canary"'),
    ],
    [
      'part 1 has the Content-Transfer-Encoding base64, which no part of a form may have',
      form('form-data; name="a"').replace('\r\n\r\n', '\r\nContent-Transfer-Encoding: BASE64\r\n\r\n'),
    ],
  ])('%s', (found, body, type) => {
    const detail = `The body does not parse as the form its content type declares: ${found}.`
    expect(refusal(body, type)).toEqual({ code: 'invalid_form', detail })
  })

  test.each([
    [0xff, 'The text of part 1 must be UTF-8.', form('form-data; name="a"', '?')],
    [0xe9, 'The headers of part 1 must be UTF-8.', form('form-data; name="?"')],
  ])('text with the byte %i', (byte, detail, body) => {
    const bytes = Uint8Array.from(body, character => (character === '?' ? byte : character.charCodeAt(0)))
    expect(refusal(bytes)).toEqual({ code: 'invalid_utf8', detail })
  })
})

describe('limits', () => {
  const part = '--bb\r\nContent-Disposition: form-data; name="a"; filename="f"\r\n\r\nv\r\n'

  test('parts', () => {
    const limits = { ...LIMITS, maxFormParts: 3 }
    expect(read(`${part.repeat(3)}--bb--`, TYPE, limits)).toHaveLength(3)
    const detail = 'A form may have 3 parts.'
    expect(refusal(`${part.repeat(4)}--bb--`, TYPE, limits)).toEqual({ code: 'body_too_large', detail })
  })

  test('headers of a part', () => {
    const limits = { ...LIMITS, maxPartHeaderSize: 300 }
    const others = form('form-data; name="a"').replace('--bb--', part.repeat(400))
    expect(refusal(`${others}--bb--`, TYPE, limits)).toEqual({
      code: 'body_too_large',
      detail: 'The headers of all parts may have 19200 bytes.',
    })
    const detail = 'The headers of a part may have 300 bytes.'
    const body = form(`form-data; name="a"; note="${'x'.repeat(300)}"`)
    expect(refusal(body, TYPE, limits)).toEqual({ code: 'body_too_large', detail })
  })
})
