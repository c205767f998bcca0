import { invalidAuth } from '../invalid-auth.ts'
import { type AuthDecorator, decorate } from './decorator.ts'
import type { Rate } from './requirement.ts'

const PERIODS: readonly string[] = ['second', 'minute', 'hour', 'day'] satisfies Rate['per'][]

/**
 * Limits how often each principal may call; where nothing authenticates, each address. One call more is a 429 with
 * `Retry-After`. Each process counts for itself.
 *
 * @example
 * ```ts
 * @bearerAuth({ tokens: { env: 'API_TOKENS' } })
 * @rateLimit({ requests: 100, per: 'minute' })
 * export default class Predictor extends BasePredictor {}
 * ```
 * @throws {StartupError} `invalid_auth`, where it is no rate.
 */
export function rateLimit(rate: Rate): AuthDecorator {
  const { requests, per } = rate
  if (!Number.isInteger(requests) || requests < 1 || !PERIODS.includes(per)) {
    throw invalidAuth(
      '@rateLimit was given something that is not a rate',
      "Write a whole number of at least 1, and 'second', 'minute', 'hour' or 'day': { requests: 100, per: 'minute' }.",
    )
  }
  return decorate({ kind: 'rate', decorator: '@rateLimit', rate: { requests, per } })
}
