import type { BackgroundTasks } from './background-tasks.ts'
import type { PredictContext } from './context.ts'

/** Anything callable. */
type Method = (...parameters: never[]) => unknown

/** What a class makes; anything else is taken for the instance itself. */
type InstanceOf<Predictor> = Predictor extends abstract new (
  ...parameters: never[]
) => infer Instance
  ? Instance
  : Predictor

/** Predict, as a client sees it: the parameters a request fills, and what comes back for one request. */
export interface Predict<Parameters extends readonly unknown[] = readonly unknown[], Result = unknown> {
  readonly parameters: Parameters
  readonly result: Result
}

/**
 * Finds predict in a predictor's class (`typeof Predictor`), its instance, or any type with a method `predict`: as the
 * server does, a batch predictor's `prepare` and `predictBatch` for one item, then the instance's predict, then a static
 * one, then a sequence predictor's `begin` and `step` for one sequence.
 */
export type FindPredict<Predictor> = unknown extends Predictor
  ? Predict<[payload?: unknown], unknown>
  : InstanceOf<Predictor> extends { predictBatch(...parameters: infer Parameters): infer Results }
    ? Predict<PreparedBy<InstanceOf<Predictor>, Parameters>, ItemOf<Awaited<Results>>>
    : InstanceOf<Predictor> extends { predict: infer Found extends Method }
      ? Read<Found>
      : Predictor extends { predict: infer Found extends Method }
        ? Read<Found>
        : InstanceOf<Predictor> extends {
              begin(...parameters: infer Parameters): unknown
              step(states: never): infer Steps
            }
          ? Predict<Parameters, AsyncGenerator<SaidBy<ItemOf<Awaited<Steps>>>>>
          : never

/** What the steps of a sequence say. */
type SaidBy<Given> = Given extends { readonly item?: infer Item } ? Exclude<Item, undefined> : never

type Read<Found extends Method> = Found extends (...parameters: infer Parameters) => infer Result
  ? Predict<Parameters, Awaited<Result>>
  : never

type PreparedBy<Instance, Batch extends readonly unknown[]> = Instance extends {
  prepare(...parameters: infer Parameters): unknown
}
  ? Parameters
  : Batch extends readonly [readonly (infer Item)[], ...unknown[]]
    ? [payload: Item]
    : [payload: unknown]

/** One result of a batch. An item that failed alone is an error to its caller. */
type ItemOf<Results> = Results extends Iterable<infer Result> ? Exclude<Result, Error> : unknown

/** Parameters that the server fills from something other than the body. */
type Surroundings = PredictContext | BackgroundTasks

/**
 * The body's parameter as a tuple: `[payload: T]`, `[payload?: T]` where the payload is optional, `[body?: unknown]`
 * where predict takes the raw request and any body may be sent, `[]` where it reads no body.
 *
 * @typeParam Fallback - The result where no parameter takes the body.
 */
export type BodyParameter<Parameters extends readonly unknown[], Fallback extends readonly unknown[] = []> =
  // A parameter that may be left out matches as well, and then the list does not extend one that begins with a parameter.
  Parameters extends readonly [(infer First)?, ...infer Rest]
    ? number extends Parameters['length']
      ? Fallback
      : Parameters extends readonly []
        ? Fallback
        : unknown extends First
          ? TakenFrom<Parameters, First>
          : NonNullable<First> extends Request
            ? BodyParameter<Rest, [body?: unknown]>
            : NonNullable<First> extends Surroundings
              ? BodyParameter<Rest, Fallback>
              : TakenFrom<Parameters, First>
    : Fallback

type TakenFrom<Parameters extends readonly unknown[], First> = Parameters extends readonly [unknown, ...unknown[]]
  ? undefined extends First
    ? unknown extends First
      ? [payload: First]
      : [payload?: Exclude<First, undefined>]
    : [payload: First]
  : [payload?: Exclude<First, undefined>]
