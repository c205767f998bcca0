import { nextTurn } from '../async/next-turn.ts'
import type { BatchReport } from '../metrics/batch-report.ts'
import { checkSize } from './check-size.ts'
import { breathe, type ItemCall, idsOf, isPresent, type JointRun, type Participant, runJointly } from './joint-run.ts'

/** How batches are formed. */
export interface BatchLimits<Item> {
  /** The limit of a batch: items, or the sum of their {@link size}s. */
  readonly maxSize: number
  /** Milliseconds an idle predictor waits for company after a first item. 0: it starts at once. */
  readonly maxWait: number
  /** The cost of an item; 1 by default. An item that costs more than `maxSize` is a batch by itself. */
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

interface Entry<Item> extends Participant {
  readonly item: Item
  readonly size: number
  readonly since: number
  resolve(result: unknown): void
}

/**
 * Gathers single items into batches: while one batch runs the next one forms, and an idle predictor starts at once. So
 * batches grow with the load, and a single caller does not wait for others.
 */
export class Batcher<Item> {
  readonly #options: BatcherOptions<Item>
  readonly #joint: JointRun<Entry<Item>>
  #waiting: Entry<Item>[] = []
  #size = 0
  #working = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: BatcherOptions<Item>) {
    this.#options = options
    const { split, onFailure } = options
    this.#joint = {
      names: { method: 'predictBatch', inputs: 'payloads' },
      split,
      run: batch => this.#run(batch),
      deliver: (entry, result) => entry.resolve(result),
      ...(onFailure === undefined ? {} : { onFailure }),
    }
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
      const size = checkSize(this.#options.size(item), 'an item')
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
    for (let batch = this.#take(); batch.length > 0; batch = this.#take()) {
      await runJointly(batch, this.#joint)
      await breathe()
    }
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

  async #run(batch: readonly Entry<Item>[]): Promise<unknown> {
    const items = batch.map(entry => entry.item)
    const startedAt = performance.now()
    try {
      return await this.#options.run(items, idsOf(batch))
    } finally {
      const waits = batch.map(entry => startedAt - entry.since)
      const took = performance.now() - startedAt
      this.#options.onBatch?.({ items: items.length, waited: Math.max(...waits), waits, took })
    }
  }
}
