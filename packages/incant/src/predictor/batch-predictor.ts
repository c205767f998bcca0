import { BasePredictor } from './base-predictor.ts'

/**
 * A predictor that computes many payloads at once. The subclass writes `predictBatch(payloads: T[]): R[]`; callers send
 * one `T` and get one `R`, and so do `/openapi.json` and the clients.
 *
 * Batches form while the predictor is busy; an idle one starts at once. {@link batch} sets their limits. Where an item
 * needs work of its own, or the raw `Request`, the subclass also writes `prepare`: its parameters are then what predict's
 * would be, and what it gives back is the item.
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

/** What {@link batch} may be told. */
export interface BatchOptions<Item = never> {
  /**
   * What a batch may hold: items, or the sum of their sizes. An item that counts for more goes alone.
   *
   * @defaultValue 32
   */
  readonly maxSize?: number
  /** Milliseconds an idle predictor waits for company after a first item. @defaultValue 0 */
  readonly maxWait?: number
  /** What an item counts for, such as its tokens. @defaultValue 1 for each */
  readonly size?: (item: Item) => number
  /**
   * Whether a batch that threw is split and tried again, to find the item that is to blame and answer the others: for
   * `n` items at most 4 log2(n) times. Off where predictBatch has effects that must not repeat.
   *
   * @defaultValue true
   */
  readonly split?: boolean
}

const OPTIONS = Symbol.for('incant.batch')

/** Items of a batch at most where nothing else is said. */
const DEFAULT_SIZE = 32

const DEFAULTS: Required<BatchOptions> = { maxSize: DEFAULT_SIZE, maxWait: 0, size: () => 1, split: true }

/** A class decorator, with TC39 decorators as with `experimentalDecorators`. */
export type ClassDecorator = (
  target: abstract new (...parameters: never[]) => unknown,
  context?: ClassDecoratorContext,
) => void

/**
 * Sets the limits of a {@link BatchPredictor}'s batches. Subclasses inherit them.
 *
 * @throws {TypeError} For a limit that cannot be one.
 */
export function batch<Item>(options: BatchOptions<Item>): ClassDecorator {
  const { maxSize = DEFAULT_SIZE, maxWait = 0 } = options
  if (!(maxSize > 0)) throw new TypeError(`@batch: maxSize must be a number above 0, not ${maxSize}`)
  if (!(maxWait >= 0)) throw new TypeError(`@batch: maxWait must be a number of milliseconds, not ${maxWait}`)
  return target => {
    Object.defineProperty(target, OPTIONS, { value: options, configurable: true })
  }
}

/** Whether {@link batch} stands on a class, or on one that it extends. */
export function hasBatchOptions(predictor: object): boolean {
  return Reflect.has(predictor, OPTIONS)
}

/** What {@link batch} says of a class; its defaults where it says nothing. */
export function readBatchOptions(predictor: object): Required<BatchOptions> {
  // Only `batch` writes it, whichever copy of the package.
  const options = (Reflect.get(predictor, OPTIONS) ?? {}) as BatchOptions
  return { ...DEFAULTS, ...options }
}

/**
 * Calls in flight that keep full batches coming: one that is computed, and one that forms meanwhile. Of items that count
 * by a size of their own nobody knows how many make a batch: then as many as by default. Undefined for a class that
 * computes no batches.
 */
export function batchConcurrency(predictor: { readonly prototype: object }): number | undefined {
  if (!isBatchPredictor(predictor)) return undefined
  const { maxSize, size } = readBatchOptions(predictor)
  const items = size === DEFAULTS.size ? maxSize : DEFAULT_SIZE
  return Math.min(1024, Math.max(16, 2 * Math.ceil(items)))
}

/** Whether a class computes batches. */
export function isBatchPredictor(predictor: { readonly prototype: object }): boolean {
  return typeof Reflect.get(predictor.prototype, 'predictBatch') === 'function'
}
