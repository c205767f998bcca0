import type { Header, Reference, ResponseObject } from './document.ts'

/** The headers of answers, as components. */
export const HEADERS: { readonly [name: string]: Header } = {
  'X-Request-Id': {
    description: 'The id of the request, the same as in the log. One that the caller sends is kept.',
    schema: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,128}$' },
  },
  'Retry-After': { description: 'Seconds to wait before trying again.', schema: { type: 'integer', minimum: 1 } },
  Accept: { description: 'The media types that predict takes.', schema: { type: 'string' } },
  'Accept-Encoding': { description: 'The content encodings that predict takes.', schema: { type: 'string' } },
  'WWW-Authenticate': { description: 'How to authenticate (RFC 9110 §11.6.1).', schema: { type: 'string' } },
}

/** A response that has the request id, as every answer has, and the other headers named. */
export function withRequestId(response: ResponseObject, ...names: readonly string[]): ResponseObject {
  const headers = ['X-Request-Id', ...names].map((name): [string, Reference] => [
    name,
    { $ref: `#/components/headers/${name}` },
  ])
  return { ...response, headers: Object.fromEntries(headers) }
}
