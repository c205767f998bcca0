import type { Definitions, JSONSchema } from '../../../schema/json-schema.ts'
import type { ParameterSignature, PredictSignature } from '../../../signature/signature.ts'
import { definitionOf } from '../../../validation/json-types.ts'

/** The members that a request type names: what the model says that it can do. */
export interface NamedMembers {
  has(name: string): boolean
}

const known = new WeakMap<ParameterSignature, NamedMembers>()

/** The members that the type of a parameter names. */
export function namedMembers(parameter: ParameterSignature, { definitions }: PredictSignature): NamedMembers {
  const found = known.get(parameter) ?? membersOf(parameter.schema ?? {}, definitions)
  known.set(parameter, found)
  return found
}

function membersOf(schema: JSONSchema, definitions: Definitions): NamedMembers {
  const names = new Set<string>()
  const isOpen = collect(schema, { definitions, names, seen: new Set() })
  return isOpen ? { has: () => true } : names
}

interface Collection {
  readonly definitions: Definitions
  readonly names: Set<string>
  readonly seen: Set<JSONSchema>
}

/** Collects the names, and says whether any name is one: of an index signature, of a type that says nothing. */
function collect(schema: JSONSchema, collection: Collection): boolean {
  const { definitions, names, seen } = collection
  if (seen.has(schema)) return false
  seen.add(schema)
  const target = schema.$ref === undefined ? undefined : definitionOf(schema.$ref, definitions)
  const parts = [...(target === undefined ? [] : [target]), ...(schema.anyOf ?? [])]
  if (parts.length > 0) return parts.map(part => collect(part, collection)).some(isOpen => isOpen)
  for (const name of Object.keys(schema.properties ?? {})) names.add(name)
  const { properties, additionalProperties, patternProperties } = schema
  if (additionalProperties === false) return false
  return properties === undefined ? schema.type !== 'null' : (additionalProperties ?? patternProperties) !== undefined
}
