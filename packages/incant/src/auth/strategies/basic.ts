import { invalidAuth } from '../invalid-auth.ts'
import { type AuthDecorator, decorate } from '../policy/decorator.ts'
import { DEFAULT_REALM, type RealmOption } from '../realm.ts'
import { openTokens } from '../secrets/check-token.ts'
import { openUsers, type Users } from '../secrets/check-user.ts'
import type { Tokens } from '../secrets/secrets.ts'
import { describeTokenFault, isVisibleASCII } from '../secrets/token-fault.ts'
import { toVerdict, type Verify } from '../secrets/verify.ts'
import type { AuthHost, HeaderStrategy, Refusal, Verdict } from '../strategy.ts'
import { credentialsOf } from './authorization.ts'
import { decodeBasic, splitUser } from './basic-credentials.ts'

/** Options of {@link basicAuth}: exactly one of `users`, `verify`, and `tokenOnly` with its `tokens` or `verify`. */
export type BasicAuthOptions = RealmOption &
  (
    | {
        /** Names and their passwords, written out or made by {@link hashPassword}. */
        readonly users: Users
      }
    | {
        /** Decides itself. Only `true` or a principal lets a caller in. */
        readonly verify: Verify<[name: string, password: string]>
      }
    | (TokenOnly & {
        /** The tokens that are accepted: texts, where to read them, or a store. */
        readonly tokens: Tokens
      })
    | (TokenOnly & {
        /** Decides itself. Only `true` or a principal lets a caller in. */
        readonly verify: Verify<[token: string]>
      })
  )

/** {@link basicAuth} with a bare token in place of a name and a password. */
export interface TokenOnly {
  /**
   * Takes a bare token in place of `name:password`, also with the newline that `echo "$TOKEN" | base64` puts behind it.
   * Not what RFC 7617 says: for clients that do it and cannot be changed.
   */
  readonly tokenOnly: true
}

/**
 * Requires a name and a password by HTTP Basic (RFC 7617).
 *
 * @example
 * ```ts
 * @basicAuth({ users: { env: 'API_USERS' } })
 * export default class Predictor extends BasePredictor {}
 * ```
 */
export function basicAuth(options: BasicAuthOptions): AuthDecorator {
  return decorate({ kind: 'strategy', decorator: '@basicAuth', strategy: basicStrategy(options) })
}

/** Decides about what the credentials decode to. */
interface OpenBasic {
  check(text: string): Verdict | Promise<Verdict>
  close(): void | Promise<void>
}

const INVALID: Refusal = { refused: 'invalid' }

function basicStrategy(options: BasicAuthOptions): HeaderStrategy {
  let basic: OpenBasic | undefined
  return {
    name: 'basicAuth',
    reads: 'headers',
    // RFC 7617 has no `error` parameter, so the challenge does not say what was wrong.
    challenge: {
      scheme: 'Basic',
      parameters: { realm: options.realm ?? DEFAULT_REALM, charset: 'UTF-8' },
      tellsError: false,
    },
    security: { type: 'http', scheme: 'basic' },
    guessable: !('tokens' in options),
    open(host) {
      basic = openBasic(options, host)
    },
    authenticate(headers) {
      const credentials = credentialsOf(headers, 'basic')
      if (credentials === undefined) return { refused: 'missing' }
      const text = decodeBasic(credentials)
      if (basic === undefined) throw new Error('the strategy has not been opened')
      return text === undefined ? INVALID : basic.check(text)
    },
    close: () => basic?.close(),
  }
}

function openBasic(options: BasicAuthOptions, host: AuthHost): OpenBasic {
  refuseMixture(options)
  if ('tokenOnly' in options) return openTokenOnly(options, host)
  const checkUser = 'verify' in options ? openVerify(options.verify) : openUsers(options.users, host)
  return {
    check(text) {
      const user = splitUser(text)
      return user === undefined ? INVALID : checkUser(user.name, user.password)
    },
    close() {},
  }
}

function openVerify(verify: Verify<[name: string, password: string]>) {
  return async (name: string, password: string): Promise<Verdict> => toVerdict(await verify(name, password), name)
}

function openTokenOnly(
  options: TokenOnly & ({ tokens: Tokens } | { verify: Verify<[string]> }),
  host: AuthHost,
): OpenBasic {
  const tokens = openTokens(options, describeTokenFault, host)
  return {
    check(text) {
      const token = text.replace(/\r?\n$/, '')
      return isVisibleASCII(token) ? tokens.check(token) : INVALID
    },
    close: () => tokens.close(),
  }
}

/** The types say so already; where they are not looked at, a mixture must not fall to one side by chance. */
function refuseMixture(options: object): void {
  const names = ['users', 'tokens', 'verify'].filter(name => Object.hasOwn(options, name))
  const tokenOnly: unknown = Reflect.get(options, 'tokenOnly')
  if (tokenOnly !== undefined && tokenOnly !== true)
    throw invalidAuth('tokenOnly is not true', 'Set it to true, or leave it out.')
  const allowed = tokenOnly === true ? ['tokens', 'verify'] : ['users', 'verify']
  if (names.length === 1 && names.every(name => allowed.includes(name))) return
  throw invalidAuth(
    `it has ${names.length === 0 ? 'neither users nor verify' : names.join(' and ')}${tokenOnly === true ? ' with tokenOnly' : ''}`,
    `Set ${allowed.join(' or ')}${tokenOnly === true ? '' : '; a bare token needs tokenOnly: true'}.`,
  )
}
