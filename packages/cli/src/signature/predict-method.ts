import { StartupError } from 'incant'
import { type Checker, type Signature, SignatureKind, type TypeSymbol } from './compiler.ts'
import { originOf } from './origin.ts'
import { locationOf, type PredictorClass } from './predictor-class.ts'
import { locateHandle } from './problem.ts'

/** A predictor's `predict`: a method or a property, of instances or of the class, its own or inherited. */
export interface PredictMethod {
  readonly symbol: TypeSymbol
  readonly signature: Signature
}

/** Finds `predict`. */
export function findPredict(checker: Checker, predictor: PredictorClass): PredictMethod {
  const candidates = [predictor.instanceType, predictor.classType].map(type =>
    checker.getPropertyOfType(type, 'predict'),
  )
  const symbol = candidates.find(candidate => candidate !== undefined && originOf(candidate) !== 'incant')
  const type = symbol && checker.getTypeOfSymbol(symbol)
  const signatures = type === undefined ? [] : checker.getSignaturesOfType(type, SignatureKind.Call)
  const [signature, ...others] = signatures
  if (symbol === undefined || signature === undefined) throw noPredict(predictor)
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
    found: `${className}.predict has ${count} overloads, and a request can be only one of them`,
    instead: 'Write one signature; a union of payloads takes either.',
    ...(location === undefined ? {} : { location }),
  })
}
