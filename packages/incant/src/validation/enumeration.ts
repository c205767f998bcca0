import type * as v from 'valibot'
import type { JSONSchema, JSONValue } from '../schema/json-schema.ts'
import type { Test } from './compiler.ts'
import { accept, createSchema, refuse } from './dataset.ts'
import { isEqual } from './equality.ts'
import { jsonTypeOf, typeNames } from './json-types.ts'
import { valuesMessage } from './words.ts'

/** The values that `const`, `enum` and `type` together allow. */
export function allowedValues(schema: JSONSchema): readonly JSONValue[] {
  const types: ReadonlySet<string | undefined> = new Set(typeNames(schema))
  return (schema.enum ?? [schema.const ?? null]).filter(value => {
    const isConstant = schema.const === undefined || isEqual(value, schema.const)
    return isConstant && (types.has(jsonTypeOf(value)) || (Number.isInteger(value) && types.has('integer')))
  })
}

/** The quick test of a schema that lists its values. */
export function acceptsConstants(schema: JSONSchema): Test {
  const values = allowedValues(schema)
  const primitives = new Set<unknown>(values)
  const containers = values.filter(value => typeof value === 'object' && value !== null)
  if (containers.length === 0) return value => primitives.has(value)
  return value => primitives.has(value) || containers.some(container => isEqual(container, value))
}

/** The valibot schema of a schema that lists its values. */
export function compileConstants(schema: JSONSchema): v.GenericSchema {
  const accepts = acceptsConstants(schema)
  const message = valuesMessage(allowedValues(schema))
  return createSchema('enum', value => (accepts(value) ? accept(value) : refuse(message)))
}
