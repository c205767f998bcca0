import type { MultipartPart } from '@remix-run/multipart-parser'
import { type FormLimits, formTooLarge, invalidText } from './form-limits.ts'

/** How many times the headers of one part those of all parts may have: each line of them costs more than its bytes. */
const PARTS_OF_FULL_SIZE = 64

const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads the headers of the parts of a body, one part after the other. A header may be folded over several lines (RFC 2046
 * §5.1 and RFC 5322 §2.2.3). The parser does not join them: a file name on a second line would be lost, and the file
 * taken for text.
 */
export class PartHeaders {
  readonly #body: Uint8Array
  readonly #boundaryLength: number
  readonly #maximum: number
  #number = 0
  #total = 0
  /** Where the line of the boundary ends, before the next part. */
  #at: number

  /** @param body - Begins with a boundary. */
  constructor(body: Uint8Array, boundary: string, { maxPartHeaderSize }: FormLimits) {
    this.#body = body
    this.#maximum = PARTS_OF_FULL_SIZE * maxPartHeaderSize
    this.#boundaryLength = '\r\n--'.length + boundary.length
    this.#at = this.#boundaryLength - '\r\n'.length
  }

  /**
   * The headers of the next part, by lower-case name.
   *
   * @throws {RequestError} `body_too_large`, `invalid_utf8`.
   */
  next({ size }: MultipartPart): ReadonlyMap<string, string> {
    this.#number += 1
    const end = findEmptyLine(this.#body, this.#at + '\r\n'.length)
    this.#total += end - this.#at
    if (this.#total > this.#maximum) throw formTooLarge(`The headers of all parts may have ${this.#maximum} bytes.`)
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

/** The headers that say something of a part (RFC 7578 §4.2, §4.4, §4.7). The others cost no more than their bytes. */
const HEADER = /(?:^|\r\n)[ \t]*(content-(?:disposition|type|transfer-encoding))[ \t]*:([^\r\n]*)/gi

function parseHeaders(text: string): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  for (const [, written = '', value = ''] of text.matchAll(HEADER)) {
    const name = written.toLowerCase()
    const former = headers.get(name)
    headers.set(name, former === undefined ? value.trim() : `${former}, ${value.trim()}`)
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
