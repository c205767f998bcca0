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
