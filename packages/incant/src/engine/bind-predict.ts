import type { BasePredictor, PredictMethod, PredictorClass } from '../predictor/base-predictor.ts'
import { isBatchPredictor, readBatchOptions } from '../predictor/batch-predictor.ts'
import { Batcher, type BatchReport } from './batcher.ts'
import type { PredictCall } from './engine.ts'

/** A predictor's own code for one call: its parameters in place. */
export type BoundPredict = (parameters: never[], call: PredictCall) => unknown

/** Binds what answers a call: predict, of the instance or the class, or a place in the next batch. */
export function bindPredict(
  predictor: BasePredictor,
  Predictor: PredictorClass,
  onBatch: (batch: BatchReport) => void,
): BoundPredict {
  if (isBatchPredictor(Predictor)) return bindBatch(predictor, Predictor, onBatch)
  const holder = readMethod(predictor, 'predict') === undefined ? Predictor : predictor
  const predict = readMethod(holder, 'predict')
  // The signature was resolved from this method, so it is there.
  return parameters => predict?.apply(holder, parameters)
}

function bindBatch(
  predictor: BasePredictor,
  Predictor: PredictorClass,
  onBatch: (batch: BatchReport) => void,
): BoundPredict {
  const predictBatch = readMethod(predictor, 'predictBatch')
  const prepare = readMethod(predictor, 'prepare')
  const batcher = new Batcher<never>({
    ...readBatchOptions(Predictor),
    run: items => predictBatch?.apply(predictor, [items as never]),
    onBatch,
  })
  if (prepare === undefined) return ([item], call) => batcher.add(item as never, call.cancellation)
  return async (parameters, call) =>
    batcher.add((await prepare.apply(predictor, parameters)) as never, call.cancellation)
}

function readMethod(holder: object, name: string): PredictMethod | undefined {
  const method: unknown = Reflect.get(holder, name)
  // Whatever its parameters: they are made of its own signature.
  return typeof method === 'function' ? (method as PredictMethod) : undefined
}
