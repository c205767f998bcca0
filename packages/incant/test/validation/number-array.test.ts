import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { propertyRuns } from '../../../../tests/property-runs.ts'
import type { JSONSchema, JSONValue, NumberArrayType } from '../../src/schema/json-schema.ts'
import { NUMBER_ARRAYS, numberArraySchema } from '../../src/schema/number-arrays.ts'
import { compileValidator } from '../../src/validation/validator.ts'

interface Kind {
  /** The least and the greatest that an element holds, as JSON carries them. */
  readonly held: readonly [least: JSONValue, greatest: JSONValue]
  readonly refused: readonly JSONValue[]
  /** What is said of the first refused. */
  readonly message: string
}

const integers = (least: number, greatest: number): Kind => ({
  held: [least, greatest],
  refused: [greatest + 1, least - 1, 0.5, '1', null, Number.POSITIVE_INFINITY],
  message: `must be at most ${greatest}`,
})

const KINDS: { readonly [type in NumberArrayType]: Kind } = {
  Int8Array: integers(-128, 127),
  Uint8ClampedArray: integers(0, 255),
  Int16Array: integers(-32_768, 32_767),
  Uint16Array: integers(0, 65_535),
  Int32Array: integers(-2_147_483_648, 2_147_483_647),
  Uint32Array: integers(0, 4_294_967_295),
  Float32Array: {
    held: [-3.4028234663852886e38, 3.4028234663852886e38],
    refused: [3.5e38, -3.5e38, '1', null, true],
    message: 'must be at most 3.4028234663852886e+38',
  },
  Float64Array: {
    held: [-Number.MAX_VALUE, Number.MAX_VALUE],
    refused: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, '1', [1]],
    message: 'must be a finite number',
  },
  BigInt64Array: {
    held: ['-9223372036854775808', '9223372036854775807'],
    refused: ['9223372036854775808', '-9223372036854775809', '-0', '01', '+1', '1.0', '', 5],
    message: 'must be an integer from -9223372036854775808 to 9223372036854775807 in decimal digits',
  },
  BigUint64Array: {
    held: ['0', '18446744073709551615'],
    refused: ['18446744073709551616', '-1', '-0', '00', ' 1', 5],
    message: 'must be an integer from 0 to 18446744073709551615 in decimal digits',
  },
}

const CASES = Object.entries(KINDS) as [NumberArrayType, Kind][]
const ajv = new Ajv2020({ strict: false, validateFormats: false })

test('every kind is here', () => {
  expect(CASES.map(([type]) => type)).toEqual(NUMBER_ARRAYS)
})

describe.each(CASES)('%s', (type, { held, refused, message }) => {
  const { validate } = compileValidator(numberArraySchema(type), {})

  test('takes what its elements hold, and becomes a typed array of its own', () => {
    const result = validate([...held])
    expect(result).toMatchObject({ ok: true })
    const view = result.ok ? (result.value as Float64Array) : undefined
    expect(Object.prototype.toString.call(view)).toBe(`[object ${type}]`)
    expect(Array.from(view ?? [], String)).toEqual(held.map(String))
    expect(view?.byteOffset).toBe(0)
    expect(validate([])).toMatchObject({ ok: true })
  })

  test('takes the class itself, as what is no JSON brings it, and looks at its elements where there are bounds', () => {
    const decoded = validate([held[0]])
    const value = decoded.ok ? decoded.value : undefined
    expect(validate(value)).toEqual({ ok: true, value })
    const bounded = compileValidator({ ...numberArraySchema(type), minItems: 2 }, {})
    expect(bounded.validate(value)).toMatchObject({ ok: false, issues: [{ pointer: '#' }] })
  })

  test('refuses the rest, at its place', () => {
    expect(validate([held[0], refused[0]])).toEqual({ ok: false, issues: [{ pointer: '#/1', detail: message }] })
    for (const value of refused) expect({ value, ...validate([value]) }).toMatchObject({ value, ok: false })
    for (const value of [null, 'AAA=', { 0: 1 }, new DataView(new ArrayBuffer(8))]) {
      expect(validate(value)).toEqual({ ok: false, issues: [{ pointer: '#', detail: 'must be an array' }] })
    }
  })
})

test('many that are wrong are fifty issues, and a long array is filled', () => {
  const { validate } = compileValidator(numberArraySchema('Uint16Array'), {})
  const wrong = validate(Array.from({ length: 1000 }, () => -1))
  expect(wrong.ok ? [] : wrong.issues).toHaveLength(50)
  const right = validate(Array.from({ length: 150_528 }, (_, index) => index % 65_536))
  expect(right.ok && (right.value as Uint16Array)[150_527]).toBe(150_527 % 65_536)
})

test('what the signature asks of items, length and uniqueness holds', () => {
  const accepts = (schema: JSONSchema, value: unknown) => compileValidator(schema, {}).validate(value).ok
  const floats = numberArraySchema('Float32Array')
  expect(accepts({ ...floats, minItems: 2 }, [1])).toBe(false)
  expect(accepts({ ...floats, maxItems: 1 }, [1, 2])).toBe(false)
  expect(accepts({ ...floats, uniqueItems: true }, [1, 1])).toBe(false)
  expect(accepts({ ...floats, uniqueItems: true }, [1, 2])).toBe(true)
  expect(accepts({ ...floats, items: { type: 'number', minimum: 0 } }, [-1])).toBe(false)
  expect(accepts({ ...floats, items: { type: 'number', exclusiveMinimum: 0 } }, [0])).toBe(false)
  expect(accepts({ ...floats, items: { type: 'number', multipleOf: 0.5 } }, [1.25])).toBe(false)
  expect(accepts({ ...floats, items: { type: 'integer' } }, [1.5])).toBe(false)
  // Data that says less than the elements hold: they hold no more for that.
  expect(accepts({ ...numberArraySchema('Int8Array'), items: {} }, [128])).toBe(false)
  expect(accepts({ ...numberArraySchema('Int8Array'), items: { type: 'number', maximum: 1000 } }, [128])).toBe(false)
})

const edges = [127, 128, 255, 256, -32_768, 65_536, 2 ** 31, 2 ** 32, 3.4028234663852886e38, 3.402823466385289e38]
const integersNear = fc.oneof(fc.integer({ min: -2, max: 130 }), fc.constantFrom(-0, ...edges))
const numbers = fc.oneof(integersNear, fc.double({ noNaN: true, noDefaultInfinity: true }))
const digits = fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String)
const others = fc.constantFrom<JSONValue>(null, '', '-0', true, '01')
const arrays = fc.oneof(
  ...[fc.integer({ min: 0, max: 130 }), integersNear, numbers, digits, fc.oneof(numbers, digits, others)].map(
    (item: fc.Arbitrary<JSONValue>) => fc.array(item, { maxLength: 3 }),
  ),
)
const schemas: fc.Arbitrary<JSONSchema> = fc
  .tuple(
    fc.constantFrom(...NUMBER_ARRAYS),
    fc.record({ minItems: fc.nat(1), maxItems: fc.nat(4) }, { requiredKeys: [] }),
  )
  .map(([type, sizes]) => ({ ...numberArraySchema(type), ...sizes }))

test('for any array, another implementation of JSON Schema says the same', { tags: ['property'] }, () => {
  const verdicts: boolean[] = []
  const property = fc.property(schemas, arrays, (schema, value) => {
    const expected = ajv.validate(schema, value)
    verdicts.push(expected)
    expect(compileValidator(schema, {}).validate(value).ok).toBe(expected)
  })
  fc.assert(property, { numRuns: propertyRuns(1000) })
  const accepted = verdicts.filter(Boolean).length / verdicts.length
  expect(accepted).toBeGreaterThan(0.1)
  expect(accepted).toBeLessThan(0.9)
})
