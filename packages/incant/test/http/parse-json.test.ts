import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RequestError } from '../../src/errors/request-error.ts'
import { exceedsDepth, type JSONLimits, parseJSON } from '../../src/http/parse-json.ts'

const LIMITS: JSONLimits = { maxJsonDepth: 64, maxJsonMembers: 100_000, maxJsonItems: 100_000, strictJson: false }
const encoder = new TextEncoder()

function parse(text: string, limits: Partial<JSONLimits> = {}): unknown {
  return parseJSON(encoder.encode(text), { ...LIMITS, ...limits })
}

/** The value, or the code and the detail of the refusal. */
function judge(text: string, limits?: Partial<JSONLimits>): { value: unknown } | { code: string; detail: string } {
  try {
    return { value: parse(text, limits) }
  } catch (thrown) {
    if (thrown instanceof RequestError) return { code: thrown.code, detail: thrown.detail ?? '' }
    throw thrown
  }
}

function isAccepted(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Levels of arrays and objects in a value. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}

/** JSON texts without the name that is refused. */
const TEXT = fc
  .jsonValue({ noUnicodeString: false })
  .map(value => JSON.stringify(value))
  .filter(text => !text.includes('__proto__'))

/** JSON texts with one character removed, repeated or replaced. */
const DAMAGED = fc
  .tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', '\\', ',', ':', '{', ']', '0', 'e', '\u0000', '-', ' '))
  .map(([text, at, inserted]) => text.slice(0, at % text.length) + inserted + text.slice((at % text.length) + 1))

describe('a JSON text', () => {
  test('has the value that JSON.parse gives', { tags: ['property'] }, () => {
    fc.assert(
      fc.property(TEXT, text => {
        expect(parse(text)).toStrictEqual(JSON.parse(text))
      }),
    )
  })

  test('is refused where JSON.parse refuses it, with a place and nothing of the text', { tags: ['property'] }, () => {
    fc.assert(
      fc.property(DAMAGED, text => {
        const judged = judge(text)
        if ('value' in judged) {
          expect(isAccepted(text)).toBe(true)
          return
        }
        if (judged.code === 'forbidden_key') return
        expect(isAccepted(text)).toBe(false)
        if (judged.code === 'invalid_json')
          expect(judged.detail).toMatch(
            /^The body must be JSON; it (?:ends too early|stops being JSON at line \d+, column \d+)\.$/,
          )
      }),
    )
  })

  test.each([
    ['', 'empty_body'],
    ['{"__proto__":1}', 'forbidden_key'],
    ['[{"a":{"__proto__":null}}]', 'forbidden_key'],
    ['{"\\u005f_proto__":1}', 'forbidden_key'],
    ['{"__proto_\\u005F":1}', 'forbidden_key'],
    ['["__proto__"]', undefined],
    ['{"a":1,"a":2}', undefined],
  ])('%s: %s', (text, code) => {
    const judged = judge(text)
    expect('code' in judged ? judged.code : undefined).toBe(code)
  })

  test('that repeats a member is refused where that is asked, at its second place', () => {
    expect(judge('{"a":1,\n"b":2,"a":3}', { strictJson: true })).toEqual({
      code: 'forbidden_key',
      detail: expect.stringContaining('line 2, column 7'),
    })
    expect(judge('[{"a":1},{"a":2}]', { strictJson: true })).toEqual({ value: [{ a: 1 }, { a: 2 }] })
    expect(judge('{"a":1,"\\u0061":2}', { strictJson: true })).toMatchObject({ code: 'forbidden_key' })
  })
})

describe('the depth', () => {
  test('is that of arrays and objects, not of brackets in texts', { tags: ['property'] }, () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 6, noUnicodeString: false }),
        fc.integer({ min: 1, max: 7 }),
        (value, most) => {
          expect(exceedsDepth(encoder.encode(JSON.stringify(value)), most)).toBe(depthOf(value) > most)
        },
      ),
    )
  })

  test('is the same in long texts, which are searched first', () => {
    const flat = JSON.stringify({ a: Array.from({ length: 2000 }, () => '[[[[{{{{') })
    expect(exceedsDepth(encoder.encode(flat), 2)).toBe(false)
    expect(exceedsDepth(encoder.encode(flat), 1)).toBe(true)
  })
})
