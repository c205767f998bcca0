import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { ValidationIssue } from '../errors/issue.ts'
import { toPointer } from '../schema/pointer.ts'
import { disclosesInput } from '../schema/redaction.ts'
import { MAX_ISSUES, type Validation, type Validator } from './validation.ts'

type Result = StandardSchemaV1.Result<unknown>

/**
 * The validator of a schema from any library that speaks Standard Schema (https://standardschema.dev), as `@input`
 * takes it. Messages of the schema are passed on unless they show the value received.
 *
 * Its `validate` waits only where the schema does. It throws where the schema throws: without the schema's message,
 * which may show the value.
 */
export function fromStandardSchema(schema: StandardSchemaV1): Validator {
  return { validate: value => validate(schema, value) }
}

function validate(schema: StandardSchemaV1, value: unknown): Validation | Promise<Validation> {
  try {
    const result = schema['~standard'].validate(value)
    if (!isThenable(result)) return toValidation(result, value)
    return Promise.resolve(result)
      .then(settled => toValidation(settled, value))
      .catch(rethrowWithoutMessage)
  } catch (error) {
    return rethrowWithoutMessage(error)
  }
}

function isThenable(result: Result | Promise<Result>): result is Promise<Result> {
  return 'then' in result && typeof result.then === 'function'
}

function toValidation(result: Result, value: unknown): Validation {
  if (result.issues === undefined) return { ok: true, value: result.value }
  const issues = result.issues.slice(0, MAX_ISSUES).map(issue => toIssue(issue, value))
  // A schema that refuses without saying why still refuses.
  return { ok: false, issues: issues.length > 0 ? issues : [{ pointer: '#', detail: 'is not valid' }] }
}

function toIssue(issue: StandardSchemaV1.Issue, value: unknown): ValidationIssue {
  const path = (issue.path ?? []).map(segment => (typeof segment === 'object' ? segment.key : segment))
  const detail = disclosesInput(issue.message, value, path) ? 'is not valid' : issue.message
  return { pointer: toPointer(path), detail }
}

function rethrowWithoutMessage(error: unknown): never {
  const name = error instanceof Error ? error.name : typeof error
  const failure = new Error(
    `The schema given to @input threw (${name}); its message may contain the payload and is left out`,
  )
  const frames =
    error instanceof Error ? (error.stack ?? '').split('\n').filter(line => line.startsWith('    at ')) : []
  failure.stack = [`Error: ${failure.message}`, ...frames].join('\n')
  throw failure
}
