import { readBody, writeBody } from '../client/request/body.ts'

/** A request to `/predict`, its body as a client sends it. A person's own headers are added to ours, or take their place. */
export function writeRequest(body: unknown, given: RequestInit = {}): RequestInit {
  const { init, contentType } = writeBody(readBody(body), {})
  const headers = new Headers(contentType === undefined ? {} : { 'content-type': contentType })
  for (const [name, value] of new Headers(given.headers)) headers.set(name, value)
  return { ...init, ...given, headers, method: 'POST' }
}
