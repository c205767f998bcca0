import { toNumbers } from '../../json/wire-form.ts'
import { type FileClass, type FormFile, ReceivedFile } from '../../validation/received-file.ts'

/** A payload as it crosses: what JSON carries, or what only a structured clone does. */
export interface WireValue {
  readonly value: unknown
  /** Long arrays of numbers, taken out of the value: a clone of them costs fifty times as much as of their bytes. */
  readonly numbers: readonly WireNumbers[]
  /** Files of a form, taken out of the value; absent where it is none. */
  readonly files?: readonly WireFile[]
}

/** The place of an array of numbers in the value, and its content. */
export interface WireNumbers {
  readonly path: readonly (string | number)[]
  readonly values: Float64Array
}

/** Where a file was in the value. */
export interface WireFile {
  readonly path: readonly (string | number)[]
  readonly file: FormFile
  readonly fileClass: FileClass
}

/** A payload ready to cross. */
export interface EncodedValue extends WireValue {
  /** Whether a round trip through JSON gives the same value, and is no slower. */
  readonly isJSON: boolean
}

/** Characters from which a text is copied faster than it is escaped. */
export const LONG_TEXT = 16_384

/** Numbers from which an array is worth taking out. */
const LONG = 64

/**
 * Makes a payload ready to cross.
 *
 * @throws {TypeError} For an instance of a class, which would arrive as a plain object.
 */
export function encodeValue(value: unknown): EncodedValue {
  const encoder = new ValueEncoder()
  const encoded = encoder.encode(value, undefined)
  const { numbers, files } = encoder
  const isJSON = encoder.isJSON && numbers.length === 0
  return { value: encoded, numbers, ...(files.length > 0 && { files }), isJSON }
}

/** The payload that {@link encodeValue} was given. */
export function decodeValue({ value, numbers, files = [] }: WireValue): unknown {
  const holder = { value }
  for (const { path, values } of numbers) put(holder, path, toNumbers(values))
  for (const { path, file, fileClass } of files) put(holder, path, new ReceivedFile(file, fileClass))
  return holder.value
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
  readonly numbers: WireNumbers[] = []
  readonly files: WireFile[] = []
  isJSON = true

  /** The value without its long arrays of numbers; the same one where it has none. */
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
    if (values !== undefined) {
      this.numbers.push({ path: toPath(step), values })
      return null
    }
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
    this.isJSON = false
    if (value instanceof ReceivedFile) {
      this.files.push({ path: toPath(step), file: value.part, fileClass: value.fileClass })
      return null
    }
    if (CLONED.has(Object.prototype.toString.call(value).slice(8, -1)) || ArrayBuffer.isView(value)) return value
    throw new TypeError(
      `a ${value.constructor?.name ?? 'class'} cannot be sent to the process that runs the predictor: let the schema give plain data, or serve with workers 0`,
    )
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
