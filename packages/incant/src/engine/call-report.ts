/** Takes what predict reports of a call while it runs, where its caller sees that: of a job, in its object. */
export interface CallReport {
  /** @param line - A line of the log, as {@link describeLine} writes it. */
  log(line: string): void
  /** The last value under a name counts. */
  metric(name: string, value: number): void
}
