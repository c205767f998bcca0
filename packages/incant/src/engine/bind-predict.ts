import { StartupError } from '../errors/startup-error.ts'
import type { BatchReport } from '../metrics/batch-report.ts'
import type { BasePredictor, PredictMethod, PredictorClass } from '../predictor/base-predictor.ts'
import { isBatchPredictor, readBatchOptions } from '../predictor/batch-predictor.ts'
import { Batcher } from './batcher.ts'
import type { PredictCall } from './engine.ts'

/** A predictor's own code for one call: its parameters in place. */
export type BoundPredict = (parameters: never[], call: PredictCall) => unknown

/** What surrounds the predictor's own code. */
export interface BindOptions {
  /** Runs work in a context from which its calls are known. */
  scope<Result>(requestIds: readonly string[], work: () => Result): Result
  /** Told once of a failure that several calls share. */
  onFailure(thrown: unknown, requestIds: readonly string[]): void
  /** Told of each batch that has run. */
  onBatch?(batch: BatchReport): void
}

/** Binds what answers a call: predict, of the instance or the class, or a place in the next batch. */
export function bindPredict(predictor: BasePredictor, Predictor: PredictorClass, options: BindOptions): BoundPredict {
  if (isBatchPredictor(Predictor)) return bindBatch(predictor, Predictor, options)
  const holder = readMethod(predictor, 'predict') === undefined ? Predictor : predictor
  const predict = readMethod(holder, 'predict')
  if (predict === undefined) throw noPredict(Predictor)
  return parameters => predict.apply(holder, parameters)
}

/** A class whose types name a predict that its instances lack. */
function noPredict({ name }: PredictorClass): StartupError {
  return new StartupError({
    code: 'no_predict',
    found: `an instance of ${name} has no predict, which its types say it has`,
    instead: 'Write predict as a method, or give the property its function before the constructor ends.',
  })
}

function bindBatch(
  predictor: BasePredictor,
  Predictor: PredictorClass,
  { scope, ...listeners }: BindOptions,
): BoundPredict {
  const predictBatch = readMethod(predictor, 'predictBatch')
  const prepare = readMethod(predictor, 'prepare')
  const batcher = new Batcher<never>({
    ...readBatchOptions(Predictor),
    ...listeners,
    run: (items, requestIds) => scope(requestIds, () => predictBatch?.apply(predictor, [items as never])),
  })
  if (prepare === undefined) return ([item], call) => batcher.add(item as never, call)
  return async (parameters, call) => {
    const item = await prepare.apply(predictor, parameters)
    if (call.cancellation.reason !== undefined) throw call.cancellation.reason
    return batcher.add(item as never, call)
  }
}

function readMethod(holder: object, name: string): PredictMethod | undefined {
  const method: unknown = Reflect.get(holder, name)
  // Its parameters are built from its own signature.
  return typeof method === 'function' ? (method as PredictMethod) : undefined
}
