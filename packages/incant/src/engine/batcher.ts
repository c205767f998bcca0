import { nextTurn } from '../async/next-turn.ts'
import { RequestError } from '../errors/request-error.ts'
import { asHTTPException, asRequestError } from '../http/failure.ts'
import type { BatchReport } from '../metrics/batch-report.ts'
import type { Cancellation } from './cancellation.ts'

/** How batches are formed. */
export interface BatchLimits<Item> {
  /** The limit of a batch: items, or the sum of their {@link size}s. */
  readonly maxSize: number
  /** Milliseconds an idle predictor waits for company after a first item. 0: it starts at once. */
  readonly maxWait: number
  /** What an item counts for; 1 by default. An item that counts for more than `maxSize` goes alone. */
  size(item: Item): number
  /** Whether a batch that threw is split and tried again, to find the item that caused it. */
  readonly split: boolean
}

/** Options of {@link Batcher}. */
export interface BatcherOptions<Item> extends BatchLimits<Item> {
  /** Computes a batch; the request ids are those of its items. */
  run(items: Item[], requestIds: readonly string[]): unknown
  /** Told once of a failure that several calls share: each of them is a plain 500. */
  onFailure?(thrown: unknown, requestIds: readonly string[]): void
  /** Told of each batch that has run. */
  onBatch?(batch: BatchReport): void
}

/** The call an item belongs to. */
export interface ItemCall {
  /** The request id. */
  readonly id: string
  readonly cancellation: Cancellation
}

interface Entry<Item> {
  readonly item: Item
  readonly size: number
  readonly call: ItemCall
  readonly since: number
  resolve(result: unknown): void
  reject(reason: unknown): void
}

type Outcome = { readonly results: ArrayLike<unknown> } | { readonly thrown: unknown }

/** How often a batch that threw may be run again, in parts, before the calls that are left share its failure. */
interface Budget {
  runs: number
}

/**
 * Gathers single items into batches: while one batch runs the next one forms, and an idle predictor starts at once. So
 * batches grow with the load, and a single caller does not wait for others.
 */
export class Batcher<Item> {
  readonly #options: BatcherOptions<Item>
  #waiting: Entry<Item>[] = []
  #size = 0
  #working = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: BatcherOptions<Item>) {
    this.#options = options
  }

  /**
   * Predicts an item along with others, in the order in which they came.
   *
   * @returns The result of the item.
   * @throws The item's result if that is an `Error`; the error of the batch if the item caused it, or may have; the
   * reason of the cancellation if that fires before the batch starts.
   */
  add(item: Item, call: ItemCall): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const size = checkSize(this.#options.size(item))
      this.#waiting.push({ item, size, call, since: performance.now(), resolve, reject })
      this.#size += size
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#working) return
    const { maxWait, maxSize } = this.#options
    if (maxWait === 0 || this.#size >= maxSize) void this.#work()
    else this.#timer ??= setTimeout(() => void this.#work(), maxWait)
  }

  async #work(): Promise<void> {
    this.#working = true
    clearTimeout(this.#timer)
    this.#timer = undefined
    // Calls that arrive together go together.
    await nextTurn()
    for (let batch = this.#take(); batch.length > 0; batch = this.#take())
      await this.#attempt(batch, { runs: countRetries(batch.length) })
    this.#working = false
  }

  /** The next batch: the items that have waited longest, without those whose callers have left. */
  #take(): Entry<Item>[] {
    const present = this.#waiting.filter(isPresent)
    let total = 0
    const end = present.findIndex(entry => {
      total += entry.size
      return total > this.#options.maxSize
    })
    // The first goes in any case: alone, if it is too large for company.
    const count = end === -1 ? present.length : Math.max(1, end)
    this.#waiting = present.slice(count)
    this.#size = this.#waiting.reduce((sum, entry) => sum + entry.size, 0)
    return present.slice(0, count)
  }

  async #attempt(batch: readonly Entry<Item>[], budget: Budget): Promise<void> {
    const outcome = await this.#compute(batch)
    if ('thrown' in outcome) await this.#blame(batch, outcome.thrown, budget)
    else for (const [index, entry] of batch.entries()) deliver(entry, outcome.results[index])
    await breathe()
  }

  async #compute(batch: readonly Entry<Item>[]): Promise<Outcome> {
    const items = batch.map(entry => entry.item)
    const startedAt = performance.now()
    try {
      return {
        results: checkResults(await inScopeOf(batch, () => this.#options.run(items, idsOf(batch))), items.length),
      }
    } catch (thrown) {
      return { thrown }
    } finally {
      const waits = batch.map(entry => startedAt - entry.since)
      const took = performance.now() - startedAt
      this.#options.onBatch?.({ items: items.length, waited: Math.max(...waits), waits, took })
    }
  }

  /** Finds the item at fault, by halves; items that remain unknown fail together. */
  async #blame(batch: readonly Entry<Item>[], thrown: unknown, budget: Budget): Promise<void> {
    const [first, second] = batch
    if (thrown instanceof LengthError) this.#failTogether(batch, thrown)
    else if (first !== undefined && second === undefined) first.reject(thrown)
    else if (!this.#options.split || budget.runs < 2) this.#failTogether(batch, thrown)
    else await this.#retryInHalves(batch, budget)
  }

  async #retryInHalves(batch: readonly Entry<Item>[], budget: Budget): Promise<void> {
    budget.runs -= 2
    const middle = Math.ceil(batch.length / 2)
    for (const half of [batch.slice(0, middle), batch.slice(middle)]) {
      await breathe()
      const present = half.filter(isPresent)
      if (present.length > 0) await this.#attempt(present, budget)
    }
  }

  /** One line of the log, however many calls there were. */
  #failTogether(batch: readonly Entry<Item>[], thrown: unknown): void {
    const isAnswer = asHTTPException(thrown) !== undefined || asRequestError(thrown) !== undefined
    const error = isAnswer ? thrown : new RequestError('internal')
    if (!isAnswer) this.#options.onFailure?.(thrown, idsOf(batch))
    for (const entry of batch) entry.reject(error)
  }
}

/** The result of predictBatch does not match its argument. */
class LengthError extends TypeError {
  override readonly name = 'TypeError'
}

/**
 * Two turns of the event loop: in the first answers leave and calls arrive, in the second they are available. A
 * predictBatch that computes and never awaits would otherwise hold up the answers that are ready.
 */
async function breathe(): Promise<void> {
  await nextTurn()
  await nextTurn()
}

/** Enough to find two guilty items, by halves, in a batch of any size. */
function countRetries(length: number): number {
  return 4 * Math.ceil(Math.log2(Math.max(2, length)))
}

function idsOf(batch: readonly Entry<unknown>[]): readonly string[] {
  return batch.map(entry => entry.call.id)
}

/** Whether a caller still waits for an item. If not, the item is rejected. */
function isPresent(entry: Entry<unknown>): boolean {
  const { reason } = entry.call.cancellation
  if (reason !== undefined) entry.reject(reason)
  return reason === undefined
}

function checkSize(size: number): number {
  if (size >= 0) return size
  throw new TypeError(`@batch: size gave ${size} for an item: it must give a number, 0 or more`)
}

/** An array, or a typed array, which models like to give, with something for each item. */
function checkResults(results: unknown, length: number): ArrayLike<unknown> {
  const isList = Array.isArray(results) || (ArrayBuffer.isView(results) && !(results instanceof DataView))
  // A view that is no DataView is a typed array.
  const list = isList ? (results as ArrayLike<unknown>) : undefined
  if (list?.length === length) return list
  const found = list === undefined ? 'something that is no array' : `${list.length} results`
  throw new LengthError(`predictBatch returned ${found} for ${length} payloads: it must return one result for each`)
}

function deliver(entry: Entry<unknown>, result: unknown): void {
  if (result instanceof Error) entry.reject(result)
  else entry.resolve(result)
}

/** Runs a batch where its first call runs: what began the work may have been a call of an earlier one. */
function inScopeOf<Item, Result>([first]: readonly Entry<Item>[], work: () => Result): Result {
  const scope = first?.call.cancellation.scope
  return scope === undefined ? work() : scope(work)
}
