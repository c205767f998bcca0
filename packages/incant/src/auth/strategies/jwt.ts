import type { JWTVerifyOptions } from 'jose'
import { checkJwtOptions } from '../jwt/check-options.ts'
import { type Jose, loadJose } from '../jwt/jose.ts'
import { type JWTKeys, openKeys } from '../jwt/keys.ts'
import type { JWTAuthOptions, JWTClaims } from '../jwt/options.ts'
import { planVerification, verifyToken } from '../jwt/verify-token.ts'
import { type AuthDecorator, decorate } from '../policy/decorator.ts'
import { DEFAULT_REALM } from '../realm.ts'
import { isToken68 } from '../secrets/token-fault.ts'
import { toVerdict } from '../secrets/verify.ts'
import type { HeaderStrategy, Verdict } from '../strategy.ts'
import { credentialsOf } from './authorization.ts'

/** Characters a JWT may have: more than other tokens, and still small enough for the header section. */
const MAXIMUM_LENGTH = 8192

/**
 * Requires a signed JSON Web Token in `Authorization: Bearer …` (RFC 7519, RFC 8725).
 *
 * @example
 * ```ts
 * @jwtAuth({
 *   jwks: 'https://issuer.example/.well-known/jwks.json',
 *   algorithms: ['RS256'],
 *   issuer: 'https://issuer.example/',
 *   audience: 'language-id',
 * })
 * export default class Predictor extends BasePredictor {}
 * ```
 */
export function jwtAuth(options: JWTAuthOptions): AuthDecorator {
  return decorate({ kind: 'strategy', decorator: '@jwtAuth', strategy: jwtStrategy(options) })
}

function jwtStrategy(options: JWTAuthOptions): HeaderStrategy {
  let open: { readonly keys: JWTKeys; readonly plan: JWTVerifyOptions; readonly jose: Promise<Jose> } | undefined
  return {
    name: 'jwtAuth',
    reads: 'headers',
    challenge: { scheme: 'Bearer', parameters: { realm: options.realm ?? DEFAULT_REALM } },
    security: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
    guessable: false,
    issuers: listIssuers(options),
    open(host) {
      checkJwtOptions(options)
      const keys = openKeys(options, host)
      open = { keys, plan: planVerification(options), jose: loadJose() }
      // The rejection reaches the code that awaits it.
      open.jose.catch(() => {})
    },
    async prepare() {
      if (open === undefined) return
      // An unsigned token goes the whole way: to the library, the keys and the check of a signature.
      await verifyToken(unsignedToken(options.algorithms), {
        ...open,
        keys: await open.keys.current(),
        jose: await open.jose,
      })
    },
    async authenticate(headers) {
      const token = credentialsOf(headers, 'bearer')
      if (token === undefined) return { refused: 'missing' }
      if (token.length > MAXIMUM_LENGTH || !isToken68(token)) return { refused: 'malformed' }
      if (open === undefined) throw new Error('the strategy has not been opened')
      const keys = await open.keys.current()
      const claims = await verifyToken(token, { keys, plan: open.plan, jose: await open.jose })
      return claims === undefined ? { refused: 'invalid' } : judgeClaims(claims, options)
    },
  }
}

/** Those that a client can look up: an issuer can also be a mere name. */
function listIssuers({ issuer }: JWTAuthOptions): readonly string[] {
  const issuers = issuer === false ? [] : [issuer].flat()
  return issuers.filter(each => URL.canParse(each))
}

function unsignedToken([algorithm]: JWTAuthOptions['algorithms']): string {
  return [JSON.stringify({ alg: algorithm }), '{}', '-'].map(part => btoa(part).replace(/=+$/, '')).join('.')
}

async function judgeClaims(claims: JWTClaims, { verify }: JWTAuthOptions): Promise<Verdict> {
  const { sub } = claims
  if (verify !== undefined) return toVerdict(await verify(claims), sub ?? 'jwt')
  if (typeof sub !== 'string' || sub === '') return { refused: 'invalid' }
  return { id: sub, scopes: scopesOf(claims) }
}

/** `scope` is a text of scopes parted by spaces (RFC 8693 §4.2); some issuers write `scp`, a list or such a text. */
function scopesOf({ scope, scp }: JWTClaims): readonly string[] {
  const given = scope ?? scp
  if (typeof given === 'string') return given.split(' ').filter(part => part !== '')
  return Array.isArray(given) ? given.filter(part => typeof part === 'string') : []
}
