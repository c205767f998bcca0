import type { Rate } from '../policy/requirement.ts'

const MILLISECONDS: Readonly<Record<Rate['per'], number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
}

/** Callers remembered at most: some 15 MB. */
const MAXIMUM_CALLERS = 100_000

/**
 * How much each caller has left of a rate. One number a caller (the generic cell rate algorithm): the time at which
 * its allowance would be whole again. A caller whose time has passed is as good as one never seen, so forgetting it
 * loses nothing; with more callers than may be remembered, the one longest unseen is forgotten.
 */
export class Allowance {
  readonly #period: number
  readonly #interval: number
  readonly #maximum: number
  readonly #wholeAt = new Map<string, number>()

  constructor(rate: Rate, maximum: number = MAXIMUM_CALLERS) {
    this.#period = MILLISECONDS[rate.per]
    this.#interval = this.#period / rate.requests
    this.#maximum = maximum
  }

  /** How many callers are remembered. */
  get size(): number {
    return this.#wholeAt.size
  }

  /** Takes one from a caller's allowance. Returns 0, or the milliseconds after which there is one to take. */
  take(caller: string, now: number = performance.now()): number {
    const wholeAt = Math.max(this.#wholeAt.get(caller) ?? now, now)
    const wait = wholeAt + this.#interval - now - this.#period
    if (wait > TOLERANCE) return wait
    this.#remember(caller, wholeAt + this.#interval)
    return 0
  }

  /** As {@link take}, and takes nothing. */
  peek(caller: string, now: number = performance.now()): number {
    const wait = (this.#wholeAt.get(caller) ?? now) + this.#interval - now - this.#period
    return wait > TOLERANCE ? wait : 0
  }

  #remember(caller: string, wholeAt: number): void {
    // A map keeps the order of insertion: put back at the end, the first is the one longest unseen.
    this.#wholeAt.delete(caller)
    this.#wholeAt.set(caller, wholeAt)
    if (this.#wholeAt.size <= this.#maximum) return
    const [longestUnseen] = this.#wholeAt.keys()
    if (longestUnseen !== undefined) this.#wholeAt.delete(longestUnseen)
  }
}

/** Milliseconds: what adding up a third of a minute three times may be off. */
const TOLERANCE = 1e-6
