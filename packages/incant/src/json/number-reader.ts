import { EXACT_POWERS } from './powers-of-ten.ts'
import { toDouble } from './to-double.ts'

const MINUS = 0x2d
const PLUS = 0x2b
const POINT = 0x2e
const COMMA = 0x2c
const ZERO = 0x30
const LOWER_E = 0x65
/** Makes a letter a small one. */
const SMALL = 0x20
const SPACE = 0x20
const TAB = 0x09
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

/** Digits that are gathered in one integer of 32 bits. There are two of these. */
const DIGITS = 9
/** An integer that has all of them. */
const FULL = 10 ** (DIGITS - 1)
/** No exponent with more digits matters. */
const FAR = 100_000

/** There is no number. */
const NONE = -1

const decoder = new TextDecoder()

/**
 * Reads numbers of JSON (RFC 8259 §6) from bytes, to the double that `JSON.parse` reads, bit by bit. The digits of most are read and
 * converted here; the few whose nearest double is not certain by it go to the platform.
 */
export class NumberReader {
  /** Where the next byte is read. */
  position: number
  readonly #bytes: Uint8Array
  /** The exponent that was read last. */
  #exponent = 0

  constructor(bytes: Uint8Array, position: number) {
    this.#bytes = bytes
    this.position = position
  }

  /** Moves past white space, and returns the byte there; -1 at the end. */
  peek(): number {
    this.position = this.#skip(this.position)
    return this.#bytes[this.position] ?? NONE
  }

  /**
   * Reads numbers, separated by commas, until `into` is full or another byte follows. The position is behind the last number and the
   * white space after it: at a comma where what follows that is no number.
   *
   * @param start - The index of the first one in `into`.
   * @returns The index behind the last one; `start` where there is no number.
   */
  read(into: Float64Array, start: number): number {
    let index = start
    let at = this.#skip(this.position)
    while (index < into.length) {
      const end = this.#readNumber(at, into, index)
      if (end === NONE) break
      index += 1
      this.position = this.#skip(end)
      if (this.#bytes[this.position] !== COMMA) break
      at = this.#skip(this.position + 1)
    }
    return index
  }

  #skip(start: number): number {
    const bytes = this.#bytes
    let at = start
    while ((bytes[at] ?? NONE) <= SPACE && isSpace(bytes[at])) at += 1
    return at
  }

  /** Reads one number into its place, and returns where it ends. */
  #readNumber(start: number, into: Float64Array, index: number): number {
    const bytes = this.#bytes
    const isNegative = bytes[start] === MINUS
    const first = isNegative ? start + 1 : start
    // The integer of all digits is high × 10^lowDigits + low.
    let high = 0
    let low = 0
    let lowDigits = 0
    let point = NONE
    let at = first
    for (; ; at += 1) {
      const digit = (bytes[at] ?? 0) - ZERO
      if (digit >= 0 && digit <= 9) {
        if (high < FULL) high = high * 10 + digit
        else {
          if (lowDigits < DIGITS) low = low * 10 + digit
          lowDigits += 1
        }
      } else if (digit === POINT - ZERO && point === NONE) point = at
      else break
    }
    const whole = (point === NONE ? at : point) - first
    if (whole === 0 || point === at - 1 || (whole > 1 && bytes[first] === ZERO)) return NONE
    const fraction = point === NONE ? 0 : at - point - 1
    let exponent = -fraction
    if (((bytes[at] ?? 0) | SMALL) === LOWER_E) {
      at = this.#readExponent(at + 1)
      if (at === NONE) return NONE
      exponent += this.#exponent
    }
    const value = lowDigits > DIGITS ? Number.NaN : toDouble(high * (EXACT_POWERS[lowDigits] ?? 1), low, exponent)
    into[index] = Number.isNaN(value) ? this.#parse(start, at) : isNegative ? -value : value
    return at
  }

  #readExponent(start: number): number {
    const bytes = this.#bytes
    const sign = bytes[start]
    const first = sign === MINUS || sign === PLUS ? start + 1 : start
    let exponent = 0
    let at = first
    for (; ; at += 1) {
      const digit = (bytes[at] ?? 0) - ZERO
      if (!(digit >= 0 && digit <= 9)) break
      if (exponent < FAR) exponent = exponent * 10 + digit
    }
    this.#exponent = sign === MINUS ? -exponent : exponent
    return at === first ? NONE : at
  }

  /** The text is a number of JSON, and all of these are numbers of JavaScript. */
  #parse(start: number, end: number): number {
    return Number(decoder.decode(this.#bytes.subarray(start, end)))
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === SPACE || byte === LINE_FEED || byte === TAB || byte === CARRIAGE_RETURN
}
