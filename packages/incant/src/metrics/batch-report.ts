/** One batch that has run. */
export interface BatchReport {
  readonly items: number
  /** Milliseconds the oldest item waited. */
  readonly waited: number
  /** Milliseconds each item waited. */
  readonly waits: readonly number[]
  /** Milliseconds predictBatch took. */
  readonly took: number
}
