import { type AuthDecorator, decorate } from '../policy/decorator.ts'
import { DEFAULT_REALM, type RealmOption } from '../realm.ts'
import { type OpenTokens, openTokens, type TokenOptions } from '../secrets/check-token.ts'
import { describeBearerFault, isToken68, MAXIMUM_TOKEN_LENGTH } from '../secrets/token-fault.ts'
import type { HeaderStrategy } from '../strategy.ts'
import { credentialsOf } from './authorization.ts'
import { notOpen } from './not-open.ts'

/** Options of {@link bearerAuth}. */
export interface BearerAuthOptions extends TokenOptions, RealmOption {}

/**
 * Requires a token in `Authorization: Bearer …` (RFC 6750). The query string is never read.
 *
 * @example
 * ```ts
 * @bearerAuth({ tokens: { env: 'API_TOKENS' } })
 * export default class Predictor extends BasePredictor {}
 * ```
 */
export function bearerAuth(options: BearerAuthOptions): AuthDecorator {
  return decorate({ kind: 'strategy', decorator: '@bearerAuth', strategy: bearerStrategy(options) })
}

function bearerStrategy(options: BearerAuthOptions): HeaderStrategy {
  let tokens: OpenTokens = notOpen
  return {
    name: 'bearerAuth',
    reads: 'headers',
    challenge: { scheme: 'Bearer', parameters: { realm: options.realm ?? DEFAULT_REALM } },
    security: { type: 'http', scheme: 'bearer' },
    guessable: options.verify !== undefined,
    open(host) {
      tokens = openTokens(options, describeBearerFault, host)
    },
    authenticate(headers) {
      const token = credentialsOf(headers, 'bearer')
      if (token === undefined) return { refused: 'missing' }
      if (token.length > MAXIMUM_TOKEN_LENGTH || !isToken68(token)) return { refused: 'malformed' }
      return tokens.check(token)
    },
    close: () => tokens.close(),
  }
}
