/**
 * A chunk of a body as the bytes it must be (Fetch, "incrementally read a body": anything else is a TypeError).
 *
 * @throws {TypeError} For text, an `ArrayBuffer` and every other value a stream can give.
 */
export function checkChunk(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk
  const remedy = typeof chunk === 'string' ? ': encode text with a TextEncoderStream' : ''
  throw new TypeError(
    `predict returned a stream of bytes with ${describe(chunk)} in it, which is not a Uint8Array${remedy}`,
  )
}

function describe(chunk: unknown): string {
  if (typeof chunk === 'string') return 'text'
  if (chunk === null || chunk === undefined) return String(chunk)
  return typeof chunk === 'object'
    ? `an object (${Object.prototype.toString.call(chunk).slice(8, -1)})`
    : `a ${typeof chunk}`
}
