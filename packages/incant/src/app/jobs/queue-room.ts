import type { JobStore } from '../../jobs/store.ts'

/** Milliseconds for which a count of the store holds, and for which it does where it says that there is no room. */
const INTERVAL = 1000
const SHORT_INTERVAL = 50

/**
 * How many more jobs may wait. The store is counted once a second, and not for each job: what other servers submit in that
 * second is missed, so that there can be a few more.
 */
export class QueueRoom {
  readonly #store: Pick<JobStore, 'count'>
  readonly #limit: number
  #counting: Promise<void> | undefined
  #countedAt = Number.NEGATIVE_INFINITY
  #left = 0

  constructor(store: Pick<JobStore, 'count'>, limit: number) {
    this.#store = store
    this.#limit = limit
  }

  /** Takes the place of one job. Returns whether there is one. @throws {StoreUnavailable} */
  async take(): Promise<boolean> {
    if (performance.now() - this.#countedAt > (this.#left > 0 ? INTERVAL : SHORT_INTERVAL)) {
      this.#counting ??= this.#count().finally(() => {
        this.#counting = undefined
      })
      await this.#counting
    }
    this.#left -= 1
    return this.#left >= 0
  }

  async #count(): Promise<void> {
    const { starting } = await this.#store.count()
    this.#left = this.#limit - starting
    this.#countedAt = performance.now()
  }
}
