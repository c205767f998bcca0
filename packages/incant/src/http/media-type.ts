/** A media type without its parameters, and its charset: `Text/Plain; charset="UTF-8"` → `text/plain`, `utf-8`. */
export interface MediaType {
  /** Lower case; empty where the header is missing. */
  readonly essence: string
  readonly charset: string | undefined
}

/** Reads a Content-Type header (RFC 9110 §8.3.1). */
export function parseMediaType(header: string | null): MediaType {
  if (header === null) return { essence: '', charset: undefined }
  // The header every JSON client sends.
  if (header === 'application/json') return { essence: header, charset: undefined }
  const [essence = '', ...parameters] = header.split(';')
  // Trimmed first: white space at the end that could also belong to a value would be tried in every division.
  const charset = parameters.map(parameter => /^charset="?([^"]*)"?$/i.exec(parameter.trim())?.[1]).find(Boolean)
  return { essence: essence.trim().toLowerCase(), charset: charset?.toLowerCase() }
}

/** `application/json` and everything that ends in `+json` (RFC 6839 §3.1). */
export function isJSON(type: MediaType): boolean {
  return type.essence === 'application/json' || type.essence.endsWith('+json')
}

/** Whether text of this type can be read as UTF-8, of which US-ASCII is a part. */
export function isUTF8(type: MediaType): boolean {
  return type.charset === undefined || ['utf-8', 'utf8', 'us-ascii'].includes(type.charset)
}
