/** What an input of the local time sends: RFC 3339 in UTC. Undefined where nothing is chosen. */
export function fromLocal(text: string): string | undefined {
  const time = new Date(text)
  return text === '' || Number.isNaN(time.getTime()) ? undefined : time.toISOString()
}

/** A time in UTC, or with an offset, as an input of the local time has it. */
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
