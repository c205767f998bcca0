import type * as NodeCrypto from 'node:crypto'

/** SHA-256 of a secret: all that is kept of one. */
export type Digest = Uint8Array

/**
 * Node's crypto, where the runtime has it: Node, Deno, Bun, and workers in their Node mode. It is looked up and not
 * imported, so that this entry loads where it is missing; there WebCrypto does the same, which costs a promise.
 */
export const nodeCrypto: typeof NodeCrypto | undefined = globalThis.process?.getBuiltinModule?.('node:crypto')

const encoder = new TextEncoder()

/** Hashes a text beside the event loop, which only encodes it: for texts so long that others would notice. */
export async function hashLongText(text: string): Promise<Digest> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(text)))
}

/** Hashes a text. Hashes are compared, so that a comparison reveals neither length nor content. */
export const sha256: (text: string) => Digest | Promise<Digest> =
  nodeCrypto === undefined ? hashLongText : nodeDigest(nodeCrypto)

function nodeDigest({ createHash, hash }: typeof NodeCrypto): (text: string) => Digest {
  if (hash === undefined) return text => createHash('sha256').update(text).digest()
  // One call instead of three objects, since Node 20.12; with a Buffer as result it takes four times as long.
  return text => toBytes(hash('sha256', text, 'binary'))
}

/** By hand: 32 characters are sooner copied than a Buffer is asked to do it. */
function toBytes(binary: string): Digest {
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index)
  return bytes
}

/** Hexadecimal digits, small ones. */
export function toHexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

/** Whether two digests are the same, in a time that does not depend on where they differ. */
export const equalDigests: (one: Digest, other: Digest) => boolean =
  nodeCrypto?.timingSafeEqual ??
  ((one, other) => one.reduce((difference, byte, index) => difference | (byte ^ (other[index] ?? 0)), 0) === 0)
