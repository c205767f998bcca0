import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toData } from '../../src/http/to-data.ts'
import { MAX_DEPTH, toJSON } from '../../src/http/to-json.ts'

const PLAIN = fc.anything({
  maxDepth: 4,
  values: [
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.date({ noInvalidDate: true }),
  ],
})

describe('plain values', () => {
  test('are written as JSON.stringify writes them, and left as they were', { tags: ['property'] }, () => {
    fc.assert(
      fc.property(PLAIN, value => {
        const before = structuredClone(value)
        expect(toJSON(value)).toBe(JSON.stringify(value))
        expect(value).toStrictEqual(before)
      }),
    )
  })

  test('are the same data as a value that is asked for', { tags: ['property'] }, () => {
    fc.assert(
      fc.property(PLAIN, value => {
        expect(JSON.stringify(toData(value))).toBe(JSON.stringify(value))
      }),
    )
  })
})

test.each<[name: string, value: unknown, json: string]>([
  ['nothing', undefined, 'null'],
  ['an absent member', { a: undefined, b: 1 }, '{"b":1}'],
  ['a bigint', { n: 2n ** 64n }, '{"n":"18446744073709551616"}'],
  ['bytes', { b: new Uint8Array([1, 2, 255]) }, '{"b":"AQL/"}'],
  ['a typed array', { f: new Float32Array([0.5, -1]) }, '{"f":[0.5,-1]}'],
  ['a member named __proto__', JSON.parse('{"__proto__":{"n":0},"x":1}'), '{"__proto__":{"n":0},"x":1}'],
  [
    'a member named __proto__ beside bytes',
    Object.defineProperty({ x: 1n }, '__proto__', { value: 2n, enumerable: true }),
    '{"x":"1","__proto__":"2"}',
  ],
  [
    'the same object twice',
    (() => {
      const one = { a: 1n }
      return [one, one]
    })(),
    '[{"a":"1"},{"a":"1"}]',
  ],
])('%s is written', (_name, value, json) => {
  expect(toJSON(value)).toBe(json)
})

function circle(): object {
  const outer: Record<string, unknown> = {}
  outer['inner'] = [outer]
  return outer
}

function nest(levels: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level += 1) value = [value]
  return value
}

describe('is refused, by toJSON and toData', () => {
  test.each<[name: string, value: unknown, path: string, found: string]>([
    ['NaN', { scores: [0, Number.NaN] }, '$.scores[1]', 'NaN'],
    ['Infinity', Number.POSITIVE_INFINITY, '$', 'Infinity'],
    ['undefined in an array', { a: [undefined] }, '$.a[0]', 'undefined'],
    ['a function', { f: () => 1 }, '$.f', 'a function'],
    ['a symbol', [Symbol('s')], '$[0]', 'a symbol'],
    ['a map', { m: new Map() }, '$.m', 'a Map'],
    ['a promise', { a: { b: Promise.resolve(1) } }, '$.a.b', 'a Promise'],
    ['an error', [new Error('x')], '$[0]', 'an Error'],
    ['an invalid date', { at: new Date(Number.NaN) }, '$.at', 'an invalid Date'],
    ['a circle', circle(), '$.inner[0]', 'a reference to an object around it'],
    ['what toJSON gives', { a: { toJSON: () => ({ b: Number.NaN }) } }, '$.a.b', 'NaN'],
  ])('%s, with its path', (_name, value, path, found) => {
    for (const write of [toJSON, toData])
      expect(() => write(value)).toThrow(expect.objectContaining({ path, message: expect.stringContaining(found) }))
  })

  test(`what is nested more than ${MAX_DEPTH} levels deep`, () => {
    for (const write of [toJSON, toData]) {
      expect(() => write(nest(MAX_DEPTH))).not.toThrow()
      expect(() => write(nest(MAX_DEPTH + 1))).toThrow(`more than ${MAX_DEPTH} levels deep at $[0][0]`)
    }
  })
})

test('numbers of a typed array may be anything where the value is asked for, and are copied', () => {
  const floats = new Float32Array([Number.NaN, 1])
  expect(() => toJSON({ floats })).toThrow(expect.objectContaining({ path: '$.floats[0]' }))
  const data = toData({ floats }) as { floats: Float32Array }
  floats[1] = 2
  expect(data.floats).toEqual(new Float32Array([Number.NaN, 1]))
})
