/** A new id, with what its kind begins with: `chatcmpl-…`. */
export function makeId(prefix: string): string {
  return prefix + crypto.randomUUID().replaceAll('-', '')
}

/** Now, in seconds since 1970, as the API counts. */
export function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000)
}
