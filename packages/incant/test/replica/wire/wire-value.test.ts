import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FlatNumbers } from '../../../src/json/flat-numbers.ts'
import { decodeValue, encodeValue, LONG_TEXT } from '../../../src/replica/wire/wire-value.ts'
import { ReceivedFile } from '../../../src/validation/received-file.ts'

/** What arrives in the other process. */
function cross(value: unknown): unknown {
  const { wire, attached } = encodeValue(value)
  return decodeValue(JSON.parse(JSON.stringify(wire)), attached.map(bytes => new Uint8Array(bytes)).values())
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

  test.each([[[0]], [[6]], [[2, 3]], [[3, 1, 2]]])('with numbers in one piece as arrays of the shape %s', shape => {
    const values = Float64Array.from({ length: shape.reduce((product, size) => product * size) }, (_, n) => n - 0.5)
    const numbers = new FlatNumbers(values, shape)
    expect(cross({ a: [numbers] })).toStrictEqual({ a: [numbers.toArrays()] })
    expect(numbers.toArrays().flat(3)).toEqual([...values])
    expect(encodeValue(numbers).wire).not.toHaveProperty('isClone')
  })

  test('and is left as it was in this process', () => {
    const payload = { a: { b: LONG_ARRAY }, c: [LONG_ARRAY] }
    const before = structuredClone(payload)
    encodeValue(payload)
    expect(payload).toStrictEqual(before)
  })

  test('as the same object where nothing is taken out of it', () => {
    const payload = { a: [1, 'x', null, { b: true }] }
    expect(encodeValue(payload).wire).toEqual({ value: payload })
    expect(encodeValue(payload).wire).toHaveProperty('value', payload)
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
    ['what is left of a hundred numbers', { a: LONG_ARRAY }, true],
    ['what is left of a typed array', { a: new Float32Array(2) }, true],
    ['what is left of bytes', Buffer.from('abc'), true],
    ['63 numbers', { a: LONG_ARRAY.slice(0, 63) }, true],
    ['numbers and a text', { a: [...LONG_ARRAY, 'x'] }, true],
  ])('%s, or does not', (_name, value, isJSON) => {
    expect('value' in encodeValue(value).wire).toBe(isJSON)
  })
})

test('long arrays of numbers cross as bytes, each with its place', () => {
  const { wire, attached } = encodeValue({ a: { b: LONG_ARRAY }, c: ['x', LONG_ARRAY] })
  expect(wire).toEqual({
    value: { a: { b: null }, c: ['x', null] },
    taken: [
      { path: ['a', 'b'], what: 'numbers' },
      { path: ['c', 1], what: 'numbers' },
    ],
  })
  expect(attached.map(({ byteLength }) => byteLength)).toEqual([800, 800])
})

const WINDOW = new Uint8Array(new Uint8Array([9, 1, 2, 3, 9]).buffer, 1, 3)
const VIEWS = [
  ...[new Int8Array([-1]), WINDOW, new Uint8ClampedArray([255]), new Int16Array([-2, 2]), new Uint16Array([65_535])],
  ...[new Int32Array([-3]), new Uint32Array([4e9]), new Float32Array([0.5]), new Float64Array([Math.PI, -0])],
  ...[new BigInt64Array([-5n]), new BigUint64Array([5n]), new DataView(new Uint8Array([1, 2]).buffer)],
  ...[Buffer.from('bytes'), new Uint8Array(0)],
]

test.each([
  ['in JSON', VIEWS],
  ['in a clone', [...VIEWS, new Date(0)]],
  ['in what only a clone carries', [new Map(VIEWS.map((view, index) => [index, view]))]],
])('views %s arrive as what they are, each with memory of its own', (_name, sent) => {
  const arrived = cross({ sent }) as { sent: unknown[] }
  expect(arrived).toEqual({ sent })
  const views = arrived.sent.flatMap(one => (one instanceof Map ? [...(one.values() as Iterable<unknown>)] : [one]))
  for (const [index, view] of views.entries()) {
    if (!ArrayBuffer.isView(view)) continue
    expect(view.constructor).toBe(VIEWS[index]?.constructor)
    expect(view.buffer.byteLength).toBe(view.byteLength)
  }
})

test('a value that nothing carries is refused', () => {
  expect(() => encodeValue({ call: () => {} })).toThrow(/could not be cloned/)
})

test('a message with fewer bytes than it speaks of is a bug that is named', () => {
  expect(() => decodeValue(encodeValue(new Uint8Array(1)).wire, [].values())).toThrow('a bug in Incant')
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
