import { StartupError } from 'incant/internal/signature'
import { ModifierFlags, type TypeSymbol } from '../compiler/compiler.ts'
import { locateHandle } from '../compiler/location.ts'
import {
  type BatchMethod,
  extendsBatchPredictor,
  noPredictBatch,
  readBatchMethod,
  twoPredicts,
} from './batch-method.ts'
import { findMethod, type Method } from './method.ts'
import { locationOf, type PredictorClass } from './predictor-class.ts'
import { extendsSequencePredictor, readSequence, type SequenceMethod } from './sequence-method.ts'

/** The method that the parameters of a call are read from: `predict`, `prepare`, `predictBatch` or `begin`. */
export interface PredictMethod extends Method {
  readonly name: 'predict' | 'prepare' | 'predictBatch' | 'begin'
  /** For batches: the parameter and the result of predictBatch. */
  readonly batch?: BatchMethod
  /** Where many sequences are computed at once: what step returns. */
  readonly sequence?: SequenceMethod
}

/** Finds the method whose parameters a caller fills. */
export function findPredict(predictor: PredictorClass): PredictMethod {
  const { instanceType, classType } = predictor
  if (extendsSequencePredictor(predictor.checker, instanceType)) return findBegin(predictor)
  const predict = findMethod(predictor, 'predict', [instanceType, classType])
  const predictBatch = findMethod(predictor, 'predictBatch', [instanceType])
  if (predictBatch !== undefined) return readBatch(predictor, predictBatch, predict)
  if (extendsBatchPredictor(predictor.checker, instanceType)) throw noPredictBatch(predictor)
  if (predict === undefined) throw noPredict(predictor)
  refuseHidden(predictor, predict)
  return { name: 'predict', ...predict }
}

function findBegin(predictor: PredictorClass): PredictMethod {
  const begin = readSequence(predictor)
  for (const method of [begin, begin.sequence]) refuseHidden(predictor, method)
  return { name: 'begin', ...begin }
}

/** A private method cannot be one for callers. */
function refuseHidden({ className }: PredictorClass, { symbol }: Method): void {
  const modifier = hiddenModifier(symbol)
  if (modifier === undefined) return
  const location = symbol.declarations[0] && locateHandle(symbol.declarations[0])
  throw new StartupError({
    code: 'no_predict',
    found: `${className}.${symbol.name} is ${modifier}, so callers cannot reach it`,
    instead: `Remove ${modifier}.`,
    ...(location === undefined ? {} : { location }),
  })
}

function hiddenModifier({ declarations }: TypeSymbol): 'private' | 'protected' | undefined {
  // Every member of a class has the flags.
  const { modifierFlags = 0 } = (declarations[0]?.resolve() ?? {}) as { readonly modifierFlags?: number }
  if (modifierFlags & ModifierFlags.Private) return 'private'
  return modifierFlags & ModifierFlags.Protected ? 'protected' : undefined
}

function readBatch(predictor: PredictorClass, predictBatch: Method, predict: Method | undefined): PredictMethod {
  if (predict !== undefined) throw twoPredicts(predictor, predict)
  const prepare = findMethod(predictor, 'prepare', [predictor.instanceType])
  for (const method of [predictBatch, prepare]) if (method !== undefined) refuseHidden(predictor, method)
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
