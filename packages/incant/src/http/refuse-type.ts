import { RequestError } from '../errors/request-error.ts'
import { isInMediaRanges } from '../schema/media-range.ts'
import type { BodyParameter } from '../signature/resolve.ts'
import { MULTIPART } from './form/read-form.ts'
import { isJSON, isUTF8, type MediaType } from './media-type.ts'
import type { HeaderReader } from './request-source.ts'

/** Refuses a body that is encoded. */
export function refuseEncoding(headers: HeaderReader): void {
  const encoding = headers.get('content-encoding')
  if (encoding === null || encoding.toLowerCase() === 'identity') return
  throw new RequestError('unsupported_encoding', {
    detail: 'The body must be sent without a content encoding.',
    headers: { 'Accept-Encoding': 'identity' },
  })
}

/** A parameter, and what is taken for a payload. */
type TypedBody = BodyParameter & { readonly accept?: string }

/** Refuses a body of a type that is not taken in this role. */
export function refuseMediaType(
  { role, schema, accept = 'application/json' }: TypedBody,
  type: MediaType,
  headers: HeaderReader,
): void {
  const ranges = role === 'payload' || role === 'form' ? undefined : schema?.contentMediaType
  const isJSONText = role === 'text' && isJSON(type)
  if (ranges !== undefined && !isJSONText && !isInMediaRanges(type.essence, ranges)) throw unsupported(ranges)
  if (role === 'payload' && !isPayloadType(type, headers)) throw unsupported(accept)
  if (role === 'form' && !FORM_TYPES.includes(type.essence)) throw unsupported(FORM_TYPES.join(', '))
  if (role === 'text' && !isUTF8(type)) throw unsupported('text/plain; charset=utf-8')
}

const FORM_TYPES = [MULTIPART, 'application/x-www-form-urlencoded']

/** The media types of clients that send JSON without saying so: that of `curl -d`, and none at all. */
const UNDECLARED_TYPES = ['', 'text/plain', 'application/x-www-form-urlencoded']

function isPayloadType(type: MediaType, headers: HeaderReader): boolean {
  if (!isUTF8(type)) return false
  if (isJSON(type)) return true
  // A page of another site can send these types without asking (Fetch, CORS-safelisted), so not from a browser.
  return UNDECLARED_TYPES.includes(type.essence) && !headers.has('origin') && !headers.has('sec-fetch-site')
}

function unsupported(accept: string): RequestError {
  return new RequestError('unsupported_media_type', { detail: `Send ${accept}.`, headers: { Accept: accept } })
}
