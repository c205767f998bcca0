import { tagOf } from '../json/wire-form.ts'
import { refuse, refuseClass, refuseValue, type Step } from './not-serializable.ts'
import { refuseEndless } from './to-json.ts'

/**
 * A value as plain data: what would be read of its JSON, but for typed arrays and bytes, which stand in it as they are. It
 * is a copy throughout, since a predictor may fill the same arrays again for its next call.
 *
 * @throws {NotSerializableError} As {@link toJSON}, but for numbers in typed arrays, which may be anything.
 */
export function toData(value: unknown): unknown {
  return value === undefined ? null : dataOf(value, undefined)
}

function dataOf(value: unknown, step: Step | undefined): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) ? value : refuse(String(value), step)
    case 'bigint':
      return String(value)
    case 'object':
      return value === null ? value : objectData(value, step)
    default:
      return refuseValue(value, step)
  }
}

function objectData(value: object, step: Step | undefined): unknown {
  refuseEndless(value, step)
  if (ArrayBuffer.isView(value)) return copyView(value)
  if (value instanceof ArrayBuffer || tagOf(value) === 'ArrayBuffer')
    return new Uint8Array(value as ArrayBuffer).slice()
  if (!('toJSON' in value && typeof value.toJSON === 'function')) return insideData(value, value, step)
  const replacement: unknown = value.toJSON('')
  if (value instanceof Date && replacement === null) refuse('an invalid Date', step)
  // JSON.stringify asks once, so the replacement's own is not called.
  const isObject = typeof replacement === 'object' && replacement !== null && !ArrayBuffer.isView(replacement)
  return isObject ? insideData(replacement, value, step) : dataOf(replacement, step)
}

/** @param holder - What the elements or members are under, for finding circles: an object, or what its toJSON replaces. */
function insideData(value: object, holder: object, step: Step | undefined): unknown {
  if (Array.isArray(value)) return arrayData(value, holder, step)
  if (Object.getPrototypeOf(value) !== Object.prototype) refuseClass(value, step)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(members.map(([key, member]) => [key, dataOf(member, { key, parent: step, holder })]))
}

function arrayData(array: readonly unknown[], holder: object, step: Step | undefined): readonly unknown[] {
  const copy = array.slice()
  for (let index = 0; index < copy.length; index += 1) {
    const element = copy[index]
    // The common case, without a step for each of many numbers.
    if (typeof element === 'string' || (typeof element === 'number' && Number.isFinite(element))) continue
    copy[index] = dataOf(element, { key: index, parent: step, holder })
  }
  return copy
}

function copyView(view: ArrayBufferView): ArrayBufferView {
  const { byteOffset, byteLength } = view
  if (view instanceof DataView) return new DataView(view.buffer.slice(byteOffset, byteOffset + byteLength))
  // Every other view is a typed array.
  return (view as Uint8Array).slice()
}
