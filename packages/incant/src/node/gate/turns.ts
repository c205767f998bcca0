/** How many requests are handled at once. */
export interface TurnLimits {
  readonly total: number
  readonly perAddress: number
}

/** Begins a request whose turn it is. */
export type Begin = () => void

/**
 * Requests that begin as they arrive before the event loop comes round once. Requests that are refused at once never
 * reach a limit: thousands of callers that call again would otherwise keep the loop reading sockets for seconds, and
 * no call would go to a replica meanwhile.
 */
const IN_A_ROW = 64

/** Milliseconds of each turn of the event loop in which requests that waited begin. */
const SHARE = 0.5

/**
 * Hands out turns to requests. If none is free they wait, in order for each address, and the addresses alternate: one
 * with many connections delays no other.
 */
export class Turns {
  readonly #limits: TurnLimits
  #taken = 0
  readonly #takenBy = new Map<string, number>()
  /** Of addresses with requests that wait. The first address is the next. */
  readonly #waiting = new Map<string, Set<Begin>>()
  #isOpen = false
  #isResuming = false
  /** Requests that have begun as they arrived since the event loop last came round, or before. */
  #inARow = 0

  constructor(limits: TurnLimits) {
    this.#limits = limits
  }

  /**
   * Takes a turn if one is free; {@link leave} returns it.
   *
   * @param address - Requests of one address count together. Undefined: they are not counted.
   */
  take(address: string | undefined): boolean {
    if (this.#inARow === IN_A_ROW) return false
    // Those that came before go first.
    if (this.#waiting.has(address ?? '') || !this.#hasRoom(address)) return false
    this.#count(address)
    this.#inARow += 1
    if (this.#inARow === IN_A_ROW) this.#resumeSoon()
    return true
  }

  /** Gives a turn back; the next request that waits has it. */
  leave(address: string | undefined): void {
    this.#taken -= 1
    const taken = address === undefined ? 0 : (this.#takenBy.get(address) ?? 0) - 1
    if (address !== undefined && taken > 0) this.#takenBy.set(address, taken)
    else if (address !== undefined) this.#takenBy.delete(address)
    this.#beginSoon()
  }

  /**
   * Waits for a turn.
   *
   * @param begin - Called once, when the turn has been taken.
   * @returns What gives up waiting.
   */
  wait(address: string | undefined, begin: Begin): () => void {
    const key = address ?? ''
    const queue = this.#waiting.get(key) ?? new Set()
    this.#waiting.set(key, queue.add(begin))
    return () => {
      if (queue.delete(begin) && queue.size === 0) this.#waiting.delete(key)
    }
  }

  /** Limits nothing from now on; what waits begins. */
  open(): void {
    this.#isOpen = true
    while (this.#beginNext());
  }

  #count(address: string | undefined): void {
    this.#taken += 1
    if (address !== undefined) this.#takenBy.set(address, (this.#takenBy.get(address) ?? 0) + 1)
  }

  #beginSoon(): void {
    if (this.#waiting.size > 0) this.#resumeSoon()
  }

  #resumeSoon(): void {
    if (this.#isResuming) return
    this.#isResuming = true
    setImmediate(() => {
      this.#isResuming = false
      this.#inARow = 0
      this.#beginUntil(performance.now() + SHARE)
    })
  }

  /** The synchronous work of a request runs in ticks and microtasks. The next request begins after them, so they are measured. */
  #beginUntil(end: number): void {
    if (performance.now() >= end) this.#beginSoon()
    else if (this.#beginNext()) afterTicks(() => this.#beginUntil(end))
  }

  #hasRoom(address: string | undefined): boolean {
    if (this.#isOpen) return true
    const { total, perAddress } = this.#limits
    return this.#taken < total && (address === undefined || (this.#takenBy.get(address) ?? 0) < perAddress)
  }

  /** Few addresses can be at their limit at once, so that the next one is found among the first. */
  #beginNext(): boolean {
    for (const [key, queue] of this.#waiting) {
      const address = key === '' ? undefined : key
      const [begin] = queue
      if (begin === undefined || !this.#hasRoom(address)) continue
      this.#count(address)
      queue.delete(begin)
      // The other addresses come before the next request of this one.
      this.#waiting.delete(key)
      if (queue.size > 0) this.#waiting.set(key, queue)
      begin()
      return true
    }
    return false
  }
}

/** Runs what follows after the ticks and microtasks that there are now. */
function afterTicks(work: () => void): void {
  process.nextTick(() => queueMicrotask(work))
}
