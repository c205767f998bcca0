/** Header lines by name, or anything `Headers` takes. */
export type RequestHeaders = Readonly<Record<string, string>> | readonly (readonly [string, string])[] | Headers

/**
 * Merges headers; the last ones win.
 *
 * @throws {TypeError} Where HTTP cannot carry one. It does not repeat the value, which may be a secret.
 */
export function mergeHeaders(...given: readonly (RequestHeaders | undefined)[]): Headers {
  const merged = new Headers()
  for (const headers of given) for (const [name, value] of linesOf(headers)) setHeader(merged, name, value)
  return merged
}

function linesOf(headers: RequestHeaders | undefined): Iterable<readonly [string, string]> {
  if (headers === undefined) return []
  if (Symbol.iterator in headers) return headers
  // What is left by now is a record.
  return Object.entries(headers as Readonly<Record<string, string>>)
}

/** Sets a header. @throws {TypeError} Where HTTP cannot carry it; without the value. */
export function setHeader(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value)
  } catch {
    // The platform's own message contains the value.
    throw new TypeError(`The header ${JSON.stringify(name)} has characters that HTTP cannot carry.`)
  }
}
