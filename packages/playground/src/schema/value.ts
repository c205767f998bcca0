/** A value as a form has it. Undefined: left out. A file is one of a form that is sent as `multipart/form-data`. */
export type Value = undefined | null | boolean | number | string | File | readonly Value[] | ValueObject

/** An object, by its members. */
export interface ValueObject {
  readonly [name: string]: Value
}

/** Whether a value is an object with members. */
export function isObject(value: Value): value is ValueObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof File)
}

/** Whether a value is an array; `Array.isArray` does not know of those that cannot be changed. */
export function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}

/** An object with another value for a member; undefined removes it. */
export function withMember(value: Value, name: string, member: Value): ValueObject {
  const { [name]: _former, ...rest } = isObject(value) ? value : {}
  if (member === undefined) return rest
  // In its old place, so that the JSON does not jump about.
  return isObject(value) && Object.hasOwn(value, name) ? { ...value, [name]: member } : { ...rest, [name]: member }
}

/** An array with another item at an index. */
export function withItem(value: readonly Value[], index: number, item: Value): readonly Value[] {
  return value.map((former, at) => (at === index ? item : former))
}

/** A value as JSON: members that are left out are not there, items that are left out are null. */
export function toJSON(value: Value, indent?: number): string {
  return JSON.stringify(value ?? null, undefined, indent)
}
