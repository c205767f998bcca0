import { findLongest } from './longest-part.ts'

/** predict gave back something JSON cannot carry. The message is for the log: it names the path and what stands there. */
export class NotSerializableError extends Error {
  override readonly name = 'NotSerializableError'
  /** JSONPath-like: `$.scores[3]`. */
  readonly path: string

  constructor(path: string, message: string) {
    super(message)
    this.path = path
  }
}

/**
 * Writes a value as JSON, strictly: what `JSON.stringify` would silently turn into `null`, `{}` or nothing is refused,
 * but for absent (`undefined`) members. Arrays of numbers of any kind (`Float32Array`, …) are written as arrays.
 *
 * @throws {NotSerializableError} For a bigint, a cycle, a number that is not finite, a function, a symbol, a Map, a Set,
 * a promise, an Error, or `undefined` in an array; for more than {@link MAX_DEPTH} levels, and more JSON than a string
 * can have.
 */
export function toJSON(value: unknown): string {
  if (value === undefined) return 'null'
  const walk = new Walk()
  walk.check(value, undefined)
  try {
    return walk.hasTypedArrays ? JSON.stringify(value, writeTypedArrays) : JSON.stringify(value)
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
    `predict gave back more JSON than a string can have (512 MiB), most of it at ${path}: write a stream of items, or bytes`,
  )
}

/** A step towards the value at hand; a chain of them is a path, spelled out only when something is wrong. */
interface Step {
  readonly key: string | number
  readonly parent: Step | undefined
  readonly holder: object
}

class Walk {
  hasTypedArrays = false
  #depth = 0

  check(value: unknown, step: Step | undefined): void {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return
      case 'number':
        if (!Number.isFinite(value)) fail(step, String(value))
        return
      case 'object':
        if (value !== null) this.#checkObject(value, step)
        return
      default:
        fail(step, describeType(value), REMEDIES[typeof value])
    }
  }

  #checkObject(value: object, step: Step | undefined): void {
    for (let outer = step; outer !== undefined; outer = outer.parent) {
      if (outer.holder === value) fail(step, 'a reference to an object around it')
    }
    this.#depth += 1
    if (this.#depth > MAX_DEPTH) failDeep(step)
    if (ArrayBuffer.isView(value)) this.#checkTypedArray(value, step)
    else if ('toJSON' in value && typeof value.toJSON === 'function')
      this.#checkReplacement(value, value.toJSON(''), step)
    else this.#checkInside(value, value, step)
    this.#depth -= 1
  }

  /** What stands for a value that has `toJSON`. JSON.stringify asks once, so the replacement's own is not called. */
  #checkReplacement(value: object, replacement: unknown, step: Step | undefined): void {
    if (value instanceof Date && replacement === null) fail(step, 'an invalid Date')
    if (typeof replacement !== 'object' || replacement === null) this.check(replacement, step)
    else if (ArrayBuffer.isView(replacement)) this.#checkTypedArray(replacement, step)
    else this.#checkInside(replacement, value, step)
  }

  /** @param holder - What the elements or members are under, for finding cycles: an object, or what its toJSON replaces. */
  #checkInside(value: object, holder: object, step: Step | undefined): void {
    if (Array.isArray(value)) this.#checkArray(value, holder, step)
    else this.#checkMembers(value, holder, step)
  }

  #checkArray(array: readonly unknown[], holder: object, step: Step | undefined): void {
    for (let index = 0; index < array.length; index += 1) {
      const element = array[index]
      if (isCarriedScalar(element)) continue
      this.check(element, { key: index, parent: step, holder })
    }
  }

  #checkTypedArray(view: ArrayBufferView, step: Step | undefined): void {
    if (view instanceof DataView || view instanceof BigInt64Array || view instanceof BigUint64Array) {
      fail(step, describeType(view), 'write Array.from(values, Number) or Array.from(values, String)')
    }
    this.hasTypedArrays = true
    // All views that are left hold numbers.
    const numbers = view as Float64Array
    const index = numbers.findIndex(number => !Number.isFinite(number))
    if (index !== -1) fail({ key: index, parent: step, holder: view }, String(numbers[index]))
  }

  #checkMembers(value: object, holder: object, step: Step | undefined): void {
    if (Object.getPrototypeOf(value) !== Object.prototype) refuseClass(value, step)
    for (const key of Object.keys(value)) {
      const member: unknown = Reflect.get(value, key)
      if (member !== undefined && !isCarriedScalar(member)) this.check(member, { key, parent: step, holder })
    }
  }
}

/** The common case, without a step for each of 150,528 numbers. */
function isCarriedScalar(value: unknown): boolean {
  return typeof value === 'number' ? Number.isFinite(value) : typeof value === 'string' || typeof value === 'boolean'
}

/** Refuses an object of a class whose JSON would be empty. */
function refuseClass(value: object, step: Step | undefined): void {
  const remedy = REMEDIES[Object.prototype.toString.call(value).slice(8, -1)]
  if (remedy !== undefined) fail(step, describeType(value), remedy)
}

/** What to write in place of a value whose JSON would be empty or absent, by `typeof` or class. */
const REMEDIES: Readonly<Record<string, string>> = {
  bigint: 'write String(value) or Number(value)',
  undefined: 'write null',
  function: 'leave it out, or call it',
  symbol: 'write its description',
  Map: 'write Object.fromEntries(map)',
  Set: 'write Array.from(set)',
  WeakMap: 'leave it out',
  WeakSet: 'leave it out',
  Promise: 'await it',
  Error: 'write its message, or throw it',
  RegExp: 'write its source',
  ArrayBuffer: 'return it as the whole result, or write it as base64',
  SharedArrayBuffer: 'return it as the whole result, or write it as base64',
  Blob: 'return it as the whole result, or write it as base64',
  File: 'return it as the whole result, or write it as base64',
  Response: 'return it as the whole result',
  Request: 'leave it out',
  ReadableStream: 'return it as the whole result',
  Generator: 'write Array.from(generator)',
  AsyncGenerator: 'return it as the whole result',
}

function describeType(value: unknown): string {
  if (typeof value !== 'object' || value === null) return value === undefined ? 'undefined' : `a ${typeof value}`
  const name = Object.prototype.toString.call(value).slice(8, -1)
  return /^[AEIOU]/.test(name) ? `an ${name}` : `a ${name}`
}

function fail(step: Step | undefined, found: string, remedy?: string): never {
  const path = spellPath(step)
  const hint = remedy === undefined ? '' : `: ${remedy}`
  throw new NotSerializableError(path, `predict gave back ${found} at ${path}, which JSON cannot carry${hint}`)
}

function failDeep(step: Step | undefined): never {
  const path = spellPath(step, PATH_STEPS)
  throw new NotSerializableError(path, `predict gave back a value nested more than ${MAX_DEPTH} levels deep at ${path}`)
}

/** Steps that are spelled out where there are very many. */
const PATH_STEPS = 10

/** @param most - Steps from the root to spell out; the others are an ellipsis. */
function spellPath(step: Step | undefined, most: number = Number.POSITIVE_INFINITY): string {
  const parts: string[] = []
  for (let at = step; at !== undefined; at = at.parent) parts.unshift(spellKey(at.key))
  return `$${parts.slice(0, most).join('')}${parts.length > most ? '…' : ''}`
}

function spellKey(key: string | number): string {
  return typeof key === 'number' ? `[${key}]` : `.${key}`
}

/** A replacer: `this` holds what `value` was before its own toJSON, which a Buffer has. */
function writeTypedArrays(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  const original = ArrayBuffer.isView(value) ? value : this[key]
  // The walk has refused the views that do not hold numbers.
  return ArrayBuffer.isView(original) ? Array.from(original as Float64Array) : value
}
