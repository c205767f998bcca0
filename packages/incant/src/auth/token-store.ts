import type { Logger } from '../log/logger.ts'

/** One token as a store knows it: everything but the secret. */
export interface StoredToken {
  /** The part of the token that is not secret. Logs and `context.principal.id` show it. */
  readonly id: string
  /** SHA-256 of the whole token as it is sent, 64 hexadecimal digits in lower case. */
  readonly hash: string
  readonly name?: string
  readonly scopes: readonly string[]
  /** The token is not valid before this time, in milliseconds since the epoch. */
  readonly notBefore?: number
  /** The token is not valid from this time on, in milliseconds since the epoch. */
  readonly expires?: number
}

/** The environment that a store receives when the application is created. */
export interface TokenStoreHost {
  /** Where a store reports that a change could not be used and the former tokens stay. */
  readonly logger: Logger
}

/**
 * Where tokens of the form `inc_<id>_<secret>` are kept: a JSON file, a database, a secret manager. It never sees a
 * secret: it looks up an id, and the caller compares hashes and dates. So a store need not, and must not, decide
 * whether a token is valid.
 *
 * A store keeps itself up to date: the result of {@link find} is at most a second old, and a change it cannot read is
 * ignored. It may be shared by several predictors; `open` and `close` are then called once for each.
 *
 * @example
 * ```ts
 * const store: TokenStore = { find: id => database.token(id) }
 * ```
 */
export interface TokenStore {
  /**
   * Reads the tokens for the first time. A throw stops the start.
   *
   * @throws {StartupError} `invalid_auth`, where they cannot be read.
   */
  open?(host: TokenStoreHost): void
  /** The token with this id, expired ones included. If it throws, the answer is a 500; if its promise hangs, a 503. */
  find(id: string): StoredToken | undefined | Promise<StoredToken | undefined>
  /** Notes that a valid token was used, at a time in milliseconds since the epoch. Called for each request: be cheap. */
  touch?(id: string, at: number): void
  /** Releases what `open` took, and writes what `touch` has noted. */
  close?(): void | Promise<void>
}

/** Whether a value is a store, and not one of the other ways to say where secrets come from. */
export function isTokenStore(value: unknown): value is TokenStore {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return 'find' in value && typeof value.find === 'function'
}
