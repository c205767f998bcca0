import { RequestError } from '../errors/request-error.ts'
import type { Principal } from '../predictor/context.ts'
import { invalidAuth } from './invalid-auth.ts'
import type { AuthStrategy, Challenge, RefusalReason } from './strategy.ts'

/** Why a request is refused, and by which strategy. */
export type RefusalCause =
  | { readonly refused: RefusalReason; readonly by: AuthStrategy }
  | {
      readonly refused: 'insufficient_scope'
      readonly scopes: readonly string[]
      /** The authenticated caller. */
      readonly principal: Principal | undefined
    }

/** RFC 6750 §3.1. Where there are no credentials the challenge must not name an error. */
const ERRORS = {
  missing: undefined,
  invalid: 'invalid_token',
  malformed: 'invalid_request',
  insufficient_scope: 'insufficient_scope',
} as const

/**
 * The one builder of every answer that keeps a caller out. What is the same to a caller has the same bytes: nothing here
 * knows more than the reason.
 */
export function refuse(cause: RefusalCause, strategies: readonly AuthStrategy[]): RequestError {
  switch (cause.refused) {
    case 'missing':
      return new RequestError('unauthorized', {
        detail: 'Send credentials as WWW-Authenticate says.',
        headers: challengeAll(cause, strategies),
      })
    case 'invalid':
      return new RequestError('invalid_credentials', {
        detail: 'The credentials are not valid.',
        headers: challengeAll(cause, strategies),
      })
    case 'malformed':
      return new RequestError('malformed_credentials', {
        detail: 'The credentials are not well formed, or are sent twice.',
        headers: challengeAll(cause, [cause.by].filter(tellsError)),
      })
    case 'insufficient_scope':
      return new RequestError('insufficient_scope', {
        detail: `This call needs the scope ${cause.scopes.join(' ')}.`,
        headers: challengeAll(cause, strategies.filter(tellsError)),
      })
  }
}

/** The lines of `WWW-Authenticate` for answers that are given elsewhere. */
export interface Challenges {
  /** For a 401 that predict itself has chosen: every 401 must have one (RFC 9110 §15.5.2). */
  readonly missing: readonly string[]
  /** For credentials that were sent twice, and are therefore not read. Empty where no scheme has an error parameter. */
  readonly malformed: readonly string[]
}

/** The challenge of a predictor that checks credentials itself, in a way that only it knows. */
const OWN_SCHEME = 'Predictor realm="predict"'

/** The challenges that the strategies of a predictor send to a caller they have not seen. */
export function listChallenges(strategies: readonly AuthStrategy[]): Challenges {
  const telling = strategies.filter(strategy => strategy.reads === 'headers' && tellsError(strategy))
  const missing = sortChallenges(strategies).map(strategy =>
    formatChallenge(strategy, { refused: 'missing', by: strategy }),
  )
  const malformed = telling.map(strategy => formatChallenge(strategy, { refused: 'malformed', by: strategy }))
  return { missing: missing.length === 0 ? [OWN_SCHEME] : [...new Set(missing)], malformed: [...new Set(malformed)] }
}

function tellsError(strategy: AuthStrategy): boolean {
  return strategy.challenge.tellsError !== false
}

function challengeAll(cause: RefusalCause, strategies: readonly AuthStrategy[]): Record<string, string[]> {
  const lines = new Set(sortChallenges(strategies).map(strategy => formatChallenge(strategy, cause)))
  return lines.size === 0 ? {} : { 'WWW-Authenticate': [...lines] }
}

/** Basic first: some browsers look no further than the first challenge. */
function sortChallenges(strategies: readonly AuthStrategy[]): readonly AuthStrategy[] {
  const isBasic = ({ challenge }: AuthStrategy) => challenge.scheme.toLowerCase() === 'basic'
  return [...strategies.filter(isBasic), ...strategies.filter(strategy => !isBasic(strategy))]
}

function formatChallenge(strategy: AuthStrategy, cause: RefusalCause): string {
  const { scheme, parameters } = strategy.challenge
  const all = Object.entries({ ...parameters, ...(tellsError(strategy) ? errorParameters(strategy, cause) : {}) })
  if (all.length === 0) return scheme
  return `${scheme} ${all.map(([name, value]) => `${name}=${quote(value)}`).join(', ')}`
}

function errorParameters(strategy: AuthStrategy, cause: RefusalCause): Record<string, string> {
  if (cause.refused === 'insufficient_scope') return { error: cause.refused, scope: cause.scopes.join(' ') }
  const error = ERRORS[cause.refused]
  return error === undefined || cause.by !== strategy ? {} : { error }
}

/** A quoted-string, RFC 9110 §5.6.4. */
function quote(value: string): string {
  return `"${value.replaceAll(/["\\]/g, '\\$&')}"`
}

const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/

/**
 * Refuses a challenge that could not be sent, or that would end its header line.
 *
 * @throws {StartupError} `invalid_auth`.
 */
export function checkChallenge({ scheme, parameters = {} }: Challenge): void {
  if (!TOKEN.test(scheme)) throw invalidAuth('the challenge has no scheme', "Add one, such as { scheme: 'Bearer' }.")
  for (const [name, value] of Object.entries(parameters)) {
    if (TOKEN.test(name) && typeof value === 'string' && /^[\x20-\x7e]*$/.test(value)) continue
    throw invalidAuth(
      `the ${name} of the challenge is not a string of visible ASCII characters`,
      'Remove control characters and anything that is not ASCII.',
    )
  }
}
