import type { Definitions, JSONSchema } from '../schema/json-schema.ts'
import { definitionOf } from './json-types.ts'

/**
 * A schema and all that it leads to, through references and the given step, each once.
 *
 * @param step - The schemas directly below one, without references.
 */
export function reachableSchemas(
  root: JSONSchema,
  definitions: Definitions,
  step: (schema: JSONSchema) => readonly JSONSchema[],
): readonly JSONSchema[] {
  const seen = new Set<JSONSchema>()
  const visit = (schema: JSONSchema): readonly JSONSchema[] => {
    if (seen.has(schema)) return []
    seen.add(schema)
    const target = schema.$ref === undefined ? undefined : definitionOf(schema.$ref, definitions)
    const inner = [...(target === undefined ? [] : [target]), ...step(schema)]
    return [schema, ...inner.flatMap(visit)]
  }
  return visit(root)
}
