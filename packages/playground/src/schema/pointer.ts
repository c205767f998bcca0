import { isArray, isObject, type Value } from './value.ts'

/** The JSON Pointer of a member or an item (RFC 6901), not encoded as a URI fragment. */
export function pointerTo(parent: string, name: string | number): string {
  return `${parent}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** Decodes a pointer from the server, a URI fragment (RFC 6901 §6), to the form that {@link pointerTo} writes. */
export function readPointer(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}

/** Finds the value that a pointer refers to; undefined if there is none. */
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
