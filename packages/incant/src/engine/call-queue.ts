import { LinkedList } from '../collections/linked-list.ts'
import { RequestError } from '../errors/request-error.ts'
import { type CallTrace, traceStep } from '../tracing/tracing.ts'
import type { Cancellation } from './cancellation.ts'

/** How many calls may run and wait. */
export interface CallQueueLimits {
  /** The most calls in flight; read each time, since replicas come and go. */
  capacity(): number
  /** Calls that may wait for their turn. */
  readonly queue: number
  /** Told of each call for how many milliseconds it waited, also where it left unserved. */
  onWait?(milliseconds: number): void
}

/** A call that waits: what lets it in. */
type Waiting = () => void

/** Weight of the newest call in the running mean of service times. */
const SMOOTHING = 0.2

/**
 * Decides which calls run, wait or are refused: first in, first out. A call that is cancelled while it waits leaves its
 * place to another.
 */
export class CallQueue {
  readonly #limits: CallQueueLimits
  readonly #waiting: LinkedList<Waiting> = new LinkedList()
  /** Calls that had a place and lost it; they go before all others. */
  readonly #returned: LinkedList<Waiting> = new LinkedList()
  #running = 0
  #meanServiceTime = 0

  constructor(limits: CallQueueLimits) {
    this.#limits = limits
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#waiting.size + this.#returned.size
  }

  /** @throws {RequestError} `queue_full` where a call that came now would find no place. */
  check(): void {
    if (this.#hasPlace() || this.#waiting.size < this.#limits.queue) return
    throw new RequestError('queue_full', { headers: { 'Retry-After': String(this.#estimateWait()) } })
  }

  /**
   * Takes a place: at once if one is free (then there is nothing to await), else when its turn comes. Every place that
   * was taken needs exactly one call of {@link leave}.
   *
   * @throws {RequestError} `queue_full`; the reason of the cancellation when it fires first.
   */
  enter(cancellation: Cancellation): undefined | Promise<void> {
    if (this.#hasPlace() && this.waiting === 0) {
      this.#running += 1
      this.#limits.onWait?.(0)
      return undefined
    }
    this.check()
    return this.#wait(this.#waiting, cancellation)
  }

  /** As {@link enter}, as one step of the call's trace. */
  enterTraced(cancellation: Cancellation, trace: CallTrace): undefined | Promise<void> {
    return traceStep(trace, 'queue', () => this.enter(cancellation))
  }

  /** Takes a place for a call that had one and lost it without being at fault. It is never refused. */
  enterAgain(cancellation: Cancellation): Promise<void> {
    const turn = this.#wait(this.#returned, cancellation)
    this.admit()
    return turn
  }

  /**
   * Returns a place.
   *
   * @param serviceTime - Milliseconds for which it was occupied; none where the call was not served.
   */
  leave(serviceTime?: number): void {
    if (serviceTime !== undefined) this.#meanServiceTime += SMOOTHING * (serviceTime - this.#meanServiceTime)
    this.#running -= 1
    this.admit()
  }

  /** Admits the calls that have waited longest, as far as there are places now. */
  admit(): void {
    while (this.waiting > 0 && this.#hasPlace()) {
      const letIn = this.#returned.shift() ?? this.#waiting.shift()
      this.#running += 1
      letIn?.()
    }
  }

  #hasPlace(): boolean {
    return this.#running < this.#limits.capacity()
  }

  #wait(queue: LinkedList<Waiting>, cancellation: Cancellation): Promise<void> {
    const since = performance.now()
    const tell = (): void => this.#limits.onWait?.(performance.now() - since)
    return new Promise((resolve, reject) => {
      const place = queue.add(() => {
        tell()
        resolve()
      })
      cancellation.onCancel(reason => {
        if (!queue.remove(place)) return
        tell()
        reject(reason)
      })
    })
  }

  /** Seconds until the calls that wait now should have been served: at least 1, a minute at most. */
  #estimateWait(): number {
    const milliseconds = (this.#waiting.size * this.#meanServiceTime) / Math.max(1, this.#limits.capacity())
    return Math.min(60, Math.max(1, Math.ceil(milliseconds / 1000)))
  }
}
