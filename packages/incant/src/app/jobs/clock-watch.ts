/** Milliseconds by which two clocks may differ between two looks. */
const TOLERANCE = 2000

/** Notices that a clock was set. */
export class ClockWatch {
  readonly #steady: () => number
  #difference: number | undefined

  /** @param steady - A clock that nobody sets, in milliseconds. */
  constructor(steady: () => number = () => performance.now()) {
    this.#steady = steady
  }

  /** Whether the clock was set since the last look. @param now - What it shows, in milliseconds. */
  wasSet(now: number): boolean {
    const difference = now - this.#steady()
    const change = Math.abs(difference - (this.#difference ?? difference))
    this.#difference = difference
    return change > TOLERANCE
  }
}
