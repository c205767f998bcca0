import type { Fleet } from './fleet.ts'
import type { ReplicaProcess } from './replica-process.ts'

/** The dependencies of a {@link Balancer}. */
export interface BalancerOptions {
  readonly fleet: Pick<Fleet, 'all' | 'ready'>
  /** Calls in flight at most on each replica. */
  readonly concurrency: number
  /** Whether no call runs. */
  isIdle(): boolean
}

/** How often stalled replicas are looked for while another is free, in milliseconds. */
const INTERVAL = 25

/**
 * Decides which replica gets a call, and takes calls back from a replica that is stalled while another is free. A
 * replica is stalled while predict occupies its thread, so that it cannot begin the calls it was given.
 */
export class Balancer {
  readonly #options: BalancerOptions
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(options: BalancerOptions) {
    this.#options = options
  }

  /** The least loaded replica with room; a stalled one only where there is no other. */
  choose(): ReplicaProcess | undefined {
    const { fleet, concurrency } = this.#options
    let chosen: ReplicaProcess | undefined
    for (const replica of fleet.ready) {
      if (replica.inFlight >= concurrency) continue
      if (chosen === undefined || compareLoad(replica, chosen) < 0) chosen = replica
    }
    return chosen
  }

  /** Places for calls: those of replicas that take calls, and those in use elsewhere. A stalled replica offers none. */
  countPlaces(): number {
    const { fleet, concurrency } = this.#options
    const isAnyFree = fleet.ready.size > 1 && this.#isAnyFree()
    let places = 0
    for (const replica of fleet.all) {
      const offers = fleet.ready.has(replica) && !(isAnyFree && replica.stalled)
      places += offers ? concurrency : replica.inFlight
    }
    return places
  }

  /** Looks for stalled replicas from now on, until nothing runs. Needless where there is one replica. */
  watch(): void {
    if (this.#timer !== undefined || this.#options.fleet.ready.size < 2) return
    this.#timer = setInterval(() => this.#balance(), INTERVAL)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #balance(): void {
    const { fleet, isIdle } = this.#options
    if (isIdle()) {
      this.stop()
      return
    }
    const stalled = [...fleet.ready].filter(replica => replica.stalled)
    if (stalled.length === 0 || stalled.length === fleet.ready.size) return
    for (const replica of stalled) replica.takeBackWaiting()
  }

  #isAnyFree(): boolean {
    for (const replica of this.#options.fleet.ready) if (!replica.stalled) return true
    return false
  }
}

function compareLoad(one: ReplicaProcess, other: ReplicaProcess): number {
  // Also one with nothing in flight: all that it had was taken back, and it has said nothing since.
  return Number(one.stalled) - Number(other.stalled) || one.inFlight - other.inFlight
}
