import { warmupFailed } from '../engine/warm-up.ts'
import type { StartupError } from '../errors/startup-error.ts'
import type { PredictorClass } from '../predictor/base-predictor.ts'
import { readWarmup } from '../predictor/warm-up.ts'
import type { ResolvedSignature } from '../signature/resolve.ts'
import type { Validation, Validator } from '../signature/validation.ts'

/**
 * The payloads of `static warmup` as predict gets them, checked as those of callers are. Undefined where there is nothing
 * to check them against: whoever runs the predictor then takes them from the class.
 *
 * @throws {StartupError} `warmup_failed`, with every place that is wrong.
 */
export function checkWarmup(
  predictor: PredictorClass,
  { validator }: ResolvedSignature,
): readonly unknown[] | undefined {
  const payloads = readWarmup(predictor)
  return validator === undefined ? undefined : payloads.map((payload, index) => checkPayload(payload, index, validator))
}

function checkPayload(payload: unknown, index: number, validator: Validator): unknown {
  const result = validator.validate(payload)
  if (result instanceof Promise) throw cannotWait(result)
  if (result.ok) return result.value
  const places = result.issues.map(issue => `${issue.pointer} ${issue.detail}`)
  throw warmupFailed(`warmup[${index}] does not match the type of the payload: ${places.join('; ')}`)
}

function cannotWait(pending: Promise<Validation>): StartupError {
  // Nobody is left to be told how it ends.
  pending.catch(() => {})
  return warmupFailed('warmup cannot be checked: the schema of @input answers with a promise')
}
