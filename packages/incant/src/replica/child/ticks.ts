import { toMachineTime } from '../wire/machine-clock.ts'

/**
 * When the side thread last looked at what the front has sent it, in milliseconds of the machine's clock, modulo 2^32.
 * An old tick shows that the process may have been suspended (SIGSTOP, the freezer of a container): a call that was sent long ago, and
 * that the front may have taken back meanwhile, must not begin, so predict's thread waits for the next tick.
 */
export type Ticks = Int32Array<SharedArrayBuffer>

/**
 * How long ago a call may have been sent to begin, in milliseconds, or how old a tick may be. The front gives up on a replica that does
 * not answer only after more than this: see `FrontCall.takeBack`.
 */
export const FRESH = 450

/** The age at which the next tick is asked for, in milliseconds: it is there before a replica with calls has to wait for it. */
const AGED = 200

/** Makes room for ticks. */
export function makeTicks(): Ticks {
  const ticks = new Int32Array(new SharedArrayBuffer(4))
  Atomics.store(ticks, 0, now())
  return ticks
}

/** Ticks once, after what had come by now has been read. */
export function tick(ticks: Ticks): void {
  // The event loop looks at what has come between two immediates, but not between any event and the next immediate.
  setImmediate(() => {
    const at = now()
    setImmediate(() => {
      Atomics.store(ticks, 0, at)
      Atomics.notify(ticks, 0)
    })
  })
}

/** Whether so little time has passed since a tick, or since a call was sent, that the front has not given up. */
export function isFresh(time: number): boolean {
  return ageOf(time) <= FRESH
}

/** The ticks as predict's thread has them: there are none unless it asks, so that nothing happens in an idle process. */
export class AskedTicks {
  readonly #ticks: Ticks
  readonly #ask: () => void
  /** The last tick that is about to be followed by another. */
  #followed: number | undefined

  /** @param ask - Has the side thread {@link tick}. */
  constructor(ticks: Ticks, ask: () => void) {
    this.#ticks = ticks
    this.#ask = ask
  }

  /** Waits, in place, until the side thread has looked. Returns when that was. */
  await(): number {
    for (;;) {
      const last = Atomics.load(this.#ticks, 0)
      if (ageOf(last) > AGED) this.#follow(last)
      if (isFresh(last)) return last
      Atomics.wait(this.#ticks, 0, last)
    }
  }

  #follow(last: number): void {
    if (this.#followed === last) return
    this.#followed = last
    this.#ask()
  }
}

function ageOf(tick: number): number {
  return (now() - tick) | 0
}

function now(): number {
  return toMachineTime(performance.now())
}
