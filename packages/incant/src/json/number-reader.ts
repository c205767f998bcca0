import { EXACT_POWERS } from './powers-of-ten.ts'
import { INTEGERS, toDouble } from './to-double.ts'

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

/** Below it, an integer has room for eight more digits. */
const ROOM = 1e4
/** So many digits are always an integer that a double represents exactly. */
const LOW_DIGITS = 15
/** No exponent with more digits matters. */
const FAR = 100_000

/** There is no number. */
const NONE = -1

/** The upper four bits of four digits. Those of `:` and what follows it change where 6 is added. */
const HIGH_HALVES = 0x30303030

const decoder = new TextDecoder()

/**
 * Reads numbers of JSON (RFC 8259 §6) from bytes, to the double that `JSON.parse` reads, bit by bit. The digits of most are read and
 * converted here; the few whose nearest double is not certain by it go to the platform.
 */
export class NumberReader {
  /** Where the next byte is read. */
  position: number
  readonly #bytes: Uint8Array
  readonly #view: DataView
  /** The last place that eight bytes can be read at. */
  readonly #lastEight: number
  /** The exponent that was read last. */
  #exponent = 0

  constructor(bytes: Uint8Array, position: number) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#lastEight = bytes.length - 8
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
    let at = first
    for (; ; at += 1) {
      const digit = (bytes[at] ?? 0) - ZERO
      if (!(digit >= 0 && digit <= 9)) break
      high = high * 10 + digit
    }
    const whole = at - first
    if (whole === 0 || (whole > 1 && bytes[first] === ZERO)) return NONE
    let exponent = 0
    if (bytes[at] === POINT) {
      const fraction = at + 1
      at = fraction
      for (; at <= this.#lastEight; at += 8) {
        const first = this.#view.getUint32(at, true)
        const second = this.#view.getUint32(at + 4, true)
        if (!(areDigits(first) && areDigits(second))) break
        const eight = toNumber(first) * 10_000 + toNumber(second)
        if (at === fraction && high < ROOM) high = high * 1e8 + eight
        else {
          low = low * 1e8 + eight
          lowDigits += 8
        }
      }
      for (; ; at += 1) {
        const digit = (bytes[at] ?? 0) - ZERO
        if (!(digit >= 0 && digit <= 9)) break
        low = low * 10 + digit
        lowDigits += 1
      }
      if (at === fraction) return NONE
      exponent = fraction - at
    }
    if (((bytes[at] ?? 0) | SMALL) === LOWER_E) {
      at = this.#readExponent(at + 1)
      if (at === NONE) return NONE
      exponent += this.#exponent
    }
    const leading = high * (EXACT_POWERS[lowDigits] ?? Number.POSITIVE_INFINITY)
    // A double has it exactly: high × 5^lowDigits is below 2^53.
    const isExact = lowDigits <= LOW_DIGITS && leading < INTEGERS * (1 << lowDigits)
    const value = isExact ? toDouble(leading, low, exponent) : Number.NaN
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

/** Whether four bytes are all digits. The first is the lowest byte. */
function areDigits(four: number): boolean {
  return (four & 0xf0f0f0f0) === HIGH_HALVES && ((four + 0x06060606) & 0xf0f0f0f0) === HIGH_HALVES
}

/** The number that four digits write, two by two: each sum has its result in the place of the second. */
function toNumber(four: number): number {
  const digits = four & 0x0f0f0f0f
  const pairs = (Math.imul(digits, 10) + (digits >>> 8)) & 0x00ff00ff
  return (Math.imul(pairs, 100) + (pairs >>> 16)) & 0xffff
}
