/** Deeper than any server takes; also where a cycle ends. */
const MAXIMUM_DEPTH = 100

/**
 * Writes a payload as JSON, in the forms that predict's types are read from: a `Date` as an ISO string, a `bigint` as a
 * decimal string, bytes as base64, other arrays of numbers as arrays.
 *
 * @throws {TypeError} For a cycle, and for what has no JSON at all: a function, a symbol.
 */
export function writeJSON(value: unknown): string {
  // A replacer is asked for each of 150,528 numbers, so only where there is something to replace.
  const text = needsReplacer(value, 0) ? JSON.stringify(value, replaceForm) : JSON.stringify(value)
  // What has no JSON at all gives undefined, whatever the types of JSON.stringify say.
  if (typeof text === 'string') return text
  throw new TypeError(`The payload is a ${typeof value}, which JSON cannot carry.`)
}

function needsReplacer(value: unknown, depth: number): boolean {
  if (typeof value === 'bigint') return true
  if (typeof value !== 'object' || value === null) return false
  if (isBytes(value) || depth > MAXIMUM_DEPTH) return true
  if (!Array.isArray(value)) return Object.values(value).some(member => needsReplacer(member, depth + 1))
  return value.some(item => typeof item !== 'number' && needsReplacer(item, depth + 1))
}

/** A replacer: `this` holds what `value` was before its own toJSON, which a Buffer has. */
function replaceForm(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  const original = this[key]
  if (typeof original === 'bigint') return String(original)
  if (typeof original !== 'object' || original === null || !isBytes(original)) return value
  if (original instanceof DataView || !ArrayBuffer.isView(original)) return encodeBase64(bytesOf(original))
  if (tagOf(original) === 'Uint8Array') return encodeBase64(bytesOf(original))
  // The views that are left hold numbers.
  return Array.from(original as Float64Array)
}

function isBytes(value: object): value is ArrayBufferView | ArrayBuffer {
  return ArrayBuffer.isView(value) || tagOf(value) === 'ArrayBuffer'
}

function bytesOf(value: ArrayBufferView | ArrayBuffer): Uint8Array {
  return ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value)
}

/** As many arguments as any engine takes at once. */
const CHUNK = 0x8000

function encodeBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let start = 0; start < bytes.length; start += CHUNK)
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK))
  return btoa(binary)
}

/** The class of a platform object, also of another realm, where `instanceof` is false. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1)
}
