import { StartupError } from 'incant/internal/signature'
import { type Signature, SignatureKind, type Type, type TypeSymbol } from '../compiler/compiler.ts'
import { locateHandle } from '../compiler/location.ts'
import { originOf } from '../compiler/origin.ts'
import type { PredictorClass } from './predictor-class.ts'

/** A method or a property that can be called, the class's own or inherited. */
export interface Method {
  readonly symbol: TypeSymbol
  readonly signature: Signature
}

/** Finds a method by its name in the types that may have it; the one that `incant` itself declares does not count. */
export function findMethod(predictor: PredictorClass, name: string, holders: readonly Type[]): Method | undefined {
  const { checker } = predictor
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

function overloaded({ className }: PredictorClass, symbol: TypeSymbol, count: number): StartupError {
  const location = symbol.declarations[0] && locateHandle(symbol.declarations[0])
  return new StartupError({
    code: 'unsupported_type',
    found: `${className}.${symbol.name} has ${count} overloads, and a request can be only one of them`,
    instead: 'Write one signature; a union of payloads takes either.',
    ...(location === undefined ? {} : { location }),
  })
}
