import { StartupError } from '../errors/startup-error.ts'
import type { Definitions, JSONSchema } from '../schema/json-schema.ts'
import { subschemas } from '../schema/subschemas.ts'
import { definitionOf } from './json-types.ts'
import { compilePattern } from './string.ts'

/**
 * Checks schemas and everything inside them for what cannot be compiled, without compiling them.
 *
 * @throws StartupError `invalid_signature` for a reference to no definition and a pattern that does not compile.
 */
export function checkSchemas(schemas: readonly JSONSchema[], definitions: Definitions): void {
  const reached = new Set(schemas)
  // A set is walked in the order of its growth, to the end of it.
  for (const schema of reached) {
    const { $ref, pattern, patternProperties = {} } = schema
    if (pattern !== undefined) compilePattern(pattern)
    for (const each of Object.keys(patternProperties)) compilePattern(each)
    if ($ref !== undefined) reached.add(targetOf($ref, definitions))
    for (const [, inner] of subschemas(schema)) reached.add(inner)
  }
}

/**
 * The definition that a reference refers to.
 *
 * @throws StartupError `invalid_signature` where there is none.
 */
export function targetOf(reference: string, definitions: Definitions): JSONSchema {
  const target = definitionOf(reference, definitions)
  if (target !== undefined) return target
  throw new StartupError({
    code: 'invalid_signature',
    found: `The schema refers to ${JSON.stringify(reference)}, which is not defined`,
    instead: 'Add the definition, or read the signature again.',
  })
}
