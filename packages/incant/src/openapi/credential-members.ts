import type { Definitions, JSONSchema } from '../schema/json-schema.ts'
import { definitionOf } from '../validation/json-types.ts'
import type { ComponentSchemas } from './component-schemas.ts'
import type { CredentialMember } from './description.ts'
import type { OpenAPISchema } from './document.ts'

/** References and alternatives that are followed; a type that is nothing but itself ends here. */
const MAX_DEPTH = 16

/**
 * The schema of a payload as it is sent, with the members that contain credentials. OpenAPI has no security scheme for
 * them (3.1.1 §4.8.27), and a request without them does not match what the server reads, so they are members like any
 * other, marked by `x-incant-credential`.
 */
export function withCredentials(
  schema: JSONSchema,
  members: readonly CredentialMember[],
  { definitions, components }: { readonly definitions: Definitions; readonly components: ComponentSchemas },
): OpenAPISchema {
  if (members.length === 0) return components.rewrite(schema)
  const properties = Object.fromEntries(members.map(({ name }) => [name, CREDENTIAL]))
  const required = members.filter(member => member.required).map(({ name }) => name)
  const change = (object: JSONSchema): JSONSchema => ({
    ...object,
    type: 'object',
    properties: { ...object.properties, ...properties },
    required: [...(object.required ?? []), ...required],
  })
  return components.rewrite(changeObjects(schema, { definitions, change }))
}

const CREDENTIAL: JSONSchema & { readonly 'x-incant-credential': true } = {
  type: 'string',
  format: 'password',
  description: "The caller's token. It is taken out before the payload is validated.",
  'x-incant-credential': true,
}

interface Change {
  readonly definitions: Definitions
  readonly change: (object: JSONSchema) => JSONSchema
}

/** A schema with each object in it changed; a schema that is not an object's has no members, and stays. */
function changeObjects(schema: JSONSchema, options: Change, depth = 0): JSONSchema {
  const { $ref, anyOf, type, ...annotations } = schema
  const target = $ref === undefined ? undefined : definitionOf($ref, options.definitions)
  if (depth > MAX_DEPTH) return schema
  if (target !== undefined) return { ...changeObjects(target, options, depth + 1), ...annotations }
  if (anyOf !== undefined) return { ...schema, anyOf: anyOf.map(each => changeObjects(each, options, depth + 1)) }
  return type === 'object' || Object.keys(schema).length === 0 ? options.change(schema) : schema
}
