import type { Schema } from '../document/openapi.ts'

/** The schemas that references point to, by name. */
export type Components = Readonly<Record<string, Schema>>

/** Follows a reference; annotations beside the reference override those of its target. */
export function resolve(schema: Schema, components: Components, depth = 0): Schema {
  const { $ref, ...own } = schema
  if ($ref === undefined) return schema
  const target = components[decodeURIComponent($ref.slice($ref.lastIndexOf('/') + 1))]
  return target === undefined || depth > 16 ? own : { ...resolve(target, components, depth + 1), ...own }
}

/** Removes null from the alternatives of a schema and says whether it was there. An `enum` keeps null as one of its options. */
export function splitNull(schema: Schema): { readonly schema: Schema; readonly isNullable: boolean } {
  const { type, anyOf } = schema
  if (Array.isArray(type) && type.includes('null') && type.length > 1) {
    const others = type.filter(name => name !== 'null')
    return {
      schema: { ...schema, type: others.length === 1 && others[0] !== undefined ? others[0] : others },
      isNullable: true,
    }
  }
  const others = anyOf?.filter(each => each.type !== 'null')
  if (anyOf === undefined || others === undefined || others.length === anyOf.length)
    return { schema, isNullable: false }
  const [only] = others
  const { anyOf: _alternatives, ...annotations } = schema
  if (others.length === 1 && only !== undefined) return { schema: { ...only, ...annotations }, isNullable: true }
  return { schema: { ...schema, anyOf: others }, isNullable: true }
}
