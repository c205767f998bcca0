import { StartupError } from '../errors/startup-error.ts'
import type { PredictorClass } from './base-predictor.ts'

/**
 * What a class wants predicted before it is ready: its static member `warmup`, or nothing.
 *
 * @throws {StartupError} `warmup_failed` where it is neither an array nor `'examples'`.
 */
export function readWarmup(predictor: PredictorClass): readonly unknown[] | 'examples' {
  const warmup: unknown = Reflect.get(predictor, 'warmup') ?? []
  if (Array.isArray(warmup) || warmup === 'examples') return warmup
  // A static method of this name is the person's own.
  if (typeof warmup === 'function') return []
  throw new StartupError({
    code: 'warmup_failed',
    found: `${predictor.name}.warmup is a ${typeof warmup}`,
    instead:
      'Make it an array of payloads, static warmup = [{ text: "Guten Tag" }], or "examples" for those of @example.',
  })
}
