/** Member names come from the caller, so that a pointer shows no more of one than this. */
const MAX_NAME_LENGTH = 100

/**
 * The path to a place in a JSON value as a JSON Pointer in URI fragment form (RFC 6901 §6).
 *
 * Member names are the caller's: control characters and lone surrogates are left out, and a long name is cut.
 */
export function toPointer(path: readonly PropertyKey[]): string {
  return ['#', ...path.map(key => toToken(String(key)))].join('/')
}

function toToken(name: string): string {
  const visible = name.slice(0, MAX_NAME_LENGTH).replace(/[\p{Cc}\p{Cs}]/gu, '')
  const cut = name.length > MAX_NAME_LENGTH ? `${visible}…` : visible
  return toFragment(cut.replaceAll('~', '~0').replaceAll('/', '~1'))
}

/** Percent-encodes the characters that a URI fragment excludes (RFC 3986 §3.5), and leaves the rest readable. */
function toFragment(token: string): string {
  return encodeURIComponent(token).replace(/%(?:24|26|2B|2C|3A|3B|3D|3F|40)/g, decodeURIComponent)
}
