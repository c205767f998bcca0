import { isThenable } from '../async/is-thenable.ts'
import { StartupError } from '../errors/startup-error.ts'
import type { BatchReport } from '../metrics/batch-report.ts'
import type { SequenceCounts, StepReport } from '../metrics/step-report.ts'
import type { BasePredictor, PredictMethod, PredictorClass } from '../predictor/base-predictor.ts'
import { isBatchPredictor, readBatchOptions } from '../predictor/batch-predictor.ts'
import { isSequencePredictor } from '../predictor/sequence-predictor.ts'
import { Batcher } from './batcher.ts'
import type { PredictCall } from './engine.ts'
import { Sequencer } from './sequencer.ts'

/** A predictor's own code for one call: its parameters in place. */
export type BoundPredict = (parameters: never[], call: PredictCall) => unknown

/** A predictor bound to the functions that answer its calls. */
export interface Bound {
  readonly predict: BoundPredict
  /** Sequences by what they do now, where predict computes sequences. */
  readonly counts?: () => SequenceCounts
  /** Frees what calls have left, before the predictor is closed. */
  readonly close?: () => Promise<void>
}

/** The environment of the predictor's code. */
export interface BindOptions {
  /** Runs work in a context from which its calls are known. */
  scope<Result>(requestIds: readonly string[], work: () => Result): Result
  /** Told of what one of the predictor's methods threw, where it belongs to no call alone. */
  onFailure(method: 'predictBatch' | 'step' | 'end', thrown: unknown, requestIds: readonly string[]): void
  /** Told of each batch that has run. */
  onBatch?(batch: BatchReport): void
  /** Told of each step that has run. */
  onStep?(step: StepReport): void
}

/** Binds what answers a call: predict, of the instance or the class, or a place in the next batch or step. */
export function bindPredict(predictor: BasePredictor, Predictor: PredictorClass, options: BindOptions): Bound {
  if (isSequencePredictor(Predictor)) return bindSequences(predictor, Predictor, options)
  if (isBatchPredictor(Predictor)) return { predict: bindBatch(predictor, Predictor, options) }
  const holder = readMethod(predictor, 'predict') === undefined ? Predictor : predictor
  const predict = readMethod(holder, 'predict')
  if (predict === undefined) throw noPredict(Predictor)
  return { predict: parameters => predict.apply(holder, parameters) }
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
  { scope, onFailure, onBatch }: BindOptions,
): BoundPredict {
  const predictBatch = readMethod(predictor, 'predictBatch')
  const prepare = readMethod(predictor, 'prepare')
  const batcher = new Batcher<never>({
    ...readBatchOptions(Predictor),
    ...(onBatch === undefined ? {} : { onBatch }),
    onFailure: (thrown, requestIds) => onFailure('predictBatch', thrown, requestIds),
    run: (items, requestIds) => scope(requestIds, () => predictBatch?.apply(predictor, [items as never])),
  })
  if (prepare === undefined) return ([item], call) => batcher.add(item as never, call)
  return async (parameters, call) => {
    const item = await prepare.apply(predictor, parameters)
    if (call.cancellation.reason !== undefined) throw call.cancellation.reason
    return batcher.add(item as never, call)
  }
}

function bindSequences(
  predictor: BasePredictor,
  Predictor: PredictorClass,
  { scope, onFailure, onStep }: BindOptions,
): Bound {
  const [begin, step, end] = ['begin', 'step', 'end'].map(name => readMethod(predictor, name))
  const sequencer = new Sequencer<never>({
    ...readBatchOptions(Predictor),
    ...(onStep === undefined ? {} : { onStep }),
    onFailure: (thrown, requestIds) => onFailure('step', thrown, requestIds),
    step: (states, requestIds) => scope(requestIds, () => step?.apply(predictor, [states as never])),
    ...(end && { end: (state, requestId) => scope([requestId], () => end.apply(predictor, [state])) }),
    onEndFailure: (thrown, requestId) => onFailure('end', thrown, [requestId]),
  })
  const predict: BoundPredict = (parameters, call) => {
    // The signature was read of this very method, or resolved from it.
    const state = begin?.apply(predictor, parameters)
    return isThenable(state)
      ? state.then(begun => sequencer.join(begun as never, call))
      : sequencer.join(state as never, call)
  }
  return { predict, counts: () => sequencer.counts, close: () => sequencer.close() }
}

function readMethod(holder: object, name: string): PredictMethod | undefined {
  const method: unknown = Reflect.get(holder, name)
  // Its parameters are built from its own signature.
  return typeof method === 'function' ? (method as PredictMethod) : undefined
}
