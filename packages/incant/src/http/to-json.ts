import { tagOf, wireForm } from '../json/wire-form.ts'
import { findLongest } from './longest-part.ts'
import { NotSerializableError, refuse, refuseClass, refuseDepth, refuseValue, type Step } from './not-serializable.ts'

/**
 * Writes a value as JSON, strictly: what `JSON.stringify` would silently turn into `null`, `{}` or nothing is refused,
 * but for absent (`undefined`) members. What has a {@link wireForm} is written in it: a `bigint` as a decimal string,
 * bytes as base64, other typed arrays as arrays.
 *
 * @throws {NotSerializableError} For a cycle, a number that is not finite, a function, a symbol, a Map, a Set, a promise,
 * an Error, or `undefined` in an array; for more than {@link MAX_DEPTH} levels, and more JSON than a string can have.
 */
export function toJSON(value: unknown): string {
  if (value === undefined) return 'null'
  const form = toForm(value, undefined)
  try {
    return JSON.stringify(form)
  } catch (thrown) {
    throw isTooLong(thrown) ? tooLong(value) : thrown
  }
}

/** Levels of arrays and objects. Some 2,000 fill the stack, fewer where it is not empty; common parsers stop earlier. */
export const MAX_DEPTH = 1000

/** V8's word for a string longer than it can make. */
function isTooLong(thrown: unknown): boolean {
  return thrown instanceof RangeError && thrown.message.includes('string length')
}

function tooLong(value: unknown): NotSerializableError {
  const path = findLongest(value)
  return new NotSerializableError(
    path,
    `predict returned more JSON than a string can have (512 MiB), most of it at ${path}: write a stream of items, or bytes`,
  )
}

/** The value itself, or a copy with the wire forms of values that JSON does not express. */
function toForm(value: unknown, step: Step | undefined): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      if (!Number.isFinite(value)) refuse(String(value), step)
      return value
    case 'bigint':
      return wireForm(value)
    case 'object':
      return value === null ? value : objectForm(value, step)
    default:
      return refuseValue(value, step)
  }
}

function objectForm(value: object, step: Step | undefined): unknown {
  refuseEndless(value, step)
  if (ArrayBuffer.isView(value)) return viewForm(value, step)
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return replacementForm(value, value.toJSON(''), step)
  }
  return insideForm(value, value, step)
}

/** Refuses a circle, and what is nested too deep. */
export function refuseEndless(value: object, step: Step | undefined): void {
  let depth = 1
  for (let outer = step; outer !== undefined; outer = outer.parent) {
    if (outer.holder === value) refuse('a reference to an object around it', step)
    depth += 1
  }
  if (depth > MAX_DEPTH) refuseDepth(MAX_DEPTH, step)
}

/** The replacement of a value with `toJSON`. JSON.stringify calls it once, so the replacement's own is not called. */
function replacementForm(value: object, replacement: unknown, step: Step | undefined): unknown {
  if (value instanceof Date && replacement === null) refuse('an invalid Date', step)
  if (ArrayBuffer.isView(replacement)) return viewForm(replacement, step)
  const isObject = typeof replacement === 'object' && replacement !== null
  const form = isObject ? insideForm(replacement, value, step) : toForm(replacement, step)
  return form === replacement ? value : form
}

/** @param holder - What the elements or members are under, for finding cycles: an object, or what its toJSON replaces. */
function insideForm(value: object, holder: object, step: Step | undefined): unknown {
  return Array.isArray(value) ? arrayForm(value, holder, step) : membersForm(value, holder, step)
}

function arrayForm(array: readonly unknown[], holder: object, step: Step | undefined): readonly unknown[] {
  let copy: unknown[] | undefined
  for (let index = 0; index < array.length; index += 1) {
    const element = array[index]
    if (isCarriedScalar(element)) continue
    const form = toForm(element, { key: index, parent: step, holder })
    if (form === element) continue
    copy ??= [...array]
    copy[index] = form
  }
  return copy ?? array
}

function viewForm(view: ArrayBufferView, step: Step | undefined): unknown {
  const form = wireForm(view)
  // Only these can contain numbers that are not finite, and their form is an array of numbers.
  const numbers = tagOf(view).startsWith('Float') ? (form as readonly number[]) : []
  const index = numbers.findIndex(number => !Number.isFinite(number))
  return index === -1 ? form : refuse(String(numbers[index]), { key: index, parent: step, holder: view })
}

function membersForm(value: object, holder: object, step: Step | undefined): unknown {
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    const form = wireForm(value)
    if (form !== undefined) return form
    refuseClass(value, step)
  }
  let copy: object | undefined
  for (const key of Object.keys(value)) {
    const member: unknown = Reflect.get(value, key)
    if (member === undefined || isCarriedScalar(member)) continue
    const form = toForm(member, { key, parent: step, holder })
    if (form === member) continue
    copy ??= { ...value }
    // Assigning to `__proto__` would set the prototype.
    Object.defineProperty(copy, key, { value: form, enumerable: true, configurable: true, writable: true })
  }
  return copy ?? value
}

/** The common case, without a step for each of 150,528 numbers. */
function isCarriedScalar(value: unknown): boolean {
  return typeof value === 'number' ? Number.isFinite(value) : typeof value === 'string' || typeof value === 'boolean'
}
