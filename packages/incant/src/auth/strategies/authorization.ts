import type { HeaderReader } from '../../http/request-source.ts'

/**
 * The credentials of an `Authorization` header of a scheme: the text after the scheme's name and one or more spaces
 * (RFC 9110 §11.6.2; the name's case does not matter). Undefined: no header, or another scheme. Empty: the scheme
 * without credentials, or not followed by a space.
 */
export function credentialsOf(headers: HeaderReader, scheme: string): string | undefined {
  const value = headers.get('authorization')
  if (value === null) return undefined
  return readPlain(value, scheme) ?? readAny(value, scheme)
}

/** Of `Bearer x` as nearly every client writes it: two expressions cost as much as the hash that follows. */
function readPlain(value: string, scheme: string): string | undefined {
  const { length } = scheme
  if (value[length] !== ' ' || value[length + 1] === ' ' || value.length === length + 1) return undefined
  return value.slice(0, length).toLowerCase() === scheme ? value.slice(length + 1) : undefined
}

function readAny(value: string, scheme: string): string | undefined {
  const end = value.search(/[^!#$%&'*+\-.^_`|~\w]/)
  const name = end === -1 ? value : value.slice(0, end)
  if (name.length !== scheme.length || name.toLowerCase() !== scheme) return undefined
  return end === -1 ? '' : (/^ +([^ ].*)$/.exec(value.slice(end))?.[1] ?? '')
}
