import type { JSONSchema } from './json-schema.ts'

/** The schemas directly inside a schema, each with the path to it. References are not followed. */
export function subschemas(schema: JSONSchema): readonly (readonly [path: readonly string[], schema: JSONSchema])[] {
  return [
    ...single('not', schema.not),
    ...many('anyOf', schema.anyOf),
    ...single('items', schema.items),
    ...many('prefixItems', schema.prefixItems),
    ...many('properties', schema.properties),
    ...many('patternProperties', schema.patternProperties),
    ...single('additionalProperties', schema.additionalProperties),
  ]
}

type Located = readonly [readonly string[], JSONSchema]

function single(keyword: string, schema: JSONSchema | false | undefined): Located[] {
  return schema === undefined || schema === false ? [] : [[[keyword], schema]]
}

function many(keyword: string, schemas: Iterable<JSONSchema> | Readonly<Record<string, JSONSchema>> = []): Located[] {
  return Object.entries(schemas).map(([key, schema]) => [[keyword, key], schema])
}

/** A schema with each of its direct subschemas replaced, members by their names, too; keywords keep their order. */
export function mapSubschemas(
  schema: JSONSchema,
  replace: (schema: JSONSchema, member?: string) => JSONSchema,
): JSONSchema {
  const { not, anyOf, items, prefixItems, properties, patternProperties, additionalProperties } = schema
  const mapMembers = (members: Readonly<Record<string, JSONSchema>>) =>
    Object.fromEntries(Object.entries(members).map(([name, member]) => [name, replace(member, name)]))
  return {
    ...schema,
    ...(not && { not: replace(not) }),
    ...(anyOf && { anyOf: anyOf.map(part => replace(part)) }),
    ...(items && { items: replace(items) }),
    ...(prefixItems && { prefixItems: prefixItems.map(part => replace(part)) }),
    ...(properties && { properties: mapMembers(properties) }),
    ...(patternProperties && { patternProperties: mapMembers(patternProperties) }),
    ...(additionalProperties && { additionalProperties: replace(additionalProperties) }),
  }
}
