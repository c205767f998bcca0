import type { MultipartPart } from '@remix-run/multipart-parser'
import { invalidText } from './form-limits.ts'

const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads the headers of the parts of a body, one part after the other. A header may be folded over several lines (RFC 2046
 * §5.1 and RFC 5322 §2.2.3). The parser does not join them: a file name on a second line would be lost, and the file
 * taken for text.
 */
export class PartHeaders {
  readonly #body: Uint8Array
  readonly #boundaryLength: number
  #number = 0
  /** Where the line of the boundary ends, before the next part. */
  #at: number

  /** @param body - Begins with a boundary. */
  constructor(body: Uint8Array, boundary: string) {
    this.#body = body
    this.#boundaryLength = '\r\n--'.length + boundary.length
    this.#at = this.#boundaryLength - '\r\n'.length
  }

  /**
   * The headers of the next part, by lower-case name.
   *
   * @throws {RequestError} `invalid_utf8`.
   */
  next({ size }: MultipartPart): ReadonlyMap<string, string> {
    this.#number += 1
    const end = findEmptyLine(this.#body, this.#at + '\r\n'.length)
    const text = this.#decode(this.#body.subarray(this.#at, end))
    this.#at = end + '\r\n\r\n'.length + size + this.#boundaryLength
    return parseHeaders(text.replace(/\r\n(?=[ \t])/g, ''))
  }

  #decode(bytes: Uint8Array): string {
    try {
      return decoder.decode(bytes)
    } catch {
      throw invalidText(`The headers of part ${this.#number}`)
    }
  }
}

function parseHeaders(text: string): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon === -1) continue
    const name = line.slice(0, colon).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    const former = headers.get(name)
    headers.set(name, former === undefined ? value : `${former}, ${value}`)
  }
  return headers
}

const CARRIAGE_RETURN = 0x0d
const LINE_FEED = 0x0a

/** Where the line ends that an empty one follows. The parser has found one already. */
function findEmptyLine(body: Uint8Array, start: number): number {
  let at = start
  while (at < body.length && !(endsLine(body, at) && endsLine(body, at + 2))) at += 1
  return at
}

function endsLine(body: Uint8Array, at: number): boolean {
  return body[at] === CARRIAGE_RETURN && body[at + 1] === LINE_FEED
}
