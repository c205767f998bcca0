import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import type { ProcessFigures } from '../metrics/process-ledger.ts'

/** How often the delay of the event loop is looked at, in milliseconds. */
const RESOLUTION = 20

/** Measures the process it is in. */
export class ProcessMonitor {
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION })

  constructor() {
    this.#delay.enable()
  }

  read(): ProcessFigures {
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

  /** Delays are those since now; since the next look, to be exact, as Node forgets the last one too. */
  restart(): void {
    this.#delay.reset()
  }

  close(): void {
    this.#delay.disable()
  }

  /** Seconds. What is measured, in nanoseconds, is how far two looks lie apart, so the time between them is no delay. */
  #delayAt(percentile: number): number {
    // Right after a restart there is nothing yet.
    if (this.#delay.count === 0) return 0
    return Math.max(0, this.#delay.percentile(percentile) / 1e9 - RESOLUTION / 1e3)
  }
}
