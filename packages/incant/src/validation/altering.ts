import type { Definitions, JSONSchema } from '../schema/json-schema.ts'
import { subschemas } from '../schema/subschemas.ts'
import { definitionOf } from './json-types.ts'
import { isTensor } from './tensor.ts'

/** The schemas that fill in a default, decode a string or check a tensor, and all that contain one. */
export function findAltering(roots: readonly JSONSchema[], definitions: Definitions): ReadonlySet<JSONSchema> {
  const holders = new Map<JSONSchema, JSONSchema[]>()
  const waiting = [...roots]
  for (let schema = waiting.pop(); schema !== undefined; schema = waiting.pop()) {
    const target = schema.$ref === undefined ? undefined : definitionOf(schema.$ref, definitions)
    const inner = subschemas(schema).map(([, subschema]) => subschema)
    for (const part of target === undefined ? inner : [...inner, target]) {
      const known = holders.get(part)
      if (known !== undefined) known.push(schema)
      else {
        waiting.push(part)
        holders.set(part, [schema])
      }
    }
    if (!holders.has(schema)) holders.set(schema, [])
  }
  return spread([...holders.keys()].filter(alters), holders)
}

function alters(schema: JSONSchema): boolean {
  return schema.default !== undefined || schema['x-incant-type'] !== undefined || isTensor(schema)
}

function spread(
  from: readonly JSONSchema[],
  holders: ReadonlyMap<JSONSchema, readonly JSONSchema[]>,
): ReadonlySet<JSONSchema> {
  const reached = new Set(from)
  // A set is walked in the order of its growth, to the end of it.
  for (const schema of reached) for (const holder of holders.get(schema) ?? []) reached.add(holder)
  return reached
}
