import { invalidAuth } from '../invalid-auth.ts'
import { type AuthDecorator, decorate } from '../policy/decorator.ts'
import { DEFAULT_REALM, type RealmOption } from '../realm.ts'
import { type OpenTokens, openTokens, type TokenOptions } from '../secrets/check-token.ts'
import { describeTokenFault, isVisibleASCII, MAXIMUM_TOKEN_LENGTH } from '../secrets/token-fault.ts'
import type { HeaderStrategy } from '../strategy.ts'
import { notOpen } from './not-open.ts'

/** Options of {@link apiKeyAuth}. */
export interface APIKeyAuthOptions extends TokenOptions, RealmOption {
  /**
   * The header that carries the key.
   *
   * @default 'X-API-Key'
   */
  readonly header?: string
}

/**
 * Requires an API key in a header.
 *
 * @example
 * ```ts
 * @apiKeyAuth({ header: 'X-Model-Key', tokens: { file: '/run/secrets/keys' } })
 * export default class Predictor extends BasePredictor {}
 * ```
 */
export function apiKeyAuth(options: APIKeyAuthOptions): AuthDecorator {
  return decorate({ kind: 'strategy', decorator: '@apiKeyAuth', strategy: apiKeyStrategy(options) })
}

function apiKeyStrategy(options: APIKeyAuthOptions): HeaderStrategy {
  const { header = 'X-API-Key', realm = DEFAULT_REALM } = options
  let tokens: OpenTokens = notOpen
  return {
    name: 'apiKeyAuth',
    reads: 'headers',
    challenge: { scheme: 'ApiKey', parameters: { realm, header } },
    security: { type: 'apiKey', in: 'header', name: header },
    guessable: options.verify !== undefined,
    open(host) {
      refuseHeader(header)
      tokens = openTokens(options, describeTokenFault, host)
    },
    authenticate(headers) {
      const key = headers.get(header)
      if (key === null) return { refused: 'missing' }
      // Two lines of one name arrive as one, joined by a comma and a space, which a key cannot have.
      if (key.length > MAXIMUM_TOKEN_LENGTH || !isVisibleASCII(key)) return { refused: 'malformed' }
      return tokens.check(key)
    },
    close: () => tokens.close(),
  }
}

/** Headers that others on the way read or change. */
const TAKEN = ['authorization', 'proxy-authorization', 'cookie', 'host', 'connection', 'content-type', 'content-length']

function refuseHeader(header: string): void {
  const isName = /^[!#$%&'*+\-.^_`|~\w]+$/.test(header)
  if (isName && !TAKEN.includes(header.toLowerCase())) return
  throw invalidAuth(
    isName ? `the header ${header} has another meaning` : 'the header is not the name of one',
    "Name a header that nothing else uses, such as 'X-API-Key'.",
  )
}
