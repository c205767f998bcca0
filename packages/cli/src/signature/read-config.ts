import type { JSONSchema } from 'incant/internal/signature'
import type { PredictorClass } from './class/predictor-class.ts'
import { type Checker, SignatureKind, TypeFlags, type TypeSymbol } from './compiler/compiler.ts'
import { originOf } from './compiler/origin.ts'
import { isOptional } from './parameters/parameters.ts'
import { presentSchema } from './types/members.ts'
import type { SchemaContext } from './types/schema-context.ts'

/** The configuration that the constructor of a predictor takes. */
export interface ConfigReading {
  readonly schema: JSONSchema
  readonly optional?: boolean
}

/** Reads the constructor's first parameter; `Config` of `BasePredictor<Config>` where the class has no constructor. */
export function readConfig(context: SchemaContext, predictor: PredictorClass): ConfigReading | undefined {
  const symbol = configSymbol(context.checker, predictor)
  const type = symbol && context.checker.getTypeOfSymbol(symbol)
  if (symbol === undefined || type === undefined) return undefined
  if (type.flags & TypeFlags.AnyOrUnknown && !type.isErrorType()) return undefined
  const declaration = originOf(symbol) === 'user' ? symbol.declarations[0] : predictor.symbol.declarations[0]
  const subject = `${predictor.className}'s constructor`
  const schema = presentSchema(context, type, { subject, path: symbol.name, declaration })
  return { schema, ...(isOptional(type, symbol) ? { optional: true } : {}) }
}

/** `BasePredictor`'s own parameter is optional for its subclasses' sake: its property says what there must be. */
function configSymbol(checker: Checker, { classType, instanceType }: PredictorClass): TypeSymbol | undefined {
  const [construct] = checker.getSignaturesOfType(classType, SignatureKind.Construct)
  const [parameter] = construct?.getParameters() ?? []
  return parameter !== undefined && originOf(parameter) === 'incant'
    ? checker.getPropertyOfType(instanceType, 'config')
    : parameter
}
