import type { JSONSchema, NumberArrayType } from './json-schema.ts'

const MAXIMUM_FLOAT32 = 3.4028234663852886e38

/** The items of the JSON array for a typed array: the range of its elements. */
export const NUMBER_ITEMS: { readonly [type in NumberArrayType]: JSONSchema } = {
  Int8Array: integers(-128, 127),
  Uint8ClampedArray: integers(0, 255),
  Int16Array: integers(-32_768, 32_767),
  Uint16Array: integers(0, 65_535),
  Int32Array: integers(-2_147_483_648, 2_147_483_647),
  Uint32Array: integers(0, 4_294_967_295),
  Float32Array: { type: 'number', minimum: -MAXIMUM_FLOAT32, maximum: MAXIMUM_FLOAT32 },
  Float64Array: { type: 'number' },
  BigInt64Array: bigints('int64', `-?(?:${upTo('9223372036854775807')})|-9223372036854775808`),
  BigUint64Array: bigints('uint64', upTo('18446744073709551615')),
}

function integers(minimum: number, maximum: number): JSONSchema {
  return { type: 'integer', minimum, maximum }
}

/** Formats of OpenAPI's registry, and a pattern for those that know none. */
function bigints(format: string, pattern: string): JSONSchema {
  return { type: 'string', pattern: `^(?:0|${pattern})$`, format }
}

/** The pattern of the decimal numerals from 1 to a limit. */
function upTo(limit: string): string {
  const below = [...limit].flatMap((digit, index) => {
    const rest = limit.length - index - 1
    const first = index === 0 ? '1' : '0'
    if (digit <= first) return []
    return `${limit.slice(0, index)}[${first}-${Number(digit) - 1}]${rest === 0 ? '' : `\\d{${rest}}`}`
  })
  return [`[1-9]\\d{0,${limit.length - 2}}`, ...below, limit].join('|')
}

/** The names of the typed arrays that JSON arrays of numbers become. Bytes, `Uint8Array`, are base64 and not among them. */
export const NUMBER_ARRAYS: readonly NumberArrayType[] = Object.keys(NUMBER_ITEMS) as NumberArrayType[]

/**
 * The JSON Schema of a typed array: an array with items in the range of its elements, and the class that predict gets.
 */
export function numberArraySchema(type: NumberArrayType): JSONSchema {
  return { type: 'array', items: NUMBER_ITEMS[type], 'x-incant-type': type }
}

/** The typed array of a schema, if any. */
export function numberArrayType(schema: JSONSchema): NumberArrayType | undefined {
  return NUMBER_ARRAYS.find(type => type === schema['x-incant-type'])
}
