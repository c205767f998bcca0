import { deserialize, serialize } from 'node:v8'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeValue, encodeValue, LONG_TEXT } from '../../../src/replica/wire/wire-value.ts'
import { ReceivedFile } from '../../../src/validation/received-file.ts'

/** What arrives, by the way that the channel would choose. */
function cross(value: unknown): unknown {
  const { isJSON, ...encoded } = encodeValue(value)
  return decodeValue(isJSON ? JSON.parse(JSON.stringify(encoded)) : deserialize(serialize(encoded)))
}

const LONG_ARRAY = Array.from({ length: 100 }, (_, index) => index / 3)
const NUMBERS = fc.array(fc.double(), { minLength: 64, maxLength: 80 })
const VALUES = fc.anything({
  maxDepth: 4,
  withBigInt: true,
  withDate: true,
  withTypedArray: true,
  withNullPrototype: false,
  values: [fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.constant(undefined), NUMBERS],
})

describe('a payload crosses', () => {
  test('as it is, whatever is in it', { tags: ['property'] }, () => {
    fc.assert(
      fc.property(VALUES, value => {
        expect(cross(value)).toStrictEqual(value)
      }),
    )
  })

  test('and is left as it was in this process', () => {
    const payload = { a: { b: LONG_ARRAY }, c: [LONG_ARRAY] }
    const before = structuredClone(payload)
    encodeValue(payload)
    expect(payload).toStrictEqual(before)
  })

  test('as the same object where nothing is taken out of it', () => {
    const payload = { a: [1, 'x', null, { b: true }] }
    expect(encodeValue(payload).value).toBe(payload)
  })
})

describe('JSON carries', () => {
  test.each<[name: string, value: unknown, isJSON: boolean]>([
    ['plain data', { a: [1, 'x', null, true] }, true],
    ['a text that is escaped quickly', 'x'.repeat(LONG_TEXT), true],
    ['a longer one', 'x'.repeat(LONG_TEXT + 1), false],
    ['-0', { a: -0 }, false],
    ['NaN', { a: Number.NaN }, false],
    ['Infinity', { a: [Number.POSITIVE_INFINITY] }, false],
    ['a bigint', { a: 1n }, false],
    ['undefined', { a: undefined }, false],
    ['a date', { at: new Date(0) }, false],
    ['a hundred numbers', { a: LONG_ARRAY }, false],
    ['63 numbers', { a: LONG_ARRAY.slice(0, 63) }, true],
    ['numbers and a text', { a: [...LONG_ARRAY, 'x'] }, true],
  ])('%s, or does not', (_name, value, isJSON) => {
    expect(encodeValue(value).isJSON).toBe(isJSON)
  })
})

test('long arrays of numbers cross as bytes, each with its place', () => {
  const { value, numbers } = encodeValue({ a: { b: LONG_ARRAY }, c: ['x', LONG_ARRAY] })
  expect(value).toEqual({ a: { b: null }, c: ['x', null] })
  expect(numbers.map(({ path }) => path)).toEqual([
    ['a', 'b'],
    ['c', 1],
  ])
})

test('files of a form cross as their bytes', () => {
  const bytes = new Uint8Array([1, 2, 3])
  const file = new ReceivedFile({ name: 'a.bin', mediaType: 'image/png', bytes }, 'File')
  const arrived = cross({ photo: file, also: [file] }) as { photo: ReceivedFile; also: ReceivedFile[] }
  for (const received of [arrived.photo, arrived.also[0]]) {
    expect(received).toBeInstanceOf(ReceivedFile)
    expect(received?.part).toEqual({ name: 'a.bin', mediaType: 'image/png', bytes })
    expect(received?.fileClass).toBe('File')
  }
})

test('an instance of a class is refused with its name and the way out', () => {
  class Point {
    x = 1
  }
  expect(() => encodeValue({ a: [new Point()] })).toThrow(
    'a Point cannot be sent to the process that runs the predictor: let the schema give plain data, or serve with workers 0',
  )
})
