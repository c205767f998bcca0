/** A value in a form. Undefined means that it is left out. A file is part of a form that is sent as `multipart/form-data`. */
export type Value = undefined | null | boolean | number | string | File | readonly Value[] | ValueObject

/** An object, by its members. */
export interface ValueObject {
  readonly [name: string]: Value
}

/** Whether a value is an object with members. */
export function isObject(value: Value): value is ValueObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof File)
}

/** Whether a value is an array. `Array.isArray` does not narrow readonly arrays. */
export function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}

/** A copy of an object with a new value for one member; undefined removes the member. */
export function withMember(value: Value, name: string, member: Value): ValueObject {
  const { [name]: _former, ...rest } = isObject(value) ? value : {}
  if (member === undefined) return rest
  // Keeps the member in its place, so that the JSON does not jump.
  return isObject(value) && Object.hasOwn(value, name) ? { ...value, [name]: member } : { ...rest, [name]: member }
}

/** A copy of an array with a new item at an index. */
export function withItem(value: readonly Value[], index: number, item: Value): readonly Value[] {
  return value.map((former, at) => (at === index ? item : former))
}

/** Writes a value as JSON: members that are left out are absent, items that are left out are null. */
export function toJSON(value: Value, indent?: number): string {
  return JSON.stringify(value ?? null, undefined, indent)
}
