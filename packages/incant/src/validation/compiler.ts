import type { GenericSchema } from 'valibot'
import type { Definitions, JSONSchema } from '../schema/json-schema.ts'

/** The compilation of one JSON Schema, handed to the parts that compile a keyword each. */
export interface Compiler {
  readonly definitions: Definitions
  /** The valibot schema of a subschema. */
  compile(schema: JSONSchema): GenericSchema
  /** The quick test of a subschema, where it has one. */
  acceptance(schema: JSONSchema): Acceptance | undefined
}

/** Whether a schema accepts a value that predict gets unchanged. */
export type Acceptance = (value: unknown) => boolean
