import type { SigningKey } from './secret.ts'

/** The parts that a signature covers. */
export interface SignedContent {
  /** `webhook-id`: the same on every attempt. */
  readonly id: string
  /** `webhook-timestamp`: seconds since the epoch. */
  readonly timestamp: string
  /** The body as it is on the wire. */
  readonly body: Uint8Array
}

const ALGORITHM = { name: 'HMAC', hash: 'SHA-256' }

/** More than any sender has secrets; each costs a hash of the body. */
const MOST_SIGNATURES = 16

/**
 * Signs a webhook with each key, as Standard Webhooks has it in `webhook-signature`: `v1,` and the base64 of the
 * HMAC-SHA256 of `id.timestamp.body`, separated by spaces.
 */
export async function signWebhook(content: SignedContent, keys: readonly SigningKey[]): Promise<string> {
  const bytes = writeContent(content)
  const signatures = await Promise.all(
    keys.map(async key => {
      const made = await crypto.subtle.sign(ALGORITHM, await importKey(key, 'sign'), bytes)
      return `v1,${btoa(String.fromCharCode(...new Uint8Array(made)))}`
    }),
  )
  return signatures.join(' ')
}

/**
 * Whether one of the signatures was made with one of the keys. WebCrypto compares in a time that does not depend on
 * where two signatures differ. Signatures of other versions than `v1` count for nothing.
 */
export async function isSigned(
  content: SignedContent,
  signatures: string,
  keys: readonly SigningKey[],
): Promise<boolean> {
  const bytes = writeContent(content)
  const given = signatures.split(' ', MOST_SIGNATURES).flatMap(text => readSignature(text) ?? [])
  const found = await Promise.all(
    keys.map(async key => {
      const imported = await importKey(key, 'verify')
      return Promise.all(given.map(signature => crypto.subtle.verify(ALGORITHM, imported, signature, bytes)))
    }),
  )
  return found.flat().includes(true)
}

function importKey(key: SigningKey, usage: 'sign' | 'verify') {
  return crypto.subtle.importKey('raw', key, ALGORITHM, false, [usage])
}

function writeContent({ id, timestamp, body }: SignedContent): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(`${id}.${timestamp}.`)
  const bytes = new Uint8Array(head.length + body.length)
  bytes.set(head)
  bytes.set(body, head.length)
  return bytes
}

/** 32 bytes have 43 characters of base64 and one of padding. */
function readSignature(text: string): Uint8Array<ArrayBuffer> | undefined {
  const encoded = /^v1,([A-Za-z0-9+/]{43}=)$/.exec(text)?.[1]
  return encoded === undefined ? undefined : Uint8Array.from(atob(encoded), character => character.charCodeAt(0))
}
