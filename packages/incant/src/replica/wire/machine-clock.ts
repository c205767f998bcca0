/**
 * What the monotonic clock of the machine is ahead of `performance.now()`, which starts with its process. All processes
 * of a machine have the same one, and setting the date does not move it.
 */
const AHEAD = Number(process.hrtime.bigint()) / 1e6 - performance.now()

/** A time of `performance.now()`, as another process of this machine understands it. */
export function toMachineClock(time: number): number {
  return time + AHEAD
}

/** A time of another process, as `performance.now()` of this one has it. */
export function fromMachineClock(time: number): number {
  return time - AHEAD
}

/** The same in whole milliseconds, modulo 2^32: what is left of the difference of two such times is exact for 24 days. */
export function toMachineTime(time: number): number {
  return toMachineClock(time) | 0
}
