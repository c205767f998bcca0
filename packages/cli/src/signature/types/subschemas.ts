import type { JSONSchema } from 'incant/internal/signature'

/** A schema with each of its direct subschemas replaced; keywords keep their order. */
export function mapSubschemas(schema: JSONSchema, replace: (schema: JSONSchema) => JSONSchema): JSONSchema {
  const { not, anyOf, items, prefixItems, properties, patternProperties, additionalProperties } = schema
  const mapMembers = (members: Readonly<Record<string, JSONSchema>>) =>
    Object.fromEntries(Object.entries(members).map(([name, member]) => [name, replace(member)]))
  return {
    ...schema,
    ...(not && { not: replace(not) }),
    ...(anyOf && { anyOf: anyOf.map(replace) }),
    ...(items && { items: replace(items) }),
    ...(prefixItems && { prefixItems: prefixItems.map(replace) }),
    ...(properties && { properties: mapMembers(properties) }),
    ...(patternProperties && { patternProperties: mapMembers(patternProperties) }),
    ...(additionalProperties && { additionalProperties: replace(additionalProperties) }),
  }
}
