/** Bytes allowed after `Basic`: room for a name and a password, or a token, of 4 KiB in all. */
const MAXIMUM_LENGTH = 5464

/**
 * Decodes the text after `Basic` (RFC 7617 §2). Undefined where it is not exactly base64 of UTF-8: a lenient decoding
 * here may differ from that of another party on the way.
 */
export function decodeBasic(credentials: string): string | undefined {
  if (credentials.length > MAXIMUM_LENGTH || !/^[A-Za-z0-9+/]+={0,2}$/.test(credentials)) return undefined
  try {
    const binary = atob(credentials)
    // One text has many spellings that decode to it, and only one that it encodes to.
    if (btoa(binary) !== credentials) return undefined
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Uint8Array.from(binary, character => character.charCodeAt(0)),
    )
  } catch {
    return undefined
  }
}

/** Name and password: parted by the first colon, and without control characters (RFC 7617 §2). */
export function splitUser(text: string): { readonly name: string; readonly password: string } | undefined {
  const colon = text.indexOf(':')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
  if (colon === -1 || /[\x00-\x1f\x7f]/.test(text)) return undefined
  return { name: text.slice(0, colon), password: text.slice(colon + 1) }
}
