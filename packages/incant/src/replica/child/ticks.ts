import { toMachineClock } from '../wire/machine-clock.ts'

/**
 * When the side thread last looked at what the front has sent it, in milliseconds of the machine's clock, modulo 2^32.
 * An old tick shows that the process was suspended (SIGSTOP, the freezer of a container): a call that the front took
 * back meanwhile must not begin, so predict's thread waits for the next tick.
 */
export type Ticks = Int32Array<SharedArrayBuffer>

const INTERVAL = 200

/**
 * How old a tick may be for a call to begin, in milliseconds. The front gives up on a replica that does not answer only
 * after more than this: see `FrontCall.takeBack`.
 */
export const FRESH = 450

/** Makes room for ticks. */
export function makeTicks(): Ticks {
  const ticks = new Int32Array(new SharedArrayBuffer(4))
  Atomics.store(ticks, 0, now())
  return ticks
}

/** Ticks from now on, each time after what had come by then has been read. */
export function keepTicking(ticks: Ticks): void {
  setInterval(() => {
    // Of before the event loop looks at what has come. It does so between timers and immediates.
    const at = now()
    setImmediate(() => {
      Atomics.store(ticks, 0, at)
      Atomics.notify(ticks, 0)
    })
  }, INTERVAL)
}

/** Whether this process has not been suspended since a tick. */
export function isFresh(tick: number): boolean {
  return ((now() - tick) | 0) <= FRESH
}

/** Waits, in place, until the side thread has looked. Returns when that was. */
export function awaitTick(ticks: Ticks): number {
  for (;;) {
    const tick = Atomics.load(ticks, 0)
    if (isFresh(tick)) return tick
    Atomics.wait(ticks, 0, tick, INTERVAL)
  }
}

function now(): number {
  return toMachineClock(performance.now()) | 0
}
