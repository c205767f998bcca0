import { encodeBase64 } from './base64.ts'

/** The JSON form of values that JSON cannot represent directly. */
export type WireForm = string | readonly number[] | readonly string[]

/**
 * The form in which JSON carries what it has no form for, decided by the value alone and the same in both directions:
 *
 * | the value | on the wire |
 * |---|---|
 * | `bigint` | a decimal integer in a string |
 * | `Uint8Array`, `Buffer`, `ArrayBuffer`, `DataView` | base64 with padding |
 * | `BigInt64Array`, `BigUint64Array` | an array of decimal integers in strings |
 * | every other typed array | an array of numbers |
 *
 * `undefined`: the value has no such form. A `Date` writes itself.
 */
export function wireForm(value: unknown): WireForm | undefined {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return undefined
  if (ArrayBuffer.isView(value)) return viewForm(value)
  // The tag says that it is one, also where it is of another realm.
  return tagOf(value) === 'ArrayBuffer' ? encodeBase64(new Uint8Array(value as ArrayBuffer)) : undefined
}

function viewForm(view: ArrayBufferView): WireForm {
  const tag = tagOf(view)
  if (tag === 'Uint8Array' || tag === 'DataView') {
    return encodeBase64(new Uint8Array(view.buffer, view.byteOffset, view.byteLength))
  }
  // The tag of a typed array is its class, also where the array is of another realm; all the others contain numbers.
  if (tag === 'BigInt64Array' || tag === 'BigUint64Array') return Array.from(view as BigInt64Array, String)
  return toNumbers(view as Float64Array)
}

/** The numbers of a typed array as an array. `Array.from` goes through the iterator, at four times the cost. */
export function toNumbers(view: Float64Array): number[] {
  const numbers = createNumbers(view.length)
  for (let index = 0; index < view.length; index += 1) numbers[index] = view[index] ?? 0
  return numbers
}

/** Numbers below which an array has room for them from the start, and no more than that. */
const SHORT = 64

/**
 * An array for so many numbers, all of which are to be written. A long one that begins with a fraction is one of doubles from
 * the start, where one without elements becomes one at its first, at twice the cost.
 */
export function createNumbers(length: number): number[] {
  if (length < SHORT) return new Array<number>(length)
  const numbers = [0.5]
  numbers.length = length
  return numbers
}

/** The class of a platform object, also of another realm, where `instanceof` is false. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1)
}
