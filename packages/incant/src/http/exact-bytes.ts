/**
 * Bytes that own their buffer from end to end. A runtime may hand out a window of a pool that other requests share, and
 * `new Float32Array(bytes.buffer)` must not see them.
 */
export function exactBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
    ? new Uint8Array(buffer)
    : new Uint8Array(bytes)
}
