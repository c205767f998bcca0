let written = 0
let text = ''

/** Now, in ISO 8601, written out once a millisecond: a busy server logs many lines in one. */
export function currentTime(): string {
  const now = Date.now()
  if (now !== written) {
    written = now
    text = new Date(now).toISOString()
  }
  return text
}
