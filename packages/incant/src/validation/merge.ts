import { isObject } from './json-types.ts'

/**
 * Merges the results of two schemas for the same input: each may have dropped members that the other knows. Where they
 * changed the same part differently, the first one's stays.
 */
export function mergeOutputs(first: unknown, second: unknown): unknown {
  if (first === second) return first
  if (Array.isArray(first) && Array.isArray(second)) {
    return first.map((item, index) => mergeOutputs(item, second[index]))
  }
  return isPlainObject(first) && isPlainObject(second) ? mergeMembers(first, second) : first
}

function mergeMembers(first: object, second: object): object {
  const members = new Map(Object.entries(first))
  for (const [name, value] of Object.entries(second)) {
    members.set(name, members.has(name) ? mergeOutputs(members.get(name), value) : value)
  }
  // fromEntries defines members, so that one named __proto__ stays a member.
  return Object.fromEntries(members)
}

/** Not a `Date` and not bytes, which count as one value. */
function isPlainObject(value: unknown): value is object {
  return isObject(value) && Object.getPrototypeOf(value) === Object.prototype
}
