/** The bytes of a secret, with which webhooks are signed and verified. */
export type SigningKey = Uint8Array<ArrayBuffer>

/** A secret as it was read: its key, or its fault in words that do not contain it. */
export type ReadSecret = { readonly key: SigningKey } | { readonly fault: string }

const PREFIX = 'whsec_'

/** Bytes of a secret, by the specification of Standard Webhooks. */
const SHORTEST = 24
const LONGEST = 64

/** Reads a secret of Standard Webhooks: `whsec_` and the base64 of 24 to 64 bytes. */
export function readWebhookSecret(text: string): ReadSecret {
  if (!text.startsWith(PREFIX)) return { fault: `does not begin with ${PREFIX}` }
  const key = decodeBase64(text.slice(PREFIX.length))
  if (key === undefined) return { fault: `is not base64 behind ${PREFIX}` }
  if (key.length >= SHORTEST && key.length <= LONGEST) return { key }
  return { fault: `has ${key.length} bytes, where ${SHORTEST} to ${LONGEST} are needed` }
}

/** Strictly: `atob` alone accepts white space, and lengths that no encoder writes. */
function decodeBase64(text: string): SigningKey | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined
  return Uint8Array.from(atob(text), character => character.charCodeAt(0))
}
