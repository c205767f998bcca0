import { FlatNumbers, LONG } from '../../json/flat-numbers.ts'
import { toNumbers } from '../../json/wire-form.ts'
import { type FileClass, type FormFile, ReceivedFile } from '../../validation/received-file.ts'
import { makeClone, readClone } from './clone.ts'
import { makeView, ownBuffer, toBytes, viewKind } from './views.ts'

/** A value in a message, with its bytes attached: as JSON, or as the clone that is attached first. */
export type WireValue = PlainValue | { readonly isClone: true }

/** A value without what is attached. */
interface PlainValue {
  readonly value: unknown
  /** In the order in which it is attached; absent where nothing is. */
  readonly taken?: readonly Taken[]
}

/** What was taken out of a value: JSON has no form for it, or one that costs fifty times as much as its bytes. */
interface Taken {
  /** Its place, where there is `null` now. */
  readonly path: readonly (string | number)[]
  /** An array of numbers, arrays in arrays of them, a view by the number of its class, or a file. */
  readonly what: 'numbers' | TakenRows | number | TakenFile
}

interface TakenRows {
  /** The lengths of the arrays, the outermost first. */
  readonly shape: readonly number[]
}

interface TakenFile extends Pick<FormFile, 'name' | 'mediaType'> {
  readonly fileClass: FileClass
}

/** A value ready to cross. */
export interface EncodedValue {
  readonly wire: WireValue
  readonly attached: readonly Uint8Array[]
}

/** Characters from which a text is copied faster than it is escaped. */
export const LONG_TEXT = 16_384

/**
 * Makes a value ready to cross: as JSON and bytes, where a round trip gives the same and is no slower, else as a
 * structured clone.
 *
 * @throws {TypeError} For an instance of a class, which would arrive as a plain object.
 * @throws {DOMException} `DataCloneError` for what no clone carries, such as a function.
 */
export function encodeValue(value: unknown): EncodedValue {
  const encoder = new ValueEncoder()
  const encoded = encoder.encode(value, undefined)
  const { taken, attached } = encoder
  const plain: PlainValue = taken.length === 0 ? { value: encoded } : { value: encoded, taken }
  if (encoder.isJSON) return { wire: plain, attached }
  const clone = makeClone(plain)
  return { wire: { isClone: true }, attached: [clone.content, ...clone.attached, ...attached] }
}

/** Gives what is attached to a message, one after the other. */
export type Attached = Iterator<Uint8Array, unknown>

/** The value that {@link encodeValue} was given. */
export function decodeValue(wire: WireValue, attached: Attached): unknown {
  const plain = 'isClone' in wire ? readClone(takeNext(attached), () => takeNext(attached)) : wire
  // What was cloned was one.
  const { value, taken = [] } = plain as PlainValue
  const holder = { value }
  for (const { path, what } of taken) put(holder, path, restore(what, takeNext(attached)))
  return holder.value
}

/** The next of what is attached: there is as much as the message speaks of. */
export function takeNext(attached: Attached): Uint8Array {
  const { done, value } = attached.next()
  if (done === true) throw new Error('fewer bytes are attached to a message than it says; this is a bug in Incant')
  return value
}

function restore(what: Taken['what'], bytes: Uint8Array): unknown {
  if (what === 'numbers') return toNumbers(new Float64Array(ownBuffer(bytes)))
  if (typeof what === 'number') return makeView(what, bytes)
  if ('shape' in what) return new FlatNumbers(new Float64Array(ownBuffer(bytes)), what.shape).toArrays()
  const { name, mediaType, fileClass } = what
  return new ReceivedFile({ name, mediaType, bytes }, fileClass)
}

/** The path was made along this very value. */
function put(holder: { value: unknown }, path: readonly (string | number)[], value: unknown): void {
  let parent = holder as unknown as Record<string | number, unknown>
  const steps = ['value', ...path]
  const last = steps.pop() ?? ''
  for (const step of steps) parent = parent[step] as Record<string | number, unknown>
  parent[last] = value
}

/** The way from the root to a value, last step first. */
interface Step {
  readonly key: string | number
  readonly parent: Step | undefined
}

class ValueEncoder {
  readonly taken: Taken[] = []
  readonly attached: Uint8Array[] = []
  isJSON = true

  /** The value without what is attached; the same one where nothing is. */
  encode(value: unknown, step: Step | undefined): unknown {
    switch (typeof value) {
      case 'string':
        if (value.length > LONG_TEXT) this.isJSON = false
        return value
      case 'boolean':
        return value
      case 'number':
        if (!Number.isFinite(value) || Object.is(value, -0)) this.isJSON = false
        return value
      case 'object':
        if (value === null) return value
        if (Array.isArray(value)) return this.#encodeArray(value, step)
        return isPlainObject(value) ? this.#encodeMembers(value, step) : this.#encodeOther(value, step)
      default:
        this.isJSON = false
        return value
    }
  }

  #encodeArray(array: readonly unknown[], step: Step | undefined): unknown {
    const values = array.length < LONG ? undefined : toFloats(array)
    if (values !== undefined) return this.#take('numbers', values, step)
    let copy: unknown[] | undefined
    for (let index = 0; index < array.length; index += 1) {
      const element = array[index]
      const encoded = this.encode(element, { key: index, parent: step })
      if (encoded === element) continue
      copy ??= [...array]
      copy[index] = encoded
    }
    return copy ?? array
  }

  #encodeMembers(value: object, step: Step | undefined): unknown {
    let copy: Record<string, unknown> | undefined
    for (const [key, member] of Object.entries(value)) {
      const encoded = this.encode(member, { key, parent: step })
      if (encoded === member) continue
      copy ??= { ...value }
      copy[key] = encoded
    }
    return copy ?? value
  }

  #encodeOther(value: object, step: Step | undefined): unknown {
    if (ArrayBuffer.isView(value)) {
      const kind = viewKind(value)
      if (kind !== undefined) return this.#take(kind, value, step)
    }
    if (value instanceof FlatNumbers) {
      const { values, shape } = value
      return this.#take(shape.length === 1 ? 'numbers' : { shape }, values, step)
    }
    if (value instanceof ReceivedFile) {
      const { part, fileClass } = value
      return this.#take({ name: part.name, mediaType: part.mediaType, fileClass }, part.bytes, step)
    }
    this.isJSON = false
    if (CLONED.has(Object.prototype.toString.call(value).slice(8, -1)) || ArrayBuffer.isView(value)) return value
    throw new TypeError(
      `a ${value.constructor?.name ?? 'class'} cannot be sent to the process that runs the predictor: let the schema give plain data, or serve with workers 0`,
    )
  }

  #take(what: Taken['what'], view: ArrayBufferView, step: Step | undefined): null {
    this.taken.push({ path: toPath(step), what })
    this.attached.push(toBytes(view))
    return null
  }
}

/** Builtins, by their tag, that arrive as what they are. */
const CLONED: ReadonlySet<string> = new Set(['Date', 'Map', 'Set', 'RegExp', 'ArrayBuffer', 'Error'])

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** The same numbers as bytes, where they are all numbers. */
function toFloats(array: readonly unknown[]): Float64Array | undefined {
  const values = new Float64Array(array.length)
  for (let index = 0; index < array.length; index += 1) {
    const element = array[index]
    if (typeof element !== 'number') return undefined
    values[index] = element
  }
  return values
}

function toPath(step: Step | undefined): readonly (string | number)[] {
  const path: (string | number)[] = []
  for (let at = step; at !== undefined; at = at.parent) path.unshift(at.key)
  return path
}
