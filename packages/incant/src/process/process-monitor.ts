import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import type { ProcessFigures } from '../metrics/process-ledger.ts'

/** Time between two looks at the event loop, in milliseconds. */
const INTERVAL = 20

/** Looks at a process without work after which there are no more until it has some: an idle server spent half of its CPU on them. */
const LAST_LOOKS = 50

/** The longest delay that is recorded, in nanoseconds: an hour. */
const LONGEST = 3600e9

/**
 * Measures the process it runs in. The delay of the event loop is what a timer comes too late. Node's own
 * `monitorEventLoopDelay` drops the first interval after a reset, and with it a computation that begins right after one.
 */
export class ProcessMonitor {
  readonly #delays: RecordableHistogram = createHistogram({ lowest: 1, highest: LONGEST, figures: 3 })
  readonly #isBusy: () => boolean
  readonly #onRest: () => void
  /** Undefined: there is no work, and nothing is measured. */
  #timer: NodeJS.Timeout | undefined
  #lookedAt = 0
  #idleLooks = 0

  /**
   * @param isBusy - Whether the process has work. When work begins, {@link wake} has to be called.
   * @param options - `onRest`: called when nothing is measured any more for lack of work.
   */
  constructor(isBusy: () => boolean, { onRest = () => {} }: { readonly onRest?: () => void } = {}) {
    this.#isBusy = isBusy
    this.#onRest = onRest
    this.wake()
  }

  /** Measures from now on, until there has been no work for a second. */
  wake(): void {
    this.#idleLooks = 0
    if (this.#timer !== undefined) return
    this.#lookedAt = performance.now()
    this.#timer = setInterval(() => this.#look(), INTERVAL)
    this.#timer.unref()
  }

  read(): ProcessFigures {
    // The event loop may be late right now, with the timer still to come.
    if (this.#timer !== undefined && performance.now() - this.#lookedAt > INTERVAL) this.#look()
    const { rss, heapUsed } = process.memoryUsage()
    const { user, system } = process.cpuUsage()
    return {
      residentMemory: rss,
      heapUsed,
      cpuSeconds: (user + system) / 1e6,
      delayMedian: this.#delayAt(50),
      delayP99: this.#delayAt(99),
    }
  }

  /** From here on, only delays that begin after the last look are counted. */
  restart(): void {
    this.#delays.reset()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look(): void {
    const now = performance.now()
    const delay = Math.round((now - this.#lookedAt - INTERVAL) * 1e6)
    this.#delays.record(Math.min(LONGEST, Math.max(1, delay)))
    this.#lookedAt = now
    this.#idleLooks = this.#isBusy() ? 0 : this.#idleLooks + 1
    if (this.#idleLooks < LAST_LOOKS) return
    this.close()
    this.#onRest()
  }

  /** Seconds. */
  #delayAt(percentile: number): number {
    // Right after a restart there is nothing yet.
    return this.#delays.count === 0 ? 0 : this.#delays.percentile(percentile) / 1e9
  }
}
