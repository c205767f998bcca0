import type { FlatNumbers } from '../json/flat-numbers.ts'
import type { NumberArray } from '../json/number-array.ts'
import type { JSONSchema, NumberArrayType } from '../schema/json-schema.ts'
import { NUMBER_ITEMS } from '../schema/number-arrays.ts'
import { areWithin, numberBounds } from './number.ts'

/**
 * What the numbers of an array become before they are validated: a typed array where the schema accepts every one, `flat` where
 * its validator takes {@link FlatNumbers}, too, else arrays.
 */
export type NumberKind = NumberArrayType | 'flat' | 'array'

/** A typed array whose elements are JavaScript numbers. */
export interface NumberView {
  readonly length: number
  [index: number]: number
  set(items: ArrayLike<number>, offset: number): void
}

/** The class of such an array. */
export interface NumberViewClass {
  new (length: number): NumberView
  from(items: readonly number[]): NumberView
}

/** Those of integers. */
export const INTEGER_VIEWS: { readonly [type: string]: NumberViewClass } = {
  ...{ Int8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array },
}

/** All of them, by the name of the class. */
export const VIEWS: { readonly [type: string]: NumberViewClass } = { Float32Array, Float64Array, ...INTEGER_VIEWS }

/** Numbers that were read from JSON as a typed array; `undefined` where one of them is none of its elements, or they are in arrays in it. */
export function toView({ pieces, shape }: NumberArray, type: NumberArrayType): NumberView | undefined {
  const [length = 0, ...inner] = shape
  const View = VIEWS[type]
  if (View === undefined || inner.length > 0) return undefined
  const items = NUMBER_ITEMS[type]
  const bounds = numberBounds(items, items.type === 'integer')
  const view = new View(length)
  let offset = 0
  for (const piece of pieces) {
    if (!areWithin(piece, bounds)) return undefined
    view.set(piece, offset)
    offset += piece.length
  }
  return view
}

/** Whether every array of the class is valid: then nothing of it is looked at. */
export function isFreeOfBounds(schema: JSONSchema, type: NumberArrayType): boolean {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, uniqueItems = false, prefixItems, items } = schema
  const isAnyLength =
    minItems === 0 && maxItems === Number.POSITIVE_INFINITY && !uniqueItems && prefixItems === undefined
  return isAnyLength && (items === undefined || JSON.stringify(items) === JSON.stringify(NUMBER_ITEMS[type]))
}
