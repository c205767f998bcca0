import { StartupError } from 'incant/internal/signature'
import {
  type BatchMethod,
  extendsBatchPredictor,
  noPredictBatch,
  readBatchMethod,
  twoPredicts,
} from './batch-method.ts'
import { findMethod, type Method } from './method.ts'
import { locationOf, type PredictorClass } from './predictor-class.ts'

/** What a call's parameters are read from: a predictor's `predict`, `prepare` or `predictBatch`. */
export interface PredictMethod extends Method {
  readonly name: 'predict' | 'prepare' | 'predictBatch'
  /** Where many payloads are computed at once: what predictBatch takes and gives back. */
  readonly batch?: BatchMethod
}

/** Finds the method whose parameters a caller fills. */
export function findPredict(predictor: PredictorClass): PredictMethod {
  const { instanceType, classType } = predictor
  const predict = findMethod(predictor, 'predict', [instanceType, classType])
  const predictBatch = findMethod(predictor, 'predictBatch', [instanceType])
  if (predictBatch !== undefined) return readBatch(predictor, predictBatch, predict)
  if (extendsBatchPredictor(predictor.checker, instanceType)) throw noPredictBatch(predictor)
  if (predict === undefined) throw noPredict(predictor)
  return { name: 'predict', ...predict }
}

function readBatch(predictor: PredictorClass, predictBatch: Method, predict: Method | undefined): PredictMethod {
  if (predict !== undefined) throw twoPredicts(predictor, predict)
  const prepare = findMethod(predictor, 'prepare', [predictor.instanceType])
  const batch = readBatchMethod(predictor, predictBatch, prepare)
  return prepare === undefined
    ? { name: 'predictBatch', ...predictBatch, batch }
    : { name: 'prepare', ...prepare, batch }
}

function noPredict(predictor: PredictorClass): StartupError {
  const location = locationOf(predictor)
  return new StartupError({
    code: 'no_predict',
    found: `${predictor.className} has no predict method`,
    instead: 'Write: predict(payload: { text: string }) { ... }',
    ...(location === undefined ? {} : { location }),
  })
}
