import { StartupError } from 'incant/internal/signature'
import { type Checker, type Signature, type Type, TypeFlags, type TypeSymbol } from '../compiler/compiler.ts'
import { constituentsOf } from '../compiler/constituents.ts'
import { originOf } from '../compiler/origin.ts'
import { typeText } from '../compiler/type-text.ts'
import { baseTypesOf, namesFrom } from '../types/builtins.ts'
import { settledTypes } from '../types/settled.ts'
import { memberError } from './errors.ts'
import { elementOf, LISTS } from './lists.ts'
import { findMethod, type Method } from './method.ts'
import { locationOf, type PredictorClass } from './predictor-class.ts'

const sequenceError = memberError('invalid_sequence')

/** The types of one sequence, from the methods of a `SequencePredictor`. */
export interface SequenceMethod {
  /** The types of the items of its stream. */
  readonly itemTypes: readonly Type[]
  /** `step`. */
  readonly symbol: TypeSymbol
  readonly signature: Signature
}

/** `begin`, and what `step` makes of its states. */
export interface Begin extends Method {
  readonly sequence: SequenceMethod
}

/** Whether a class's chain of bases reaches `SequencePredictor`, in whichever copy of the package. */
export function extendsSequencePredictor(checker: Checker, type: Type): boolean {
  return baseTypesOf(checker, type).some(base => {
    const symbol = base.getSymbol()
    const isIt = symbol?.name === 'SequencePredictor' && originOf(symbol) === 'incant'
    return isIt || extendsSequencePredictor(checker, base)
  })
}

/** Reads `begin`, and that `step` and `end` fit it. */
export function readSequence(predictor: PredictorClass): Begin {
  const { instanceType, classType } = predictor
  const find = (name: string): Method | undefined => findMethod(predictor, name, [instanceType])
  const other = findMethod(predictor, 'predict', [instanceType, classType]) ?? find('predictBatch')
  if (other !== undefined) throw besidePredict(predictor, other)
  const [begin, step, end] = [find('begin'), find('step'), find('end')]
  if (begin === undefined) throw noMethod(predictor, 'begin', 'begin(payload: { text: string }) { ... }')
  if (step === undefined) throw noMethod(predictor, 'step', 'step(states: State[]): Step<string>[] { ... }')
  const states = statesOf(predictor, begin)
  checkStates(predictor, step, states)
  if (end !== undefined) checkEnd(predictor, end, states)
  return { ...begin, sequence: { itemTypes: readItems(predictor, step), ...step } }
}

/** The type of the state that `begin` creates. */
function statesOf({ checker }: PredictorClass, { signature }: Method): readonly Type[] {
  const type = checker.getReturnTypeOfSignature(signature)
  return type === undefined ? [] : settledTypes(checker, type).filter(({ flags }) => !(flags & TypeFlags.Never))
}

function checkStates(predictor: PredictorClass, { symbol, signature }: Method, states: readonly Type[]): void {
  const { checker } = predictor
  const [parameter, ...others] = signature.getParameters()
  const type = parameter && checker.getTypeOfSymbol(parameter)
  if (parameter === undefined || type === undefined) throw takesNothing(predictor, symbol)
  if (others.length > 0) throw takesMore(predictor, others)
  const stateType = elementOf(checker, type, LISTS)
  if (stateType === undefined || signature.hasRestParameter) throw takesNoArray(predictor, parameter, type)
  refuseMisfit(predictor, { method: 'step', parameter, stateType }, states)
}

function checkEnd(predictor: PredictorClass, { signature }: Method, states: readonly Type[]): void {
  const [parameter] = signature.getParameters()
  const stateType = parameter && predictor.checker.getTypeOfSymbol(parameter)
  if (parameter !== undefined && stateType !== undefined)
    refuseMisfit(predictor, { method: 'end', parameter, stateType }, states)
}

/** A method that takes a state. */
interface Taker {
  readonly method: 'step' | 'end'
  readonly parameter: TypeSymbol
  readonly stateType: Type
}

function refuseMisfit(predictor: PredictorClass, taker: Taker, states: readonly Type[]): void {
  const { checker } = predictor
  const { method, parameter, stateType } = taker
  const misfit = states.find(state => !checker.isTypeAssignableTo(state, stateType))
  if (misfit === undefined) return
  const [found, wanted] = [misfit, stateType].map(type => typeText(checker, type))
  throw sequenceError(predictor, parameter, {
    found: `begin returns ${found}, and ${method} takes ${method === 'step' ? 'states of ' : ''}${wanted}`,
    instead: `Return what ${method} takes.`,
  })
}

/** The types of what steps return. An `Error` is a failure and no type of an item. */
function readItems(predictor: PredictorClass, { symbol, signature }: Method): readonly Type[] {
  const { checker } = predictor
  const type = checker.getReturnTypeOfSignature(signature)
  const lists = type === undefined ? [] : settledTypes(checker, type)
  return lists
    .filter(list => !(list.flags & TypeFlags.Never))
    .flatMap(list => {
      const element = elementOf(checker, list, LISTS)
      if (element === undefined) throw givesNoSteps(predictor, symbol, list)
      const steps = element.isUnionType() ? constituentsOf(element) : [element]
      return steps.flatMap(step => itemsOf(predictor, symbol, step))
    })
}

function itemsOf(predictor: PredictorClass, symbol: TypeSymbol, step: Type): readonly Type[] {
  const { checker } = predictor
  if (step.flags & TypeFlags.AnyOrUnknown) return [step]
  if (namesFrom(checker, step, 'standard').includes('Error')) return []
  const item = checker.getPropertyOfType(step, 'item')
  // One that only ends its sequence has none.
  if (item === undefined && checker.getPropertyOfType(step, 'done') === undefined)
    throw givesNoSteps(predictor, symbol, step)
  const type = item && checker.getTypeOfSymbol(item)
  return type === undefined ? [] : settledTypes(checker, type).filter(({ flags }) => !(flags & TypeFlags.Undefined))
}

function noMethod(predictor: PredictorClass, name: string, example: string): StartupError {
  const location = locationOf(predictor)
  return new StartupError({
    code: 'no_predict',
    found: `${predictor.className} extends SequencePredictor and has no ${name} method`,
    instead: `Write: ${example}`,
    ...(location === undefined ? {} : { location }),
  })
}

function besidePredict(predictor: PredictorClass, { symbol }: Method): StartupError {
  return sequenceError(predictor, symbol, {
    found: `there is a ${symbol.name} beside begin and step, and a request can go to only one of them`,
    instead: `Remove ${symbol.name}, or extend another class.`,
  })
}

function takesNothing(predictor: PredictorClass, step: TypeSymbol): StartupError {
  return sequenceError(predictor, step, {
    found: 'step takes no states',
    instead: 'Write: step(states: State[]): Step<string>[] { ... }',
  })
}

function takesMore(predictor: PredictorClass, others: readonly TypeSymbol[]): StartupError {
  const names = others.map(({ name }) => name).join(', ')
  return sequenceError(predictor, others[0], {
    found: `step takes ${names} beside the states, and a step belongs to many requests`,
    instead: `Write begin(payload, ${names}): it runs for each request, and what it returns is the state.`,
  })
}

function takesNoArray(predictor: PredictorClass, parameter: TypeSymbol, type: Type): StartupError {
  return sequenceError(predictor, parameter, {
    found: `step takes ${parameter.name}, which is ${typeText(predictor.checker, type)} and not an array of states`,
    instead: `Write ${parameter.name}: S[], with S the type that begin returns.`,
  })
}

function givesNoSteps(predictor: PredictorClass, step: TypeSymbol, type: Type): StartupError {
  return sequenceError(predictor, step, {
    found: `step returns ${typeText(predictor.checker, type)}, which is not an array of steps`,
    instead: 'Return one step for each state, in their order: Step<Item>[] or Promise<Step<Item>[]>.',
  })
}
