import { type Duration, readDuration } from '../units/quantities.ts'
import { BasePredictor } from './base-predictor.ts'
import { isSequencePredictor } from './sequence-predictor.ts'

/**
 * A predictor that computes many payloads at once. The subclass writes `predictBatch(payloads: T[]): R[]`; callers send
 * one `T` and get one `R`, and `/openapi.json` and the clients show that.
 *
 * Batches form while the predictor is busy; an idle one starts at once. {@link batch} sets their limits. If each item
 * needs separate work, or the raw `Request`, the subclass also writes `prepare`: its parameters are then those of a
 * predict, and its result is the item.
 *
 * @example
 * ```ts
 * export default class Embedder extends BatchPredictor {
 *   predictBatch(texts: string[]): Promise<number[][]> {
 *     return this.model.embed(texts)
 *   }
 * }
 * ```
 */
export abstract class BatchPredictor<Config = unknown> extends BasePredictor<Config> {}

/** Options of {@link batch}. */
export interface BatchOptions<Item = never> {
  /**
   * The largest batch: a number of items, or the sum of their sizes. An item that is larger goes alone. Of a
   * `SequencePredictor`: the largest step, in sequences.
   *
   * @default 32
   */
  readonly maxSize?: number
  /**
   * Time an idle predictor waits for more items after the first, such as `'5ms'`; a bare number is milliseconds. Not for
   * a `SequencePredictor`, whose sequences join while others run.
   *
   * @default 0
   */
  readonly maxWait?: Duration
  /**
   * The size of an item, such as its number of tokens. Of a `SequencePredictor`: what the next step of a state costs, such
   * as the number of tokens that it reads in that step; asked before each step.
   *
   * @default 1 for each item or state
   */
  readonly size?: (item: Item) => number
  /**
   * Whether a batch or step that threw is split and tried again, to find the item that caused it and answer the others:
   * for `n` items at most 4 log2(n) times. Off where predictBatch or step has effects that must not repeat.
   *
   * @default true
   */
  readonly split?: boolean
  /**
   * Whether a payload is one row, so that protocols of tensors put a dimension for rows before its shapes. Off where the
   * tensors of a payload have that dimension already.
   *
   * @default true
   */
  readonly singleRow?: boolean
}

const OPTIONS = Symbol.for('incant.batch')

/** Items of a batch at most where nothing else is said. */
const DEFAULT_SIZE = 32

/** {@link BatchOptions}, complete; times in milliseconds. */
export interface BatchLimits extends Required<Omit<BatchOptions, 'maxWait'>> {
  readonly maxWait: number
}

const DEFAULTS: BatchLimits = { maxSize: DEFAULT_SIZE, maxWait: 0, size: () => 1, split: true, singleRow: true }

/** A decorator for a predictor class, with TC39 decorators as with `experimentalDecorators`. */
export type PredictorDecorator = (
  target: abstract new (...parameters: never[]) => unknown,
  context?: ClassDecoratorContext,
) => void

/**
 * Sets the limits of a {@link BatchPredictor}'s batches, or of a `SequencePredictor`'s steps. Subclasses inherit them.
 *
 * @example
 * ```ts
 * @batch({ maxSize: 4096, size: (text: string) => text.length, maxWait: '5ms' })
 * export default class Embedder extends BatchPredictor {}
 * ```
 * @throws {TypeError} For a limit that cannot be one.
 */
export function batch<Item>(options: BatchOptions<Item>): PredictorDecorator {
  const { maxSize = DEFAULT_SIZE, maxWait = 0 } = options
  if (!(maxSize > 0)) throw new TypeError(`@batch: maxSize must be a number above 0, not ${maxSize}`)
  if (readDuration(maxWait) === undefined)
    throw new TypeError(`@batch: maxWait must be a duration, such as '5ms' or 5 milliseconds, not ${maxWait}`)
  return target => {
    Object.defineProperty(target, OPTIONS, { value: options, configurable: true })
  }
}

/** Whether a class, or one that it extends, has {@link batch}. */
export function hasBatchOptions(predictor: object): boolean {
  return Reflect.has(predictor, OPTIONS)
}

/** The options that {@link batch} sets on a class, or their defaults. */
export function readBatchOptions(predictor: object): BatchLimits {
  // Only `batch` writes it, whichever copy of the package.
  const options = (Reflect.get(predictor, OPTIONS) ?? {}) as BatchOptions
  return { ...DEFAULTS, ...options, maxWait: readDuration(options.maxWait) ?? DEFAULTS.maxWait }
}

/**
 * Calls in flight that keep full batches coming: one batch that is computed, and one that forms meanwhile. How many
 * items with a custom size fit into a batch is unknown: then the default applies. Undefined for a class without
 * batches.
 */
export function batchConcurrency(predictor: { readonly prototype: object }): number | undefined {
  if (!isBatchPredictor(predictor) && !isSequencePredictor(predictor)) return undefined
  const { maxSize, size } = readBatchOptions(predictor)
  const items = size === DEFAULTS.size ? maxSize : DEFAULT_SIZE
  // Each sequence in flight has a state in memory, and a step at least each second time.
  const least = isSequencePredictor(predictor) ? 1 : 16
  return Math.min(1024, Math.max(least, 2 * Math.ceil(items)))
}

/** Whether a class computes batches. */
export function isBatchPredictor(predictor: { readonly prototype: object }): boolean {
  return typeof Reflect.get(predictor.prototype, 'predictBatch') === 'function'
}
