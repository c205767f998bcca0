/** Deaths within {@link WINDOW} that count as a crash loop. */
const LIMIT = 5

/** Milliseconds. */
const WINDOW = 60_000

/** Time before the first restart, doubled for each further death within the window, in milliseconds. */
const FIRST_DELAY = 50

/** Time before a restart once the limit is reached, in milliseconds. */
const PENALTY = 30_000

/** Decides how soon a dead replica is followed by another, so that one that cannot live does not storm the machine. */
export class CrashGuard {
  #deaths: number[] = []
  readonly #now: () => number

  /** @param now - The clock, in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Whether replicas die faster than it makes sense to start them. */
  get tripped(): boolean {
    return this.#recent().length >= LIMIT
  }

  /** Notes a death. Returns the time to wait before the next start, in milliseconds. */
  note(): number {
    this.#deaths = [...this.#recent(), this.#now()]
    return this.tripped ? PENALTY : FIRST_DELAY * 2 ** (this.#deaths.length - 1)
  }

  #recent(): readonly number[] {
    return this.#deaths.filter(time => this.#now() - time < WINDOW)
  }
}
