import { currentConstruction } from './_construction.ts'
import type { ModelInfo } from './model-info.ts'

const BRAND = Symbol.for('incant.BasePredictor')

/**
 * What a person with a model subclasses.
 *
 * The subclass writes `predict`, an instance or a static method, plain, async or an async generator. Its parameters'
 * types decide what it gets and its return type what is sent; see `docs/types.md`. `predict` is not declared here: a
 * declaration would fix its parameters, and whether it is static.
 *
 * A static member `warmup` is predicted before the server is ready: an array of payloads as callers would send them, or
 * `'examples'` for those that `@example` tags of the payload's type come to.
 *
 * @example
 * ```ts
 * export default class Predictor extends BasePredictor {
 *   predict(payload: { text: string }) {
 *     return { length: payload.text.length }
 *   }
 * }
 * ```
 */
export abstract class BasePredictor<Config = unknown> {
  static {
    Object.defineProperty(BasePredictor, BRAND, { value: true })
  }

  /** The content of `--config`, checked against `Config` before the predictor is instantiated. */
  readonly config: Config
  /** Which model is served. */
  readonly modelInfo: ModelInfo
  /**
   * Every model whose files the predictor has, by name. After `incant serve words:v2 labels:v1 predictor.ts`,
   * `this.models['labels']?.path` is the folder of the second one.
   */
  readonly models: Readonly<Record<string, ModelInfo>>

  /**
   * @param config - Default: what the runtime was given, so that a subclass may also call `super()`.
   */
  constructor(config?: Config) {
    const construction = currentConstruction()
    // The value has been checked against Config's schema.
    this.config = (config ?? construction.config) as Config
    this.modelInfo = construction.modelInfo
    this.models = { [this.modelInfo.name]: this.modelInfo, ...this.modelInfo.others }
  }

  /** Runs once, before the server is ready: load the model here. A throw stops the start. */
  setup(): void | Promise<void> {}

  /** What `GET /health` answers, as JSON. A throw is a 503. @defaultValue `{ status: 'ok' }` */
  health(): unknown {
    return { status: 'ok' }
  }

  /** Runs once, when the server has stopped: release what `setup` took. */
  close(): void | Promise<void> {}
}

/** Whether a value is a class that extends `BasePredictor`, also that of another copy of the package. */
export function isPredictorClass(value: unknown): value is PredictorClass {
  return typeof value === 'function' && Reflect.get(value, BRAND) === true && !isBase(value)
}

function isBase(value: object): boolean {
  return Object.hasOwn(value, BRAND)
}

/** A function with any parameters. */
export type PredictMethod = (...parameters: never[]) => unknown

/**
 * A class that can be served: it extends {@link BasePredictor} and has `predict`, as a method or static; or it extends
 * {@link BatchPredictor} and has `predictBatch`, or {@link SequencePredictor} and has `begin` and `step`.
 */
export type PredictorClass<Config = never> =
  | (new (
      config: Config,
    ) => BasePredictor<unknown> &
      ({ predict: PredictMethod } | { predictBatch: PredictMethod } | { begin: PredictMethod; step: PredictMethod }))
  | ((new (config: Config) => BasePredictor<unknown>) & { predict: PredictMethod })
