import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { Answer } from '../../src/http/answer.ts'
import { acceptsGzip, compressAnswer, isUnchanged } from '../../src/http/compress.ts'

describe('whether gzip is accepted', () => {
  it.each([
    [null, false],
    ['', false],
    ['gzip', true],
    ['br, GZIP;q=0.5', true],
    ['x-gzip', true],
    ['*', true],
    ['gzip;q=0', false],
    ['gzip;q=0, *', false],
    ['gzip; Q=0.0, *;q=1', false],
    ['identity', false],
    ['br;q=1, *;q=0', false],
    ['gzip;q=none', false],
  ])('%s: %s', (accepted, expected) => {
    expect(acceptsGzip(accepted)).toBe(expected)
  })
})

describe('an answer', () => {
  const long = 'a'.repeat(2000)

  it('is compressed where it is long and the caller accepts that', async () => {
    const { status, headers, body } = await compressAnswer(
      new Answer(200, { 'Content-Type': 'text/plain' }, long),
      'gzip',
    )
    expect([status, headers]).toEqual([
      200,
      { 'Content-Type': 'text/plain', 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' },
    ])
    expect(gunzipSync(body as Uint8Array).toString()).toBe(long) // it was compressed
  })

  it.each([
    ['a caller that does not', long, 'br'],
    ['a short text', 'a', 'gzip'],
  ])('is not compressed for %s, and says that it could be', async (_, text, accepted) => {
    const { headers, body } = await compressAnswer(new Answer(200, {}, text), accepted)
    expect([headers, body]).toEqual([{ Vary: 'Accept-Encoding' }, text])
  })
})

describe('an entity tag', () => {
  it.each([
    ['W/"a"', true],
    ['"a"', true],
    ['"b", W/"a"', true],
    ['*', true],
    ['"b"', false],
    ['a', false],
  ])('If-None-Match: %s is met: %s', (value, expected) => {
    expect(isUnchanged(new Headers({ 'If-None-Match': value }), 'W/"a"')).toBe(expected)
  })

  it('is not met where nobody asks', () => {
    expect(isUnchanged(new Headers(), 'W/"a"')).toBe(false)
  })
})
