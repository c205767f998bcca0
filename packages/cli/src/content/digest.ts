import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'

/** `sha256:` and 64 hexadecimal digits, in lower case. */
export type Digest = `sha256:${string}`

/** Whether a text is a digest by SHA-256. */
export function isDigest(text: string): text is Digest {
  return /^sha256:[0-9a-f]{64}$/.test(text)
}

/** The hexadecimal digits of a digest: the name of a file in a folder of blobs. */
export function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length)
}

/** The digest of some bytes, or of a text in UTF-8. */
export function digestOf(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

/** A stream that passes bytes on, and computes their digest and number. */
export class DigestStream extends Transform {
  readonly #hash = createHash('sha256')
  #size = 0

  /** Bytes so far. */
  get size(): number {
    return this.#size
  }

  /** The digest of all bytes. Once, at the end. */
  finish(): Digest {
    return `sha256:${this.#hash.digest('hex')}`
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error: null, chunk: Buffer) => void): void {
    this.#hash.update(chunk)
    this.#size += chunk.length
    done(null, chunk)
  }
}
