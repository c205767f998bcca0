import { StartupError } from 'incant'

const UNITS: ReadonlyMap<string, number> = new Map(Object.entries({ s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }))
const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/

/**
 * A duration such as `90d`, in milliseconds.
 *
 * @throws {StartupError} `invalid_option`, naming the flag.
 */
export function readDuration(flag: string, given: string): number {
  return parseDuration(given) ?? refuse(flag, given, 'a duration such as 90d, 24h, 30m or 45s')
}

/**
 * A time: a duration from now, or a date in UTC. In milliseconds since the epoch.
 *
 * @throws {StartupError} `invalid_option`, naming the flag.
 */
export function readTime(flag: string, given: string, now: number): number {
  const duration = parseDuration(given)
  if (duration !== undefined) return now + duration
  const date = DATE.test(given) ? Date.parse(given) : Number.NaN
  if (!Number.isNaN(date)) return date
  return refuse(
    flag,
    given,
    'a duration from now such as 90d, 24h or 30m, or a time such as 2027-01-31 or 2027-01-31T12:00Z',
  )
}

function parseDuration(given: string): number | undefined {
  if (given === '0') return 0
  const [, amount, unit] = /^(\d{1,9})([smhd])$/.exec(given) ?? []
  const factor = UNITS.get(unit ?? '')
  return factor === undefined ? undefined : Number(amount) * factor
}

function refuse(flag: string, given: string, expectation: string): never {
  throw new StartupError({
    code: 'invalid_option',
    found: `${flag} is ${JSON.stringify(given.slice(0, 40))}`,
    instead: `Use ${expectation}.`,
  })
}
