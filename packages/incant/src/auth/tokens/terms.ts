import { StartupError } from '../../errors/startup-error.ts'

/** The name, scopes and life of a new token. Times are milliseconds since the epoch. */
export interface TokenTerms {
  /**
   * The name of its user. Logs show it beside the id, and `context.principal.name` contains it. Up to 100 characters.
   */
  readonly name?: string
  /**
   * What it allows, for `@requireScopes`.
   *
   * @default []
   */
  readonly scopes?: readonly string[]
  /** Not valid before this time. */
  readonly notBefore?: number
  /** Not valid from this time on. Without it, the token is valid until it is revoked. */
  readonly expires?: number
}

/** RFC 6749 §3.3: printable ASCII without space, quote and backslash. Commas separate scopes on the command line. */
export const SCOPE: RegExp = /^[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]{1,100}$/

/** No control characters, nothing invisible, no space at the ends. */
export const NAME: RegExp = /^(?!\s)[^\p{C}\p{Zl}\p{Zp}]{1,100}(?<!\s)$/u

/**
 * Refuses terms that cannot be kept.
 *
 * @throws {StartupError} `invalid_option`.
 */
export function checkTerms({ name, scopes = [], notBefore, expires }: TokenTerms, now: number): void {
  if (name !== undefined && !NAME.test(name)) {
    refuse('the name of the token is not valid', 'Use 1 to 100 visible characters, such as billing-service.')
  }
  const wrong = scopes.findIndex(scope => !SCOPE.test(scope))
  if (wrong !== -1) {
    refuse(`scope ${wrong + 1} is not valid`, 'Use visible ASCII without quotes, backslashes and commas.')
  }
  for (const [label, time] of Object.entries({ notBefore, expires })) {
    if (time !== undefined && !isTime(time)) refuse(`${label} is not a time`, 'Use milliseconds since 1970.')
  }
  if (expires !== undefined && expires <= Math.max(now, notBefore ?? now)) {
    refuse('the token would never be valid: it expires before it begins', 'Choose a later expiry.')
  }
}

/** Up to the year 9999, so that it is written with four digits. */
function isTime(time: number): boolean {
  return Number.isInteger(time) && time >= 0 && time < 253_402_300_800_000
}

function refuse(found: string, instead: string): never {
  throw new StartupError({ code: 'invalid_option', found, instead })
}
