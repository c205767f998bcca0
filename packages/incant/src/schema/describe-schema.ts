import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import { toJsonSchema } from '@valibot/to-json-schema'
import type { GenericSchema } from 'valibot'
import type { Definitions, JSONSchema } from './json-schema.ts'

/** A schema of any library, as documents show it. */
export interface DescribedSchema {
  readonly schema: JSONSchema
  readonly definitions: Definitions
}

/**
 * The JSON Schema of a Standard Schema's input, for documents: from the schema itself where it has one (Standard JSON
 * Schema), by valibot's converter where it is valibot's. Undefined where neither applies.
 */
export function describeSchema(schema: StandardSchemaV1): DescribedSchema | undefined {
  try {
    // The keywords a library may use are more than those a type becomes; documents carry them all.
    const {
      $schema,
      $defs = {},
      ...described
    } = convert(schema) as JSONSchema & {
      $schema?: string
      $defs?: Definitions
    }
    return { schema: described, definitions: $defs }
  } catch {
    return undefined
  }
}

function convert(schema: StandardSchemaV1): object {
  const properties: Partial<StandardJSONSchemaV1.Props> & StandardSchemaV1.Props = schema['~standard']
  if (properties.jsonSchema !== undefined) return properties.jsonSchema.input({ target: 'draft-2020-12' })
  if (properties.vendor !== 'valibot') throw new TypeError('a schema of this library does not describe itself')
  // Its vendor says that it is valibot's. What JSON Schema cannot express is left out.
  return toJsonSchema(schema as GenericSchema, { target: 'draft-2020-12', errorMode: 'ignore', typeMode: 'input' })
}
