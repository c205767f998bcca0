import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runAtOnce } from '../../src/async/run-in-turns.ts'
import { toArrays } from '../../src/json/flat-numbers.ts'
import { type NumberArray, readNumberArray } from '../../src/json/number-array.ts'
import { NumberReader } from '../../src/json/number-reader.ts'

const encoder = new TextEncoder()

/** What the reader makes of a text that is one number and nothing else; `undefined` where it is none. */
function read(text: string): number | undefined {
  const reader = new NumberReader(encoder.encode(text), 0)
  const into = new Float64Array(1)
  const count = reader.read(into, 0)
  return count === 1 && reader.position === text.length ? into[0] : undefined
}

/** What `JSON.parse` makes of it. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const float32 = (): fc.Arbitrary<number> => fc.float({ noNaN: true, noDefaultInfinity: true })
const doubles = (): fc.Arbitrary<number> => fc.double({ noNaN: true, noDefaultInfinity: true })
const digits = (most: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^[0-9]{1,${most}}$`))

/** A point in the middle between a double and the next one, with all of its digits. */
function halfway(value: number): string {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, value)
  const next = new DataView(new ArrayBuffer(8))
  next.setBigUint64(0, bits.getBigUint64(0) + 1n)
  return String((BigInt(value) + BigInt(next.getFloat64(0))) / 2n)
}

describe('a number is what JSON.parse reads, to the last bit', () => {
  const TEXTS: Readonly<Record<string, fc.Arbitrary<string>>> = {
    'doubles as JavaScript prints them': doubles().map(value => JSON.stringify(value)),
    'floats of 32 bits as doubles': float32().map(value => JSON.stringify(value)),
    'doubles of 1 to 21 digits': fc
      .tuple(doubles(), fc.integer({ min: 1, max: 21 }))
      .map(([value, count]) => value.toExponential(count - 1)),
    'any digits around a point': fc.tuple(digits(22), digits(22)).map(([whole, part]) => `${BigInt(whole)}.${part}`),
    'any exponent': fc.tuple(digits(19), fc.integer({ min: -400, max: 400 })).map(([a, e]) => `-${BigInt(a)}E${e}`),
    'subnormal doubles': fc.double({ min: 5e-324, max: 2.3e-308, noNaN: true }).map(value => value.toExponential(17)),
    'half way between two doubles': fc.double({ min: 2 ** 53, max: 2 ** 64, noNaN: true }).map(halfway),
    'near to half way': fc
      .tuple(fc.double({ min: 2 ** 53, max: 2 ** 64, noNaN: true }), fc.bigInt({ min: -2n, max: 2n }))
      .map(([value, off]) => String(BigInt(halfway(value)) + off)),
    'integers around 2^53 and 2^63': fc
      .tuple(fc.constantFrom(2n ** 53n, 2n ** 63n, 2n ** 64n), fc.bigInt({ min: -3000n, max: 3000n }))
      .map(([power, off]) => String(power + off)),
  }

  test.each(Object.entries(TEXTS))('%s', (_what, texts) => {
    const property = fc.property(texts, text => {
      expect(read(text), text).toBe(parse(text))
    })
    fc.assert(property, { numRuns: 3000 })
  })

  test.each(['0', '-0', '-0.0e-999', '0e99999999', '1e400', '-1e400', '1e-400', '5e-324', '2.4703282292062328e-324'])(
    '%s',
    text => expect(read(text)).toBe(parse(text)),
  )
})

test('what JSON.parse refuses is no number, and nothing else is', () => {
  const pieces = fc.constantFrom('-', '+', '0', '1', '00', '9', '4321', '.', 'e', 'E', ' ', '/', ':', 'x', '\u00a0')
  fc.assert(
    fc.property(fc.array(pieces, { minLength: 1, maxLength: 7 }), given => {
      const text = given.join('').trimEnd()
      expect(read(text), text).toBe(parse(text))
    }),
    { numRuns: 20_000 },
  )
})

const readArray = (text: string): NumberArray | undefined => runAtOnce(readNumberArray(encoder.encode(text), 0))

describe('an array of numbers', () => {
  const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 })

  test('has its shape, its numbers and the place where it ends, white space or not', () => {
    const property = fc.property(shapes, fc.constantFrom('', ' ', '\t\r\n'), (shape, space) => {
      const value = nest(shape, () => Math.random() - 0.5)
      const text = JSON.stringify(value).replaceAll(/[[\],]/g, sign => `${space}${sign}${space}`)
      const found = readArray(`${text.trim()}, 1]`)
      expect(found).toMatchObject({ shape, end: text.trim().length })
      expect(found && toArrays(found)).toEqual(value)
    })
    fc.assert(property)
  })

  test.each([[[100_000]], [[40, 50, 50]], [[5000, 20]]])('of many pieces comes whole: %s', shape => {
    const value = nest(shape, () => Math.random())
    const found = readArray(JSON.stringify(value))
    expect(found && toArrays(found)).toEqual(value)
  })

  test('may have none', () => {
    expect(readArray(' [ ] '.trim())).toMatchObject({ shape: [0], end: 3 })
  })

  test.each([
    ['arrays of none', '[[],[]]'],
    ['a comma too many', '[1,]'],
    ['a comma at the start', '[,1]'],
    ['no comma', '[1 2]'],
    ['no comma between arrays', '[[1][2]]'],
    ['no end', '[1,2'],
    ['no end of an array in it', '[[1,2],[3'],
    ['arrays of different lengths', '[[1,2],[3]]'],
    ['numbers beside arrays', '[[1],2]'],
    ['arrays beside numbers', '[1,[2]]'],
    ['another value', '[1,null]'],
    ['a text', '["1"]'],
    ['arrays without end', '['.repeat(1000)],
  ])('%s is left to others', (_what, text) => {
    expect(readArray(text)).toBeUndefined()
  })
})

type Nested = number | readonly Nested[]

function nest([length, ...rest]: readonly number[], make: () => number): Nested {
  return length === undefined ? make() : Array.from({ length }, () => nest(rest, make))
}
