import type { JSONSchema } from 'incant/internal/signature'

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

/** A schema's direct subschemas, in the same order. */
export function subschemasOf(schema: JSONSchema): readonly JSONSchema[] {
  const { not, anyOf, items, prefixItems, properties, patternProperties, additionalProperties } = schema
  return [
    ...(not ? [not] : []),
    ...(anyOf ?? []),
    ...(items ? [items] : []),
    ...(prefixItems ?? []),
    ...Object.values(properties ?? {}),
    ...Object.values(patternProperties ?? {}),
    ...(additionalProperties ? [additionalProperties] : []),
  ]
}
