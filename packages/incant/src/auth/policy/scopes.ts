import { invalidAuth } from '../invalid-auth.ts'
import { type AuthDecorator, decorate } from './decorator.ts'

/**
 * Requires a principal with all of these scopes; others get a 403 (RFC 6750 §3.1).
 *
 * @example
 * ```ts
 * @bearerAuth({ tokens: tokenFile('tokens.json') })
 * @requireScopes('predict')
 * export default class Predictor extends BasePredictor {}
 * ```
 * @throws {StartupError} `invalid_auth`, where one is not a valid scope.
 */
export function requireScopes(...scopes: readonly string[]): AuthDecorator {
  // RFC 6749 §3.3: printable ASCII without space, quote and backslash.
  const wrong = scopes.findIndex(scope => typeof scope !== 'string' || !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope))
  if (scopes.length === 0 || wrong !== -1) {
    throw invalidAuth(
      scopes.length === 0 ? '@requireScopes() names no scope' : `@requireScopes: number ${wrong + 1} is not a scope`,
      "Name scopes of visible ASCII, without quotes and backslashes: @requireScopes('predict').",
    )
  }
  return decorate({ kind: 'scopes', decorator: '@requireScopes', scopes })
}
