import { createHash } from 'node:crypto'

/** SHA-256, in hexadecimal. */
export function digestOf(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** One digest of many files. */
export function digestPaths(digests: readonly (readonly [string, string])[]): string {
  return digestOf(digests.map(([path, sha256]) => `${sha256}  ${path}\n`).join(''))
}
