import { wireForm } from '../../json/wire-form.ts'

/** Deeper than any server takes; also where a cycle ends. */
const MAXIMUM_DEPTH = 100

/**
 * Writes a payload as JSON, in the forms that predict's types are read from: a `Date` as an ISO string, a `bigint` as a
 * decimal string, bytes as base64, other typed arrays as arrays.
 *
 * @throws {TypeError} For a cycle, and for what has no JSON at all: a function, a symbol.
 */
export function writeJSON(value: unknown): string {
  const text = JSON.stringify(toForm(value, 0))
  // A value without a JSON form gives undefined, although the types of JSON.stringify do not say so.
  if (typeof text === 'string') return text
  throw new TypeError(`The payload is a ${typeof value}, which JSON cannot carry.`)
}

/**
 * The value itself, or a copy with replacements for what JSON cannot express. Not a replacer of JSON.stringify, which
 * is called for each of 150,528 numbers.
 */
function toForm(value: unknown, depth: number): unknown {
  const form = wireForm(value)
  if (form !== undefined) return form
  if (typeof value !== 'object' || value === null || depth > MAXIMUM_DEPTH) return value
  // The result of toJSON may contain bytes; JSON.stringify calls toJSON of a Date and the like again.
  if ('toJSON' in value && typeof value.toJSON === 'function') return toForm(value.toJSON(''), depth + 1)
  return Array.isArray(value) ? arrayForm(value, depth) : membersForm(value, depth)
}

function arrayForm(array: readonly unknown[], depth: number): readonly unknown[] {
  let copy: unknown[] | undefined
  for (let index = 0; index < array.length; index += 1) {
    const item = array[index]
    const form = typeof item === 'number' ? item : toForm(item, depth + 1)
    if (form === item) continue
    copy ??= [...array]
    copy[index] = form
  }
  return copy ?? array
}

function membersForm(value: object, depth: number): object {
  const entries = Object.entries(value).map(([name, member]) => [name, toForm(member, depth + 1)] as const)
  const changed = entries.some(([name, form]) => form !== Reflect.get(value, name))
  return changed ? Object.fromEntries(entries) : value
}
