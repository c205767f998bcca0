import type { JSONSchema } from './json-schema.ts'

/** The schemas directly inside a schema, each with the path to it. References are not followed. */
export function subschemas(schema: JSONSchema): readonly (readonly [path: readonly string[], schema: JSONSchema])[] {
  return [
    ...single('not', schema.not),
    ...single('items', schema.items),
    ...single('additionalProperties', schema.additionalProperties),
    ...many('anyOf', schema.anyOf),
    ...many('prefixItems', schema.prefixItems),
    ...many('properties', schema.properties),
    ...many('patternProperties', schema.patternProperties),
  ]
}

type Located = readonly [readonly string[], JSONSchema]

function single(keyword: string, schema: JSONSchema | false | undefined): Located[] {
  return schema === undefined || schema === false ? [] : [[[keyword], schema]]
}

function many(keyword: string, schemas: Iterable<JSONSchema> | Readonly<Record<string, JSONSchema>> = []): Located[] {
  return Object.entries(schemas).map(([key, schema]) => [[keyword, key], schema])
}

/** The same schema with each schema directly inside it changed. */
export function mapSubschemas(schema: JSONSchema, change: (schema: JSONSchema) => JSONSchema): JSONSchema {
  const changed: { -readonly [keyword in keyof JSONSchema]: JSONSchema[keyword] } = { ...schema }
  if (schema.not) changed.not = change(schema.not)
  if (schema.items) changed.items = change(schema.items)
  if (schema.additionalProperties) changed.additionalProperties = change(schema.additionalProperties)
  if (schema.anyOf) changed.anyOf = schema.anyOf.map(inner => change(inner))
  if (schema.prefixItems) changed.prefixItems = schema.prefixItems.map(inner => change(inner))
  if (schema.properties) changed.properties = mapMembers(schema.properties, change)
  if (schema.patternProperties) changed.patternProperties = mapMembers(schema.patternProperties, change)
  return changed
}

type Members = { readonly [name: string]: JSONSchema }

function mapMembers(members: Members, change: (schema: JSONSchema) => JSONSchema): Members {
  return Object.fromEntries(Object.entries(members).map(([name, schema]) => [name, change(schema)]))
}
