/** A request to `/predict`. A person's own headers are added to ours, or take their place. */
export function writeRequest(body: unknown, given: RequestInit = {}): RequestInit {
  const ours = writeBody(body)
  const headers = new Headers(ours.headers)
  for (const [name, value] of new Headers(given.headers)) headers.set(name, value)
  return { ...ours, ...given, headers, method: 'POST' }
}

function writeBody(body: unknown): RequestInit {
  if (body === undefined) return {}
  if (body instanceof ReadableStream) {
    const init: RequestInit & { duplex: 'half' } = { body, duplex: 'half' }
    return init
  }
  if (isBodyAsIs(body)) return { body }
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
}

function isBodyAsIs(
  body: unknown,
): body is string | Uint8Array<ArrayBuffer> | ArrayBuffer | Blob | FormData | URLSearchParams {
  if (typeof body === 'string') return true
  return [Uint8Array, ArrayBuffer, Blob, FormData, URLSearchParams].some(form => body instanceof form)
}
