import { invalidAuth } from '../invalid-auth.ts'
import { type AuthDecorator, decorate } from '../policy/decorator.ts'
import { DEFAULT_REALM, type RealmOption } from '../realm.ts'
import { type OpenTokens, openTokens, type TokenOptions } from '../secrets/check-token.ts'
import { describeTokenFault, isVisibleASCII, MAXIMUM_TOKEN_LENGTH } from '../secrets/token-fault.ts'
import type { PayloadStrategy } from '../strategy.ts'
import { notOpen } from './not-open.ts'

/** Options of {@link bodyTokenAuth}. */
export interface BodyTokenAuthOptions extends TokenOptions, RealmOption {
  /**
   * The member of the payload that carries the token.
   *
   * @default 'auth'
   */
  readonly member?: string
}

/**
 * Requires a token as a member of the JSON payload, and takes it out before the payload is validated: it is not a
 * member of predict's type. Headers are the better place, since they are checked before the body is read.
 *
 * @example
 * ```ts
 * @bodyTokenAuth({ tokens: { env: 'API_TOKENS' } })
 * export default class Predictor extends BasePredictor {}
 * ```
 */
export function bodyTokenAuth(options: BodyTokenAuthOptions): AuthDecorator {
  return decorate({ kind: 'strategy', decorator: '@bodyTokenAuth', strategy: bodyTokenStrategy(options) })
}

function bodyTokenStrategy(options: BodyTokenAuthOptions): PayloadStrategy {
  const { member = 'auth', realm = DEFAULT_REALM } = options
  let tokens: OpenTokens = notOpen
  return {
    name: 'bodyTokenAuth',
    reads: 'payload',
    member,
    challenge: { scheme: 'BodyToken', parameters: { realm, member } },
    guessable: options.verify !== undefined,
    open(host) {
      if (member === '') throw invalidAuth('member is empty', "Name the payload's member that carries the token.")
      tokens = openTokens(options, describeTokenFault, host)
    },
    authenticate(token) {
      if (token.length > MAXIMUM_TOKEN_LENGTH || !isVisibleASCII(token)) return { refused: 'invalid' }
      return tokens.check(token)
    },
    close: () => tokens.close(),
  }
}
