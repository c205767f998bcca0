import { countUpTo } from '../../http/json-size.ts'

/** Bytes from which a body delays other requests, whatever its content: about a millisecond. */
const LARGE = 131_072

/** Bytes from which a body may contain enough nested values to delay other requests. */
const MEDIUM = 8192

/** Containers that are felt: each can cost a hundred times what a number does. */
const MANY = 500

const OPEN_BRACE = 0x7b
const OPEN_BRACKET = 0x5b

/** Whether it takes so long to read a body that it is worth a thread. */
export function isHeavy(bytes: Uint8Array): boolean {
  if (bytes.length >= LARGE) return true
  if (bytes.length < MEDIUM) return false
  return countUpTo(bytes, OPEN_BRACE, MANY) > MANY || countUpTo(bytes, OPEN_BRACKET, MANY) > MANY
}
