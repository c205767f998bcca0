import type { BatchReport } from './batch-report.ts'
import { METRICS } from './definitions.ts'
import { type Histogram, histogramOf, type Observations } from './histogram.ts'
import type { StepReport } from './step-report.ts'

/** The counts of {@link PredictorFigures} since the last reading. */
export interface PredictorCounts {
  readonly batchSize?: Observations
  readonly batchWait?: Observations
  readonly stepSize?: Observations
  readonly stepDuration?: Observations
  readonly streamItems: number
}

const HISTOGRAMS = ['batchSize', 'batchWait', 'stepSize', 'stepDuration'] as const

/** The metrics of the process in which the predictor runs. */
export class PredictorFigures {
  readonly batchSize: Histogram = histogramOf(METRICS.batchSize)
  readonly batchWait: Histogram = histogramOf(METRICS.batchWait)
  readonly stepSize: Histogram = histogramOf(METRICS.stepSize)
  readonly stepDuration: Histogram = histogramOf(METRICS.stepDuration)
  streamItems = 0

  /** Counts a batch that has run. */
  countBatch({ items, waits }: BatchReport): void {
    this.batchSize.observe(items)
    for (const milliseconds of waits) this.batchWait.observe(milliseconds / 1000)
  }

  /** Counts a step of a sequence predictor that has run. */
  countStep({ sequences, took }: StepReport): void {
    this.stepSize.observe(sequences)
    this.stepDuration.observe(took / 1000)
  }

  /** Adds what was counted in another process. */
  add({ streamItems, ...observations }: PredictorCounts): void {
    for (const name of HISTOGRAMS) {
      const observed = observations[name]
      if (observed !== undefined) this[name].add(observed)
    }
    this.streamItems += streamItems
  }

  /** Gives what was counted and starts over. Undefined where there was nothing. */
  take(): PredictorCounts | undefined {
    if (this.streamItems === 0 && HISTOGRAMS.every(name => this[name].isEmpty)) return undefined
    const taken = HISTOGRAMS.map(name => [name, this[name].take()] as const)
    const { streamItems } = this
    this.streamItems = 0
    return { ...Object.fromEntries(taken), streamItems }
  }
}
