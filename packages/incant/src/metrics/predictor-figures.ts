import type { BatchReport } from './batch-report.ts'
import { METRICS } from './definitions.ts'
import { type Histogram, histogramOf, type Observations } from './histogram.ts'

/** What {@link PredictorFigures} has counted since it was last taken. */
export interface PredictorCounts {
  readonly batchSize?: Observations
  readonly batchWait?: Observations
  readonly streamItems: number
}

/** What is counted where the predictor runs, in whichever process that is. */
export class PredictorFigures {
  readonly batchSize: Histogram = histogramOf(METRICS.batchSize)
  readonly batchWait: Histogram = histogramOf(METRICS.batchWait)
  streamItems = 0

  /** Counts a batch that has run. */
  countBatch({ items, waits }: BatchReport): void {
    this.batchSize.observe(items)
    for (const milliseconds of waits) this.batchWait.observe(milliseconds / 1000)
  }

  /** Adds what was counted in another process. */
  add({ batchSize, batchWait, streamItems }: PredictorCounts): void {
    if (batchSize !== undefined) this.batchSize.add(batchSize)
    if (batchWait !== undefined) this.batchWait.add(batchWait)
    this.streamItems += streamItems
  }

  /** Gives what was counted and starts over. Undefined where there was nothing. */
  take(): PredictorCounts | undefined {
    const batchSize = this.batchSize.take()
    const batchWait = this.batchWait.take()
    const { streamItems } = this
    this.streamItems = 0
    if (batchSize === undefined && batchWait === undefined && streamItems === 0) return undefined
    return {
      ...(batchSize === undefined ? {} : { batchSize }),
      ...(batchWait === undefined ? {} : { batchWait }),
      streamItems,
    }
  }
}
