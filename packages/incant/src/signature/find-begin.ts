import { StartupError } from '../errors/startup-error.ts'
import type { PredictorClass } from '../predictor/base-predictor.ts'
import { readBatchOptions } from '../predictor/batch-predictor.ts'

/**
 * Finds `begin` of a `SequencePredictor`, whose parameters a caller fills. Undefined where it is in a property of
 * instances.
 *
 * @throws {StartupError} `no_predict`, `invalid_sequence`, `invalid_batch`.
 */
export function findBegin(predictor: PredictorClass): { readonly length: number } | undefined {
  const [begin, step, predict, predictBatch] = ['begin', 'step', 'predict', 'predictBatch'].map(name => {
    const method: unknown = Reflect.get(predictor.prototype, name)
    return typeof method === 'function' ? method : undefined
  })
  const other = predict ?? predictBatch ?? Reflect.get(predictor, 'predict')
  if (typeof other === 'function') throw besidePredict(predictor, other.name)
  if (begin !== undefined && step === undefined) throw noStep(predictor)
  if (readBatchOptions(predictor).maxWait > 0) throw waitsForCompany(predictor)
  return begin
}

function besidePredict({ name }: PredictorClass, other: string): StartupError {
  return new StartupError({
    code: 'invalid_sequence',
    found: `the class ${name} extends SequencePredictor and has ${other}, and a request can go to only one of them`,
    instead: `Remove ${other}, or extend another class.`,
  })
}

function noStep({ name }: PredictorClass): StartupError {
  return new StartupError({
    code: 'no_predict',
    found: `the class ${name} extends SequencePredictor and has no step method`,
    instead: 'Write step(states: YourState[]) { … }, which gives a Step for each.',
  })
}

function waitsForCompany({ name }: PredictorClass): StartupError {
  return new StartupError({
    code: 'invalid_batch',
    found: `@batch gives the class ${name} a maxWait, and it extends SequencePredictor, whose sequences join while others run`,
    instead: 'Remove maxWait.',
  })
}
