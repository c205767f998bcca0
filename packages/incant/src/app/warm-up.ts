import { warmupFailed } from '../engine/warm-up.ts'
import { StartupError } from '../errors/startup-error.ts'
import type { PredictorClass } from '../predictor/base-predictor.ts'
import { readWarmup } from '../predictor/warm-up.ts'
import { examplePayloads } from '../signature/example-payloads.ts'
import { bodyParameter, type ResolvedSignature } from '../signature/resolve.ts'
import type { PredictSignature } from '../signature/signature.ts'
import type { Validation, Validator } from '../validation/validation.ts'

/**
 * The payloads of `static warmup` as predict gets them, checked as those of callers are. Undefined without a type to
 * check them against: the engine then takes them from the class.
 *
 * @throws {StartupError} `warmup_failed`, with every place that is wrong.
 */
export function checkWarmup(
  predictor: PredictorClass,
  { validator, signature }: ResolvedSignature,
): readonly unknown[] | undefined {
  const warmup = readWarmup(predictor)
  const payloads = warmup === 'examples' ? readExamples(signature) : warmup
  return validator === undefined ? undefined : payloads.map((payload, index) => checkPayload(payload, index, validator))
}

/** The payloads that the types give as examples. */
function readExamples(signature: PredictSignature): readonly unknown[] {
  const { schema = {} } = bodyParameter(signature) ?? {}
  const payloads = examplePayloads(schema, signature.definitions)
  if (payloads.length > 0) return payloads
  throw new StartupError({
    code: 'warmup_failed',
    found: `${signature.className}.warmup is 'examples', and the type of the payload comes to none`,
    instead: 'Write @example at the type, or at each of its required members.',
  })
}

function checkPayload(payload: unknown, index: number, validator: Validator): unknown {
  const result = validator.validate(payload)
  if (result instanceof Promise) throw cannotWait(result)
  if (result.ok) return result.value
  const places = result.issues.map(issue => `${issue.pointer} ${issue.detail}`)
  throw warmupFailed(`warmup[${index}] does not match the type of the payload: ${places.join('; ')}`)
}

function cannotWait(pending: Promise<Validation>): StartupError {
  // No caller is left for the result.
  pending.catch(() => {})
  return warmupFailed('warmup cannot be checked: the schema of @input answers with a promise')
}
