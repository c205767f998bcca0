const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The largest multiple of 62 that fits into a byte: bytes from here on would make the first digits likelier. */
const FAIR = 256 - (256 % DIGITS.length)

/** Digits from the system's generator, each of the 62 as likely as any other. */
export function randomBase62(length: number): string {
  let digits = ''
  while (digits.length < length) {
    const bytes = crypto.getRandomValues(new Uint8Array(length))
    digits += [...bytes].flatMap(byte => (byte < FAIR ? [digit(byte)] : [])).join('')
  }
  return digits.slice(0, length)
}

/** A number of at most 32 bits in this many digits, zeros first. Six digits are enough for any. */
export function toBase62(value: number, length: number): string {
  const digits = Array.from({ length }, (_, index) => digit(Math.floor(value / DIGITS.length ** index)))
  return digits.reverse().join('')
}

function digit(value: number): string {
  return DIGITS.charAt(value % DIGITS.length)
}
