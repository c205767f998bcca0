/**
 * Lets a number of events per second through, evenly, and counts the others: each that is let through represents itself
 * and those that were left out since the one before.
 */
export class Sampler {
  readonly #rate: number
  /** How many could be let through now: at most those of a second. */
  #credit: number
  #countedAt = Number.NEGATIVE_INFINITY
  #left = 0

  /** @param rate - How many a second. */
  constructor(rate: number) {
    this.#rate = rate
    this.#credit = rate
  }

  /**
   * Takes the next one. 0: it is left out. Else the number that it represents.
   *
   * @param now - The clock, in milliseconds.
   */
  take(now: number): number {
    this.#credit = Math.min(this.#rate, this.#credit + ((now - this.#countedAt) * this.#rate) / 1000)
    this.#countedAt = now
    if (this.#credit < 1) {
      this.#left += 1
      return 0
    }
    this.#credit -= 1
    return 1 + this.takeLeft()
  }

  /** How many were left out since the last one that was not. */
  takeLeft(): number {
    const left = this.#left
    this.#left = 0
    return left
  }
}
