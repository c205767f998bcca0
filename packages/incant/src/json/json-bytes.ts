export const QUOTE: number = 0x22
export const COMMA: number = 0x2c
export const OPEN_BRACKET: number = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
export const OPEN_BRACE: number = 0x7b
const CLOSE_BRACE = 0x7d
const SPACE = 0x20

/** Bytes that are looked at in one turn of the event loop: half a millisecond. */
const TURN = 65_536

/** A byte is found in a Buffer a hundred times as fast as in another view. */
export function asBuffer(bytes: Uint8Array): Uint8Array {
  return typeof Buffer === 'function' ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : bytes
}

/** Bytes of a string that are looked at one by one: the platform's own search takes longer to be called than to walk them. */
const SHORT = 64

/** The place of the quote that closes a string, of which this is the first; the end of the bytes where none does. */
export function endOfString(bytes: Uint8Array, start: number): number {
  const near = Math.min(bytes.length, start + SHORT)
  let index = start + 1
  while (index < near && bytes[index] !== QUOTE) index += bytes[index] === BACKSLASH ? 2 : 1
  return index < near ? index : endOfLongString(bytes, index)
}

/** @param start - A place in a string, not behind a backslash that escapes what is there. */
function endOfLongString(bytes: Uint8Array, start: number): number {
  let from = start
  for (;;) {
    const quote = bytes.indexOf(QUOTE, from)
    if (quote === -1) return bytes.length
    let backslash = quote
    while (backslash > from && bytes[backslash - 1] === BACKSLASH) backslash -= 1
    if ((quote - backslash) % 2 === 0) return quote
    from = quote + 1
  }
}

/** The place of the next byte that is no white space. */
export function skipSpace(bytes: Uint8Array, start: number): number {
  let index = start
  while (index < bytes.length && (bytes[index] ?? 0) <= SPACE) index += 1
  return index
}

/**
 * The place behind a value of any kind. In text that is not JSON, it is some place behind the first byte. It yields after so
 * many bytes as are read in one turn of an event loop.
 */
export function* endOfValue(bytes: Uint8Array, start: number): Generator<void, number> {
  const first = bytes[start]
  if (first === QUOTE) return endOfString(bytes, start) + 1
  if (first === OPEN_BRACE) return yield* endOfContainer(bytes, start, CLOSE_BRACE)
  if (first === OPEN_BRACKET) return yield* endOfContainer(bytes, start, CLOSE_BRACKET)
  let index = start
  while (index < bytes.length && isOfScalar(bytes[index] ?? 0)) index += 1
  return index
}

/** Containers of the other kind are closed inside, and need not be looked at. */
function* endOfContainer(bytes: Uint8Array, start: number, close: number): Generator<void, number> {
  const open = bytes[start]
  let depth = 0
  let next = start + TURN
  for (let index = start; index < bytes.length; index += 1) {
    if (index > next) {
      next = index + TURN
      yield
    }
    const byte = bytes[index]
    if (byte === QUOTE) index = endOfString(bytes, index)
    else if (byte === open) depth += 1
    else if (byte === close) depth -= 1
    if (depth === 0) return index + 1
  }
  return bytes.length
}

function isOfScalar(byte: number): boolean {
  return byte > SPACE && byte !== COMMA && byte !== CLOSE_BRACKET && byte !== CLOSE_BRACE
}
