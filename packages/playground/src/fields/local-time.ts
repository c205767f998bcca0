/** Converts the value of a local time input to RFC 3339 in UTC; undefined if it is empty. */
export function fromLocal(text: string): string | undefined {
  const time = new Date(text)
  return text === '' || Number.isNaN(time.getTime()) ? undefined : time.toISOString()
}

/** Converts a time with an offset to the value of a local time input. */
export function toLocal(text: string): string {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) return ''
  const shifted = new Date(time.getTime() - time.getTimezoneOffset() * 60_000)
  return shifted
    .toISOString()
    .replace('Z', '')
    .replace(/\.000$/, '')
    .replace(/(T\d\d:\d\d):00$/, '$1')
}
