import type { Headers } from '../call/connect.ts'

/**
 * The credentials that were typed, by field. They exist in memory only, never in an address, a storage, a code
 * sample or visible text.
 */
export type Credentials = Readonly<Record<string, string>>

/** The headers that carry credentials. */
export function credentialHeaders(credentials: Credentials): Headers {
  const keys = Object.entries(credentials)
    .filter(([field, text]) => field.startsWith('header:') && text !== '')
    .map(([field, text]) => [field.slice('header:'.length), text] as const)
  const { bearer = '', user = '', password = '' } = credentials
  const authorization =
    bearer !== '' ? `Bearer ${bearer}` : user !== '' ? `Basic ${encodePair(user, password)}` : undefined
  return { ...Object.fromEntries(keys), ...(authorization === undefined ? {} : { Authorization: authorization }) }
}

/** The members of a payload that carry credentials. */
export function credentialMembers(credentials: Credentials): Readonly<Record<string, string>> {
  const members = Object.entries(credentials).filter(([field, text]) => field.startsWith('member:') && text !== '')
  return Object.fromEntries(members.map(([field, text]) => [field.slice('member:'.length), text]))
}

/** Encodes name and password in UTF-8 (RFC 7617 §2.1). */
function encodePair(user: string, password: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(`${user}:${password}`)))
}
