import type { Cancellation } from './cancellation.ts'

/** How batches are formed. */
export interface BatchLimits<Item> {
  /** What a batch may hold: items, or the sum of their {@link size}s. */
  readonly maxSize: number
  /** Milliseconds an idle predictor waits for company after a first item. 0: it starts at once. */
  readonly maxWait: number
  /** What an item counts for; 1 by default. An item that counts for more than `maxSize` goes alone. */
  size(item: Item): number
  /** Whether a batch that threw is split and tried again, to find the item that is to blame. */
  readonly split: boolean
}

/** What a {@link Batcher} is made of. */
export interface BatcherOptions<Item> extends BatchLimits<Item> {
  run(items: Item[]): unknown
  /** Told of each batch that has run. */
  onBatch?(batch: BatchReport): void
}

/** One batch that has run. */
export interface BatchReport {
  readonly items: number
  /** Milliseconds the oldest item waited. */
  readonly waited: number
  /** Milliseconds predictBatch took. */
  readonly took: number
}

interface Entry<Item> {
  readonly item: Item
  readonly size: number
  readonly cancellation: Cancellation
  readonly since: number
  resolve(result: unknown): void
  reject(reason: unknown): void
}

/** Times a batch that threw is tried again in parts, all in all. */
const MAX_RETRIES = 16

/**
 * Gathers single items into batches: while one batch runs the next one forms, and an idle predictor starts at once. So
 * batches grow with the load, and a lone caller waits for nobody.
 */
export class Batcher<Item> {
  readonly #options: BatcherOptions<Item>
  #waiting: Entry<Item>[] = []
  #running = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: BatcherOptions<Item>) {
    this.#options = options
  }

  /**
   * Has an item predicted along with others.
   *
   * @returns Its own result.
   * @throws What stands in its place when that is an `Error`; what the batch threw when it is to blame, or may be.
   */
  add(item: Item, cancellation: Cancellation): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const size = this.#options.size(item)
      this.#waiting.push({ item, size, cancellation, since: performance.now(), resolve, reject })
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#running || this.#timer !== undefined) return
    const { maxWait, maxSize } = this.#options
    if (maxWait === 0 || totalSize(this.#waiting) >= maxSize) {
      this.#running = true
      // In a microtask: calls that arrive together are added one after the other.
      queueMicrotask(() => void this.#work())
    } else this.#timer = setTimeout(() => this.#start(), maxWait)
  }

  #start(): void {
    this.#timer = undefined
    this.#running = true
    void this.#work()
  }

  async #work(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (let batch = this.#take(); batch.length > 0; batch = this.#take())
      await this.#attempt(batch, { retries: MAX_RETRIES })
    this.#running = false
  }

  /** The next batch: who has waited longest, without those whose callers have left. */
  #take(): Entry<Item>[] {
    const present = this.#waiting.filter(entry => entry.cancellation.reason === undefined)
    let total = 0
    const end = present.findIndex(entry => {
      total += entry.size
      return total > this.#options.maxSize
    })
    // The first goes in any case: alone, if it is too large for company.
    const count = end === -1 ? present.length : Math.max(1, end)
    this.#waiting = present.slice(count)
    return present.slice(0, count)
  }

  async #attempt(batch: readonly Entry<Item>[], budget: { retries: number }): Promise<void> {
    const startedAt = performance.now()
    try {
      const results = await this.#options.run(batch.map(entry => entry.item))
      deliver(batch, results)
    } catch (thrown) {
      await this.#blame(batch, thrown, budget)
    } finally {
      this.#report(batch, startedAt)
    }
  }

  async #blame(batch: readonly Entry<Item>[], thrown: unknown, budget: { retries: number }): Promise<void> {
    if (batch.length === 1 || !this.#options.split || budget.retries < 2) {
      for (const entry of batch) entry.reject(thrown)
      return
    }
    budget.retries -= 2
    const middle = Math.ceil(batch.length / 2)
    await this.#attempt(batch.slice(0, middle), budget)
    await this.#attempt(batch.slice(middle), budget)
  }

  #report(batch: readonly Entry<Item>[], startedAt: number): void {
    const waited = startedAt - Math.min(...batch.map(entry => entry.since))
    this.#options.onBatch?.({ items: batch.length, waited, took: performance.now() - startedAt })
  }
}

function totalSize(entries: readonly { readonly size: number }[]): number {
  return entries.reduce((total, entry) => total + entry.size, 0)
}

/** Gives each item its own result. */
function deliver(batch: readonly Entry<unknown>[], results: unknown): void {
  if (!isList(results) || results.length !== batch.length) {
    const found = isList(results) ? `${results.length} results` : 'something that is no array'
    const error = new TypeError(
      `predictBatch gave back ${found} for ${batch.length} payloads: it must give one for each`,
    )
    for (const entry of batch) entry.reject(error)
    return
  }
  for (const [index, entry] of batch.entries()) {
    const result = results[index]
    if (result instanceof Error) entry.reject(result)
    else entry.resolve(result)
  }
}

/** An array, or a typed array, which models like to give. */
function isList(results: unknown): results is ArrayLike<unknown> {
  return Array.isArray(results) || (ArrayBuffer.isView(results) && !(results instanceof DataView))
}
