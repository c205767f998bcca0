import type { BodyParameter } from '../signature/resolve.ts'
import type { PredictSignature } from '../signature/signature.ts'
import { compileValidator } from '../validation/validator.ts'
import type { Examples } from './document.ts'

/**
 * The examples that predict and its class have in their JSDoc, as those of the body. What the body's type does not accept
 * is left out: an example is prose to most tools.
 */
export function describeExamples(
  { role, schema }: BodyParameter,
  { examples = [], definitions }: PredictSignature,
): Examples | undefined {
  if (role !== 'payload' && role !== 'text' && role !== 'form') return undefined
  const { validate } = compileValidator(schema ?? {}, definitions)
  const fitting = examples.filter(({ value }) => validate(value).ok)
  const entries = fitting.map((example, index) => [index === 0 ? 'example' : `example${index + 1}`, example] as const)
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}
