import { METRICS } from './definitions.ts'
import { type Histogram, histogramOf } from './histogram.ts'

/** What a store of jobs has that is not over. */
export interface OpenJobs {
  readonly queued: number
  readonly running: number
  /** Webhooks that are not delivered. */
  readonly webhooks: number
}

/** How jobs end. */
export const JOB_ENDS = ['succeeded', 'failed', 'canceled'] as const

/** Jobs, as one server sees them. */
export class JobRecord {
  /** Whether there are any: a server without the protocol shows nothing of them. */
  isOn = false
  /** As the store counted them last. Undefined: it does not answer. */
  open: OpenJobs | undefined
  readonly ended: Map<string, number> = new Map(JOB_ENDS.map(end => [end, 0]))
  readonly queueWait: Histogram = histogramOf(METRICS.jobQueueWait)
  /** Attempts to read or write the store that failed. */
  storeErrors = 0

  countEnd(status: string): void {
    this.ended.set(status, (this.ended.get(status) ?? 0) + 1)
  }

  /** @param milliseconds - That a job waited before it began. */
  countWait(milliseconds: number): void {
    this.queueWait.observe(milliseconds / 1000)
  }

  countStoreError(): void {
    this.storeErrors += 1
  }
}
