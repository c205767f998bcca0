import { StartupError } from 'incant/internal/signature'
import { type Checker, type Signature, type Type, TypeFlags, type TypeSymbol } from '../compiler/compiler.ts'
import { originOf } from '../compiler/origin.ts'
import { typeText } from '../compiler/type-text.ts'
import { baseTypesOf, namesFrom } from '../types/builtins.ts'
import { settledTypes } from '../types/settled.ts'
import { memberError } from './errors.ts'
import { elementOf, LISTS, TYPED_LISTS } from './lists.ts'
import type { Method } from './method.ts'
import { locationOf, type PredictorClass } from './predictor-class.ts'

const batchError = memberError('invalid_batch')

/** The types of a single item, from `predictBatch`. */
export interface BatchMethod {
  /** The parameter that takes the payloads. */
  readonly parameter: TypeSymbol
  /** One of them. */
  readonly itemType: Type
  /** The result type of an item, without the errors that may replace it. */
  readonly resultTypes: readonly Type[]
  /** `predictBatch`, wherever the parameters are read from. */
  readonly symbol: TypeSymbol
  readonly signature: Signature
}

/** Reads the parameter and the result of `predictBatch`, and checks that `prepare` fits. */
export function readBatchMethod(
  predictor: PredictorClass,
  predictBatch: Method,
  prepare: Method | undefined,
): BatchMethod {
  const { checker } = predictor
  const { symbol, signature } = predictBatch
  const [parameter, ...others] = signature.getParameters()
  const type = parameter && checker.getTypeOfSymbol(parameter)
  if (parameter === undefined || type === undefined) throw takesNothing(predictor, symbol)
  if (others.length > 0) throw takesMore(predictor, others)
  const itemType = elementOf(checker, type, LISTS)
  if (itemType === undefined || signature.hasRestParameter) throw takesNoArray(predictor, parameter, type)
  if (prepare !== undefined) checkPrepared(predictor, prepare, itemType)
  return { parameter, itemType, resultTypes: readResults(predictor, predictBatch), symbol, signature }
}

/** Whether a class's chain of bases reaches `BatchPredictor`, in whichever copy of the package. */
export function extendsBatchPredictor(checker: Checker, type: Type): boolean {
  return baseTypesOf(checker, type).some(base => isBatchPredictor(base) || extendsBatchPredictor(checker, base))
}

function isBatchPredictor(type: Type): boolean {
  const symbol = type.getSymbol()
  return symbol?.name === 'BatchPredictor' && originOf(symbol) === 'incant'
}

/** The result of an item. An `Error` in its place is its failure and no result. */
function readResults(predictor: PredictorClass, { symbol, signature }: Method): readonly Type[] {
  const { checker } = predictor
  const type = checker.getReturnTypeOfSignature(signature)
  const lists = type === undefined ? [] : settledTypes(checker, type)
  return lists
    .filter(list => !(list.flags & TypeFlags.Never))
    .flatMap(list => {
      const element = elementOf(checker, list, [...LISTS, ...TYPED_LISTS])
      if (element === undefined) throw givesNoArray(predictor, symbol, list)
      return settledTypes(checker, element)
    })
    .filter(result => !namesFrom(checker, result, 'standard').includes('Error'))
}

function checkPrepared(predictor: PredictorClass, prepare: Method, itemType: Type): void {
  const { checker } = predictor
  const type = checker.getReturnTypeOfSignature(prepare.signature)
  const results = type === undefined ? [] : settledTypes(checker, type)
  const misfit = results.find(result => !checker.isTypeAssignableTo(result, itemType))
  if (misfit === undefined) return
  throw batchError(predictor, prepare.symbol, {
    found: `prepare returns ${typeText(checker, misfit)}, and predictBatch takes items of ${typeText(checker, itemType)}`,
    instead: 'Give back what predictBatch takes: a single item.',
  })
}

function takesNothing(predictor: PredictorClass, predictBatch: TypeSymbol): StartupError {
  return batchError(predictor, predictBatch, {
    found: 'predictBatch takes no payloads',
    instead: 'Write: predictBatch(payloads: { text: string }[]) { ... }',
  })
}

function takesMore(predictor: PredictorClass, others: readonly TypeSymbol[]): StartupError {
  const names = others.map(other => other.name).join(', ')
  return batchError(predictor, others[0], {
    found: `predictBatch takes ${names} beside the payloads, and a batch belongs to many requests`,
    instead: `Write prepare(payload, ${names}): it runs for each request, and its result is the item.`,
  })
}

function takesNoArray(predictor: PredictorClass, parameter: TypeSymbol, type: Type): StartupError {
  return batchError(predictor, parameter, {
    found: `predictBatch takes ${parameter.name}, which is ${typeText(predictor.checker, type)} and not an array of payloads`,
    instead: `Write ${parameter.name}: T[], with T the type of a single payload.`,
  })
}

function givesNoArray(predictor: PredictorClass, symbol: TypeSymbol, type: Type): StartupError {
  return batchError(predictor, symbol, {
    found: `predictBatch returns ${typeText(predictor.checker, type)}, which is not an array`,
    instead: 'Give back one result for each payload, in their order: R[] or Promise<R[]>.',
  })
}

/** A class with @batch and without predictBatch. */
export function noPredictBatch(predictor: PredictorClass): StartupError {
  const location = locationOf(predictor)
  return new StartupError({
    code: 'no_predict',
    found: `${predictor.className} extends BatchPredictor and has no predictBatch method`,
    instead: 'Write: predictBatch(payloads: { text: string }[]) { ... }, or extend BasePredictor.',
    ...(location === undefined ? {} : { location }),
  })
}

/** A class that says twice how a payload is computed. */
export function twoPredicts(predictor: PredictorClass, predict: Method): StartupError {
  return batchError(predictor, predict.symbol, {
    found: 'there are both predict and predictBatch, and a request can go to only one of them',
    instead: 'Remove one of the two; predictBatch also takes a single payload, as a batch of one.',
  })
}
