/**
 * Seconds until a server wants to be asked again (RFC 9110 §10.2.3): a number of them, or a date.
 *
 * @returns Undefined where nothing is said, or nothing that can be read.
 */
export function readRetryAfter(header: string | null, now: number = Date.now()): number | undefined {
  if (header === null) return undefined
  const text = header.trim()
  if (/^\d+$/.test(text)) return Number(text)
  // A date of HTTP begins with a day's name; Date.parse alone would take `-5` and `1.5` for dates, too.
  const date = /^[A-Z][a-z]+,? /.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000))
}
