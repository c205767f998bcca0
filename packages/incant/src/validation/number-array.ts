import type * as v from 'valibot'
import { tagOf } from '../json/wire-form.ts'
import type { JSONSchema, NumberArrayType } from '../schema/json-schema.ts'
import { NUMBER_ITEMS } from '../schema/number-arrays.ts'
import { compileArray } from './array.ts'
import type { Compiler } from './compiler.ts'
import { accept, createSchema, run } from './dataset.ts'
import { isWithin, type NumberBounds, numberBounds } from './number.ts'
import { INTEGER_VIEWS, isFreeOfBounds, type NumberView, VIEWS } from './number-view.ts'

/** Writes items into a typed array of their length; `false` as soon as one is not of its kind. */
type Fill = (items: readonly unknown[], view: NumberView) => boolean

/**
 * Arrays that predict gets as typed arrays. Their numbers are checked and written in one loop. What is wrong with an
 * array is found, and worded, by the schema of the same array without the type.
 */
export function compileNumberArray(schema: JSONSchema, type: NumberArrayType, compiler: Compiler): v.GenericSchema {
  const { 'x-incant-type': _, ...rest } = schema
  const items = narrowItems(schema.items, NUMBER_ITEMS[type])
  const plain = compileArray({ ...rest, items }, compiler)
  const read = readQuickly(schema, items, type)
  const isFree = isFreeOfBounds(schema, type)
  return createSchema('array', (value, config) => {
    const isView = isOfClass(value, type)
    if (isView && isFree) return accept(value)
    const items = isView ? toItems(value) : value
    const view = Array.isArray(items) ? read(items) : undefined
    if (view !== undefined) return accept(isView ? value : view)
    const outcome = run(plain, items, config)
    // Without issues it is an array of valid items.
    return outcome.issues === undefined ? accept(toView(type, outcome.value as readonly never[])) : outcome
  })
}

/** Whether a value is the typed array already, as what is no JSON brings it. */
function isOfClass(value: unknown, type: NumberArrayType): value is ArrayLike<number | bigint> {
  return ArrayBuffer.isView(value) && tagOf(value) === type
}

/** The items as JSON has them. */
function toItems(view: ArrayLike<number | bigint>): readonly unknown[] {
  return Array.from(view, item => (typeof item === 'bigint' ? String(item) : item))
}

/** The items of a signature, limited to the range of the elements. */
export function narrowItems(items: JSONSchema | false | undefined, held: JSONSchema): JSONSchema {
  // The format says all that the pattern does, in words.
  if (held.type === 'string') return { type: 'string', format: held.format ?? '' }
  const { type, minimum = -Infinity, maximum = Infinity, ...rest } = items || {}
  const lowest = Math.max(minimum, held.minimum ?? -Infinity)
  const highest = Math.min(maximum, held.maximum ?? Infinity)
  return {
    ...rest,
    type: type === 'integer' ? type : (held.type ?? 'number'),
    ...(lowest > -Infinity && { minimum: lowest }),
    ...(highest < Infinity && { maximum: highest }),
  }
}

/** The typed array of items that are all right; `undefined` where they are not, or nothing quick can say so. */
function readQuickly(
  schema: JSONSchema,
  items: JSONSchema,
  type: NumberArrayType,
): (items: readonly unknown[]) => NumberView | undefined {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, uniqueItems, prefixItems } = schema
  const View = VIEWS[type]
  if (View === undefined || uniqueItems === true || prefixItems !== undefined) return () => undefined
  const fill = chooseFill(type, items)
  return values => {
    if (values.length < minItems || values.length > maxItems) return undefined
    const view = new View(values.length)
    return fill(values, view) ? view : undefined
  }
}

function chooseFill(type: NumberArrayType, items: JSONSchema): Fill {
  const { type: kind, minimum = -Number.MAX_VALUE, maximum = Number.MAX_VALUE, ...others } = items
  const isPlain = Object.keys(others).length === 0
  if (isPlain && type in INTEGER_VIEWS) return (values, view) => fillIntegers(values, view, { minimum, maximum })
  if (isPlain && kind === 'number') return (values, view) => fillFloats(values, view, { minimum, maximum })
  const bounds = numberBounds(items, kind === 'integer')
  return (values, view) => fillChecked(values, view, bounds)
}

interface Range {
  readonly minimum: number
  readonly maximum: number
}

/** The loop of tensors. */
function fillFloats(items: readonly unknown[], view: NumberView, { minimum, maximum }: Range): boolean {
  for (let index = 0; index < items.length; index++) {
    const item = items[index]
    if (typeof item !== 'number' || !(item >= minimum && item <= maximum)) return false
    view[index] = item
  }
  return true
}

/** An integer that the view returns unchanged is within the range of its elements. */
function fillIntegers(items: readonly unknown[], view: NumberView, { minimum, maximum }: Range): boolean {
  for (let index = 0; index < items.length; index++) {
    const item = items[index]
    if (typeof item !== 'number' || !(item >= minimum && item <= maximum)) return false
    view[index] = item
    if (view[index] !== item) return false
  }
  return true
}

function fillChecked(items: readonly unknown[], view: NumberView, bounds: NumberBounds): boolean {
  for (let index = 0; index < items.length; index++) {
    const item = items[index]
    if (typeof item !== 'number' || !isWithin(item, bounds)) return false
    view[index] = item
  }
  return true
}

function toView(type: NumberArrayType, items: readonly never[]): object | undefined {
  if (type === 'BigInt64Array') return BigInt64Array.from(items, BigInt)
  if (type === 'BigUint64Array') return BigUint64Array.from(items, BigInt)
  return VIEWS[type]?.from(items)
}
