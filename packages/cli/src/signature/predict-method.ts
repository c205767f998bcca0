import { StartupError } from 'incant/signature'
import {
  type BatchMethod,
  extendsBatchPredictor,
  noPredictBatch,
  readBatchMethod,
  twoPredicts,
} from './batch-method.ts'
import { type Checker, type Signature, SignatureKind, type Type, type TypeSymbol } from './compiler.ts'
import { originOf } from './origin.ts'
import { locationOf, type PredictorClass } from './predictor-class.ts'
import { locateHandle } from './problem.ts'

/** A method or a property that can be called, the class's own or inherited. */
export interface Method {
  readonly symbol: TypeSymbol
  readonly signature: Signature
}

/** What a call's parameters are read from: a predictor's `predict`, `prepare` or `predictBatch`. */
export interface PredictMethod extends Method {
  readonly name: 'predict' | 'prepare' | 'predictBatch'
  /** Where many payloads are computed at once: what predictBatch takes and gives back. */
  readonly batch?: BatchMethod
}

/** Finds the method whose parameters a caller fills. */
export function findPredict(checker: Checker, predictor: PredictorClass): PredictMethod {
  const { instanceType, classType } = predictor
  const predict = findMethod(checker, predictor, 'predict', [instanceType, classType])
  const predictBatch = findMethod(checker, predictor, 'predictBatch', [instanceType])
  if (predictBatch !== undefined) return readBatch(checker, predictor, predictBatch, predict)
  if (extendsBatchPredictor(checker, instanceType)) throw noPredictBatch(predictor)
  if (predict === undefined) throw noPredict(predictor)
  return { name: 'predict', ...predict }
}

function readBatch(
  checker: Checker,
  predictor: PredictorClass,
  predictBatch: Method,
  predict: Method | undefined,
): PredictMethod {
  if (predict !== undefined) throw twoPredicts(predictor, predict)
  const prepare = findMethod(checker, predictor, 'prepare', [predictor.instanceType])
  const batch = readBatchMethod(checker, predictor, predictBatch, prepare)
  return prepare === undefined
    ? { name: 'predictBatch', ...predictBatch, batch }
    : { name: 'prepare', ...prepare, batch }
}

function findMethod(
  checker: Checker,
  predictor: PredictorClass,
  name: string,
  holders: readonly Type[],
): Method | undefined {
  const symbol = holders
    .map(type => checker.getPropertyOfType(type, name))
    .find(candidate => candidate !== undefined && originOf(candidate) !== 'incant')
  const type = symbol && checker.getTypeOfSymbol(symbol)
  const signatures = type === undefined ? [] : checker.getSignaturesOfType(type, SignatureKind.Call)
  const [signature, ...others] = signatures
  if (symbol === undefined || signature === undefined) return undefined
  if (others.length > 0) throw overloaded(predictor, symbol, signatures.length)
  return { symbol, signature }
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

function overloaded({ className }: PredictorClass, symbol: TypeSymbol, count: number): StartupError {
  const location = symbol.declarations[0] && locateHandle(symbol.declarations[0])
  return new StartupError({
    code: 'unsupported_type',
    found: `${className}.${symbol.name} has ${count} overloads, and a request can be only one of them`,
    instead: 'Write one signature; a union of payloads takes either.',
    ...(location === undefined ? {} : { location }),
  })
}
