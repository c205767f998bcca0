import type { Definitions, JSONSchema, JSONTypeName, JSONValue } from '../schema/json-schema.ts'
import { fileClassOf } from './received-file.ts'

/** The types JSON values have. `integer` is a constraint on numbers. */
export type JSONType = Exclude<JSONTypeName, 'integer'>

export const JSON_TYPES: readonly JSONType[] = ['null', 'boolean', 'number', 'string', 'array', 'object']

/** The JSON type of a value, or `undefined` for what JSON cannot carry (a function, a bigint, ...). */
export function jsonTypeOf(value: unknown): JSONType | undefined {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  const type = typeof value
  return type === 'string' || type === 'number' || type === 'boolean' || type === 'object' ? type : undefined
}

/** Whether a value is a JSON object: neither null nor an array. */
export function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The `type` keyword as a list. Absent: every type. */
export function typeNames(schema: JSONSchema): readonly JSONTypeName[] {
  if (schema.type === undefined) return JSON_TYPES
  return typeof schema.type === 'string' ? [schema.type] : schema.type
}

/** The definition a `$ref` points to; `undefined` when it dangles. */
export function definitionOf(reference: string, definitions: Definitions): JSONSchema | undefined {
  const name = definitionName(reference)
  return name !== undefined && Object.hasOwn(definitions, name) ? definitions[name] : undefined
}

/** `Passage` of `#/$defs/Passage`; the name is a JSON Pointer token in a URI fragment. */
export function definitionName(reference: string): string | undefined {
  if (!reference.startsWith('#/$defs/')) return undefined
  const token = reference.slice('#/$defs/'.length)
  // Nearly all: a signature may have a hundred thousand references.
  if (!/[%~]/.test(token)) return token
  return decodeToken(token).replaceAll('~1', '/').replaceAll('~0', '~')
}

function decodeToken(token: string): string {
  try {
    return decodeURIComponent(token)
  } catch {
    return token
  }
}

/** The JSON types of the values a schema may accept: a superset, found without running it. */
export function possibleTypes(
  schema: JSONSchema,
  definitions: Definitions,
  seen: ReadonlySet<JSONSchema> = new Set(),
): ReadonlySet<JSONType> {
  if (seen.has(schema)) return new Set(JSON_TYPES)
  // A file is not a string for the validator, although documents say so.
  if (fileClassOf(schema) !== undefined) return new Set(['object'])
  const inside = new Set(seen).add(schema)
  let types = new Set<JSONType>(typeNames(schema).map(name => (name === 'integer' ? 'number' : name)))
  const keep = (others: ReadonlySet<JSONType | undefined>) => {
    types = new Set([...types].filter(type => others.has(type)))
  }
  if (schema.const !== undefined) keep(new Set([jsonTypeOf(schema.const)]))
  if (schema.enum !== undefined) keep(new Set(schema.enum.map(jsonTypeOf)))
  const target = schema.$ref === undefined ? undefined : definitionOf(schema.$ref, definitions)
  if (target !== undefined) keep(possibleTypes(target, definitions, inside))
  if (schema.anyOf !== undefined) {
    keep(new Set(schema.anyOf.flatMap(alternative => [...possibleTypes(alternative, definitions, inside)])))
  }
  return types
}

/** The only values a schema accepts, where it lists them; else `undefined`. */
export function constantsOf(schema: JSONSchema, definitions: Definitions, depth = 0): readonly JSONValue[] | undefined {
  if (schema.const !== undefined) return [schema.const]
  if (schema.enum !== undefined) return schema.enum
  // Definitions that only point at each other would go round for ever.
  if (depth > 100) return undefined
  const target = schema.$ref === undefined ? undefined : definitionOf(schema.$ref, definitions)
  if (target !== undefined) return constantsOf(target, definitions, depth + 1)
  const lists = schema.anyOf?.map(alternative => constantsOf(alternative, definitions, depth + 1))
  return lists?.every(list => list !== undefined) ? lists.flat() : undefined
}
