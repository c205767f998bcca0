import * as v from 'valibot'
import type { ValidationIssue } from '../errors/issue.ts'
import type { Definitions, JSONSchema } from '../schema/json-schema.ts'
import { toPointer } from '../schema/pointer.ts'
import { findNumbers } from './number-places.ts'
import { toValibot } from './to-valibot.ts'
import { MAX_ISSUES, type Validation, type Validator } from './validation.ts'

/** A {@link Validator} that answers at once. */
export interface SchemaValidator extends Validator {
  validate(value: unknown): Validation
}

/**
 * The validator of a schema from a signature. A value that needs no change is returned as it is: an array or an object
 * in the result is a copy only where a member was dropped, filled in or decoded.
 *
 * @throws StartupError `invalid_signature` for a schema that cannot be compiled.
 * @example const { validate } = compileValidator({ type: 'object', properties: { text: { type: 'string' } } }, {})
 * validate({ text: 5 }) // { ok: false, issues: [{ pointer: '#/text', detail: 'must be a string' }] }
 */
export function compileValidator(schema: JSONSchema, definitions: Definitions): SchemaValidator {
  const compiled = toValibot(schema, definitions)
  return { validate: value => validate(compiled, value), numbers: findNumbers(schema, definitions) }
}

function validate(schema: v.GenericSchema, value: unknown): Validation {
  try {
    const result = v.safeParse(schema, value)
    if (result.success) return { ok: true, value: result.output }
    return { ok: false, issues: result.issues.slice(0, MAX_ISSUES).map(toIssue) }
  } catch (error) {
    // The stack ends before the memory does, on a value that no depth limit has looked at.
    if (error instanceof RangeError) return { ok: false, issues: [{ pointer: '#', detail: 'is nested too deeply' }] }
    // Without a cause: its message may contain the value.
    const name = error instanceof Error ? error.name : typeof error
    throw new Error(`The validator failed with a ${name}, which is a bug in Incant`)
  }
}

function toIssue(issue: v.BaseIssue<unknown>): ValidationIssue {
  const path = (issue.path ?? []).map(item => String(item.key))
  return { pointer: toPointer(path), detail: issue.message }
}
