import { RequestError } from '../errors/request-error.ts'
import type { Cancellation } from './cancellation.ts'

/** How many calls may run and wait. */
export interface AdmissionLimits {
  /** Calls in flight at most. */
  readonly concurrency: number
  /** Calls that may wait for their turn. */
  readonly queue: number
}

interface Waiting {
  readonly admit: () => void
  readonly cancellation: Cancellation
}

/** Weight of the newest call in the running mean of service times. */
const SMOOTHING = 0.2

/**
 * Who may run now, who waits, who is turned away: first in, first out. A call that is cancelled while it waits leaves
 * unserved, its place free for another.
 */
export class Admission {
  readonly #limits: AdmissionLimits
  readonly #waiting: Set<Waiting> = new Set()
  #running = 0
  #meanServiceTime = 0

  constructor(limits: AdmissionLimits) {
    this.#limits = limits
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /** @throws {RequestError} `queue_full` where a call that came now would find no place. */
  check(): void {
    if (this.#running < this.#limits.concurrency || this.#waiting.size < this.#limits.queue) return
    throw new RequestError('queue_full', { headers: { 'Retry-After': String(this.#estimateWait()) } })
  }

  /**
   * Takes a place: at once where one is free (then there is nothing to await), else when its turn comes. Whoever gets
   * one calls {@link leave} exactly once.
   *
   * @throws {RequestError} `queue_full`; the reason of the cancellation when it fires first.
   */
  enter(cancellation: Cancellation): undefined | Promise<void> {
    if (this.#running < this.#limits.concurrency && this.#waiting.size === 0) {
      this.#running += 1
      return undefined
    }
    this.check()
    return this.#wait(cancellation)
  }

  /** Gives a place back, and on to whoever has waited longest. */
  leave(serviceTime: number): void {
    this.#meanServiceTime += SMOOTHING * (serviceTime - this.#meanServiceTime)
    this.#running -= 1
    const [next] = this.#waiting
    if (next === undefined) return
    this.#waiting.delete(next)
    this.#running += 1
    next.admit()
  }

  #wait(cancellation: Cancellation): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { admit: resolve, cancellation }
      this.#waiting.add(waiting)
      cancellation.onCancel(reason => {
        if (this.#waiting.delete(waiting)) reject(reason)
      })
    })
  }

  /** Seconds until the calls that wait now should have been served: at least 1, a minute at most. */
  #estimateWait(): number {
    const milliseconds = (this.#waiting.size * this.#meanServiceTime) / this.#limits.concurrency
    return Math.min(60, Math.max(1, Math.ceil(milliseconds / 1000)))
  }
}
