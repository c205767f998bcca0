/**
 * The owner of a call that was sent to a replica: predict, or the front that took it back. Each side claims it before
 * it acts, in memory that the thread of predict shares with a thread that always answers, so that exactly one of the
 * two gets it.
 */
export type Claims = Int32Array

/** More calls than a replica ever has at once: see the option `concurrency`. */
export const SLOTS = 16_384

/** Numbers of calls start over from here. */
export const LAST_NUMBER: number = 2 ** 30 - 1

/** The states of a call in a claim. */
export const CLAIM = { started: 0, takenBack: 1 } as const

/** Makes room for claims. */
export function makeClaims(): Claims {
  return new Int32Array(new SharedArrayBuffer(4 * SLOTS))
}

/** The place of a call among those that a replica has. */
export function slotOf(n: number): number {
  return n % SLOTS
}

/** Whether predict has claimed a call. */
export function isStarted(claims: Claims, n: number): boolean {
  return Atomics.load(claims, slotOf(n)) === n * 2 + CLAIM.started
}

/** Claims a call. Returns whether it was free. */
export function claim(claims: Claims, n: number, by: (typeof CLAIM)[keyof typeof CLAIM]): boolean {
  const slot = slotOf(n)
  for (;;) {
    const found = Atomics.load(claims, slot)
    if (found >> 1 === n) return false
    if (Atomics.compareExchange(claims, slot, found, n * 2 + by) === found) return true
  }
}
