import type { GenericSchema } from 'valibot'
import type { Definitions, JSONSchema } from '../schema/json-schema.ts'

/**
 * How many schemas are compiled at once. Those beyond are compiled when the first value comes to them: a signature may
 * have a hundred thousand, of which a predictor's callers use a few.
 */
export const MAXIMUM_EAGER = 10_000

/** The compilation of one JSON Schema, handed to the parts that compile a keyword each. */
export interface Compiler {
  readonly definitions: Definitions
  /** The valibot schema of a subschema. */
  compile(schema: JSONSchema): GenericSchema
  /** Whether a subschema accepts a value. */
  matches(schema: JSONSchema): Test
  /** Whether the value is accepted and stays as it is; `undefined` where every accepted value is changed. */
  unchanged(schema: JSONSchema): Test | undefined
}

/** Whether a schema accepts a value. */
export type Test = (value: unknown) => boolean
