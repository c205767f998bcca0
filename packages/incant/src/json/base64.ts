/** As many arguments as any engine takes at once. */
const CHUNK = 0x8000

/** Bytes as base64 with padding (RFC 4648 §4). */
export function encodeBase64(bytes: Uint8Array): string {
  if (typeof Buffer === 'function') {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
  }
  let binary = ''
  for (let start = 0; start < bytes.length; start += CHUNK)
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK))
  return btoa(binary)
}

/**
 * The bytes of base64 that has been checked, in a separate buffer and never in a shared pool: predict may pass
 * `bytes.buffer` on.
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  if (typeof Buffer === 'function') Buffer.from(bytes.buffer).write(text, 'base64')
  else bytes.set(Uint8Array.from(atob(text), character => character.charCodeAt(0)))
  return bytes
}

/** Whether a text is base64. Strict: the alphabet of RFC 4648 §4, padding, no line breaks (§3.3), spare bits of the last digit zero (§3.5). */
export function isBase64(text: string): boolean {
  if (text.length % 4 !== 0 || !/^[A-Za-z\d+/]*={0,2}$/.test(text)) return false
  if (text.endsWith('==')) return /[AQgw]==$/.test(text.slice(-3))
  return !text.endsWith('=') || /[AEIMQUYcgkosw048]=$/.test(text.slice(-2))
}
