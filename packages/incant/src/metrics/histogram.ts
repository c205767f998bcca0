import type { MetricDefinition } from './definitions.ts'

/** The observations since the last reading: a count per bucket, the last one for larger values, and the sum. */
export interface Observations {
  readonly counts: readonly number[]
  readonly sum: number
}

/** The histogram of a metric of the table. */
export function histogramOf({ buckets = [] }: MetricDefinition): Histogram {
  return new Histogram(buckets)
}

/** Counts observations in buckets of fixed bounds. */
export class Histogram {
  /** Upper bounds of the buckets, ascending. */
  readonly bounds: readonly number[]
  /** For each bucket, not cumulated; one more for what is above all bounds. */
  readonly counts: number[]
  sum = 0
  #isEmpty = true

  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.counts = new Array<number>(bounds.length + 1).fill(0)
  }

  /** Whether nothing was observed since the last reading. */
  get isEmpty(): boolean {
    return this.#isEmpty
  }

  /** Notes one value. The bounds are few and most values small: looking through them is the fastest search. */
  observe(value: number): void {
    const { bounds, counts } = this
    let bucket = 0
    while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket += 1
    counts[bucket] = (counts[bucket] ?? 0) + 1
    this.sum += value
    this.#isEmpty = false
  }

  /** Adds what another histogram of the same bounds has observed. */
  add({ counts, sum }: Observations): void {
    for (const [bucket, count] of counts.entries()) this.counts[bucket] = (this.counts[bucket] ?? 0) + count
    this.sum += sum
    this.#isEmpty = false
  }

  /** Gives what was observed and starts over. Undefined where there was nothing. */
  take(): Observations | undefined {
    if (this.#isEmpty) return undefined
    const taken = { counts: [...this.counts], sum: this.sum }
    this.counts.fill(0)
    this.sum = 0
    this.#isEmpty = true
    return taken
  }
}
