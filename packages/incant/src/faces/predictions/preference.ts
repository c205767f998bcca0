/** Seconds that a caller waits at most: less than a call may take. */
export const LONGEST_WAIT = 50

/** What a caller prefers of an answer that may take a while (RFC 7240). */
export interface Preference {
  /** The answer may be that the work was taken. */
  readonly isAsync: boolean
  /** Seconds that the caller waits before that, if it says so: at most {@link LONGEST_WAIT}. */
  readonly wait: number | undefined
  /** The header that says what was heeded. */
  readonly applied: Readonly<Record<string, string>>
}

/** Reads `Prefer: respond-async, wait=10`. Others of its preferences, and what has no form of one, are left aside. */
export function readPreference(prefer: string | null): Preference {
  const names = (prefer ?? '').split(',').map(preference => preference.split(';')[0]?.trim().toLowerCase() ?? '')
  const isAsync = names.includes('respond-async')
  const asked = names.map(name => /^wait\s*=\s*"?(\d{1,6})"?$/.exec(name)?.[1]).find(found => found !== undefined)
  const wait = asked === undefined ? undefined : Math.min(Number(asked), LONGEST_WAIT)
  const heeded = [...(isAsync ? ['respond-async'] : []), ...(wait === undefined ? [] : [`wait=${wait}`])]
  return { isAsync, wait, applied: heeded.length === 0 ? {} : { 'Preference-Applied': heeded.join(', ') } }
}
