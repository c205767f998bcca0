import { isArray, isObject, type Value } from './value.ts'

/** The pointer of a member or an item (RFC 6901), without what a URI fragment would encode. */
export function pointerTo(parent: string, name: string | number): string {
  return `${parent}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** A pointer of the server, a URI fragment (RFC 6901 §6), as {@link pointerTo} writes it. */
export function readPointer(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}

/** What a pointer leads to; undefined where nothing is there. */
export function lookUp(value: Value, pointer: string): Value {
  const names = pointer
    .split('/')
    .slice(1)
    .map(name => name.replaceAll('~1', '/').replaceAll('~0', '~'))
  return names.reduce<Value>((inside, name) => {
    if (isArray(inside)) return inside[Number(name)]
    return isObject(inside) && Object.hasOwn(inside, name) ? inside[name] : undefined
  }, value)
}
