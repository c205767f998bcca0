/**
 * Lets so many a second through, evenly, and counts the others: what is let through stands for itself and for all that was
 * not since the one before.
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
   * Takes the next one. 0: it is left out. Else how many it stands for.
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
