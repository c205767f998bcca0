import { RequestError } from '../errors/request-error.ts'
import { endOfString } from '../json/json-bytes.ts'
import { describePosition, findFault } from './json-scan.ts'
import { countUpTo, type JSONSizeLimits, refuseSize } from './json-size.ts'
import { writtenOut } from './written-out.ts'

/** How JSON is read. */
export interface JSONLimits extends JSONSizeLimits {
  /** How deep arrays and objects may nest. */
  readonly maxJsonDepth: number
  /** Whether a repeated member is refused. */
  readonly strictJson: boolean
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Decodes UTF-8, refusing what is not.
 *
 * @throws {RequestError} `invalid_utf8`.
 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new RequestError('invalid_utf8', { detail: 'The body must be UTF-8.' })
  }
}

/**
 * Parses a body as JSON (RFC 8259). Messages give a position, never the input.
 *
 * @throws {RequestError} `empty_body`, `invalid_utf8`, `too_deep`, `body_too_large`, `invalid_json`, `forbidden_key`.
 */
export function parseJSON(bytes: Uint8Array, limits: JSONLimits): unknown {
  if (bytes.length === 0) throw new RequestError('empty_body', { detail: 'The body must be JSON; it is empty.' })
  const text = decodeText(bytes)
  // Before the parse: V8 nests without end, and everything that walks the result afterwards recurses.
  if (exceedsDepth(bytes, limits.maxJsonDepth)) {
    throw new RequestError('too_deep', { detail: `JSON may nest ${limits.maxJsonDepth} deep.` })
  }
  refuseSize(bytes, limits)
  const value = parse(text)
  if (limits.strictJson) refuseDuplicates(text)
  // A name can only be __proto__ where the text spells it, or escapes some of it.
  if ((text.includes('__proto__') || text.includes('\\u00')) && hasProtoKey(value)) {
    throw new RequestError('forbidden_key', { detail: 'JSON may not have a member named __proto__.' })
  }
  return value
}

/**
 * Refuses the values of numbers such as 1e400, which JSON permits and a double cannot represent (RFC 8259 §6): predict
 * would get an `Infinity` that it could not even return.
 *
 * @throws {RequestError} `invalid_json`.
 */
export function refuseInfinite(value: unknown): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new RequestError('invalid_json', { detail: 'The body has a number that is too large for a double.' })
  }
  if (typeof value !== 'object' || value === null) return
  for (const inner of Array.isArray(value) ? value : Object.values(value)) refuseInfinite(inner)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(writtenOut(text))
  } catch {
    // V8's message quotes the input, so the place is found again by our own scan.
    const offset = findFault(text, { duplicates: false })?.offset ?? text.length
    const found =
      offset >= text.length ? 'it ends too early' : `it stops being JSON at ${describePosition(text, offset)}`
    throw new RequestError('invalid_json', { detail: `The body must be JSON; ${found}.` })
  }
}

function refuseDuplicates(text: string): void {
  const fault = findFault(text, { duplicates: true })
  if (fault === undefined) return
  const where = describePosition(text, fault.offset)
  throw new RequestError('forbidden_key', { detail: `A member occurs twice in one object, again at ${where}.` })
}

function hasProtoKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(hasProtoKey)
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(hasProtoKey)
}

const OPEN_BRACE = 0x7b
const OPEN_BRACKET = 0x5b
const CLOSE_BRACE = 0x7d
const CLOSE_BRACKET = 0x5d
const QUOTE = 0x22
/** Bytes. */
const SHORT = 1024

/** Whether JSON nests deeper than a limit. Bytes of UTF-8 past ASCII never look like a bracket. */
export function exceedsDepth(bytes: Uint8Array, maximum: number): boolean {
  if (bytes.length <= maximum) return false
  // Fewer openings than the limit cannot exceed it: large flat arrays end here, by the platform's own search, which takes
  // longer to be called than a short text to be walked.
  if (
    bytes.length > SHORT &&
    countUpTo(bytes, OPEN_BRACKET, maximum) + countUpTo(bytes, OPEN_BRACE, maximum) <= maximum
  )
    return false
  let depth = 0
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index]
    if (byte === QUOTE) index = endOfString(bytes, index)
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1
    if (depth > maximum) return true
  }
  return false
}
