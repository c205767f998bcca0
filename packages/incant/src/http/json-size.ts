import { RequestError } from '../errors/request-error.ts'
import { endOfString } from '../json/json-bytes.ts'

/** The most values in all containers of a JSON text together. */
export interface JSONSizeLimits {
  /** Members of all its objects. */
  readonly maxJsonMembers: number
  /** Items of all its arrays. */
  readonly maxJsonItems: number
}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const SPACE = 0x20

/** The fewest bytes that a member takes, as in `"":0,`, and an item, as in `0,`. */
const SHORTEST_MEMBER = 5
const SHORTEST_ITEM = 2

/**
 * Refuses a JSON text with too many values in its containers: each member costs a hundred times what its bytes do. It
 * runs after the check of the depth and before the parse.
 *
 * @throws {RequestError} `body_too_large`.
 */
export function refuseSize(bytes: Uint8Array, limits: JSONSizeLimits): void {
  const { maxJsonMembers, maxJsonItems } = limits
  const mayExceed =
    bytes.length > maxJsonItems * SHORTEST_ITEM ||
    (bytes.length > maxJsonMembers * SHORTEST_MEMBER && countUpTo(bytes, COLON, maxJsonMembers) > maxJsonMembers)
  // Large arrays of numbers end here, by the platform's own search.
  if (!mayExceed) return
  const { members, items } = new SizeScanner(bytes, limits).scan()
  if (members > maxJsonMembers) throw tooMany(maxJsonMembers, 'members', 'objects')
  if (items > maxJsonItems) throw tooMany(maxJsonItems, 'items', 'arrays')
}

function tooMany(maximum: number, what: string, where: string): RequestError {
  return new RequestError('body_too_large', { detail: `The ${where} of a body may have ${maximum} ${what} together.` })
}

/** How often a byte occurs, counted up to one more than the maximum. */
export function countUpTo(bytes: Uint8Array, byte: number, maximum: number): number {
  let count = 0
  for (let at = bytes.indexOf(byte); at !== -1 && count <= maximum; at = bytes.indexOf(byte, at + 1)) count += 1
  return count
}

/**
 * Counts the values in the containers of a JSON text, until there are too many. The result for a text that is not JSON
 * does not matter.
 */
class SizeScanner {
  members = 0
  items = 0
  readonly #bytes: Uint8Array
  /** For each container that is open, whether it is an array. */
  readonly #open: boolean[] = []
  /** The last byte that is neither in a string nor white space has opened an array. */
  #begins = false

  readonly #limits: JSONSizeLimits

  constructor(bytes: Uint8Array, limits: JSONSizeLimits) {
    this.#bytes = bytes
    this.#limits = limits
  }

  scan(): this {
    const bytes = this.#bytes
    const { maxJsonMembers, maxJsonItems } = this.#limits
    for (let index = 0; index < bytes.length; index += 1) {
      if (this.members > maxJsonMembers || this.items > maxJsonItems) break
      const byte = bytes[index] ?? 0
      if (byte <= SPACE) continue
      if (this.#begins && byte !== CLOSE_BRACKET) this.items += 1
      this.#begins = false
      if (byte === QUOTE) index = endOfString(bytes, index)
      else if (byte === COMMA || byte >= COLON) this.#see(byte)
    }
    return this
  }

  #see(byte: number): void {
    if (byte === COMMA) this.items += this.#open.at(-1) === true ? 1 : 0
    else if (byte === COLON) this.members += 1
    else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) {
      this.#open.push(byte === OPEN_BRACKET)
      this.#begins = byte === OPEN_BRACKET
    } else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) this.#open.pop()
  }
}
