/** Bytes a token may have. */
export const MAXIMUM_TOKEN_LENGTH = 4096

/** The fault of a token, in words that do not contain it. Undefined: none. */
export function describeTokenFault(token: string): string | undefined {
  if (token.trim() === '') return 'is blank'
  if (token === 'undefined' || token === 'null') return `is the text "${token}", as an unset variable becomes`
  if (token.length > MAXIMUM_TOKEN_LENGTH) return `has more than ${MAXIMUM_TOKEN_LENGTH} characters`
  if (!isVisibleASCII(token)) return 'has characters other than visible ASCII'
  return undefined
}

/** RFC 6750 §2.1: the characters allowed after `Bearer`. */
export function isToken68(text: string): boolean {
  return /^[A-Za-z0-9\-._~+/]+=*$/.test(text)
}

export function isVisibleASCII(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text)
}

/** As {@link describeTokenFault}, for tokens that are sent behind `Bearer`. */
export function describeBearerFault(token: string): string | undefined {
  const fault = describeTokenFault(token)
  if (fault !== undefined || isToken68(token)) return fault
  return 'has characters that are not allowed after Bearer (RFC 6750 §2.1)'
}
