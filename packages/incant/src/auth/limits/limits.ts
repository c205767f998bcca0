import { RequestError } from '../../errors/request-error.ts'
import type { Rate } from '../policy/requirement.ts'
import { addressKey } from './address-key.ts'
import { Allowance } from './allowance.ts'

/** The rates of one application: those of its callers, and that of failed attempts. */
export interface Limits {
  /**
   * Takes one call from a caller's rates.
   *
   * @throws {RequestError} `rate_limited`.
   */
  takeCall(caller: string): void
  /**
   * Refuses an address that has failed too often.
   *
   * @throws {RequestError} `rate_limited`.
   */
  checkFailures(address: string | undefined): void
  /** Notes a failed attempt. */
  noteFailure(address: string | undefined): void
}

/** Creates the limits of an application. `failuresPerMinute` 0: no limit. */
export function makeLimits(rates: readonly Rate[], failuresPerMinute: number): Limits {
  const calls = rates.map(rate => new Allowance(rate))
  const failures = failuresPerMinute === 0 ? undefined : new Allowance({ requests: failuresPerMinute, per: 'minute' })
  return {
    takeCall(caller) {
      for (const allowance of calls) refuseWait(allowance.take(caller), CALLS)
    },
    checkFailures(address) {
      if (address !== undefined && failures !== undefined) refuseWait(failures.peek(addressKey(address)), FAILURES)
    },
    noteFailure(address) {
      if (address !== undefined) failures?.take(addressKey(address))
    },
  }
}

const CALLS = 'There have been too many calls.'
const FAILURES = 'There have been too many failed attempts to authenticate from this address.'

function refuseWait(milliseconds: number, detail: string): void {
  if (milliseconds === 0) return
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000))
  throw new RequestError('rate_limited', { detail, headers: { 'Retry-After': String(seconds) } })
}
