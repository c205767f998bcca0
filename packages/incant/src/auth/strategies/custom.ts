import { invalidAuth } from '../invalid-auth.ts'
import { type AuthDecorator, decorate } from '../policy/decorator.ts'
import type { AuthStrategy } from '../strategy.ts'

/**
 * Requires a strategy that you wrote.
 *
 * @example
 * ```ts
 * @auth(partnerAuth)
 * export default class Predictor extends BasePredictor {}
 * ```
 * @throws {StartupError} `invalid_auth`, where it is not a strategy.
 */
export function auth(strategy: AuthStrategy): AuthDecorator {
  refuseOthers(strategy)
  return decorate({ kind: 'strategy', decorator: `@auth(${strategy.name})`, strategy })
}

function refuseOthers(strategy: AuthStrategy): void {
  const fault = describeFault(strategy)
  if (fault === undefined) return
  throw invalidAuth(
    `@auth was given something that ${fault}`,
    'Pass an AuthStrategy: name, reads, challenge, authenticate.',
  )
}

/** JavaScript calls this too, so the promise of the types is checked once, before it decides on access. */
function describeFault(strategy: unknown): string | undefined {
  if (typeof strategy !== 'object' || strategy === null) return 'is no object'
  const { name, reads, member, challenge, authenticate } = strategy as {
    readonly [Key in keyof AuthStrategy | 'member']?: unknown
  }
  if (typeof name !== 'string' || !/^[\w.-]+$/.test(name)) return 'has no name of letters, digits, . - and _'
  if (reads !== 'headers' && reads !== 'payload' && reads !== 'connection')
    return "reads neither 'headers' nor 'payload' nor 'connection'"
  if (reads === 'payload' && (typeof member !== 'string' || member === ''))
    return 'reads the payload and names no member'
  if (typeof challenge !== 'object' || challenge === null) return 'has no challenge'
  return typeof authenticate === 'function' ? undefined : 'has no method authenticate'
}
