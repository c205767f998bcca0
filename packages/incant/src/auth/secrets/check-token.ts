import { chain, type MaybePromise } from '../../async/maybe-promise.ts'
import type { Principal } from '../../predictor/context.ts'
import { type Digest, equalDigests, sha256 } from '../digest.ts'
import { invalidAuth } from '../invalid-auth.ts'
import type { AuthHost, Refusal, Verdict } from '../strategy.ts'
import { isTokenStore, type StoredToken, type TokenStore } from '../token-store.ts'
import { readSecrets } from './read-secrets.ts'
import type { Tokens } from './secrets.ts'
import { tokenId } from './token-id.ts'
import { toVerdict, type Verify } from './verify.ts'

/** The two ways to say which tokens are good. Exactly one of them. */
export interface TokenOptions {
  /** The tokens, or where they are. */
  readonly tokens?: Tokens
  /**
   * Decides itself. Only `true` or a principal lets a caller in; `false` or `undefined` do not; a throw is a 500, anything
   * else, too. It takes no longer than the option `authTimeout`.
   */
  readonly verify?: Verify<[token: string]>
}

/** Decides about one token as it was sent, well formed and of a fair length. */
export type CheckToken = (token: string) => Verdict | Promise<Verdict>

const INVALID: Refusal = { refused: 'invalid' }

/** The result of {@link openTokens}. */
export interface OpenTokens {
  readonly check: CheckToken
  close(): void | Promise<void>
}

/**
 * Reads what the options say about tokens.
 *
 * @param describeFault - What is wrong with a token, for the scheme that carries it.
 * @throws {StartupError} `invalid_auth`.
 */
export function openTokens(
  options: TokenOptions,
  describeFault: (token: string) => string | undefined,
  host: AuthHost,
): OpenTokens {
  const { tokens, verify } = options
  if (verify !== undefined && Object.hasOwn(options, 'tokens')) {
    throw invalidAuth('it has tokens and verify', 'Remove one of them: each decides alone.')
  }
  if (verify !== undefined) return { check: async token => toVerdict(await verify(token), 'verify'), close: () => {} }
  if (isTokenStore(tokens)) return openStore(tokens, host)
  const live = readSecrets(tokens, { option: 'tokens', describeFault, keep: keepTokens }, host)
  return { check: token => chain(live.current(), known => checkAgainst(known, token)), close: () => {} }
}

interface KnownToken {
  readonly digest: Digest | Promise<Digest>
  readonly principal: Principal
}

function keepTokens(tokens: readonly string[]): readonly KnownToken[] {
  return tokens.map((token, index) => ({
    digest: sha256(token),
    principal: Object.freeze({ id: `token-${index + 1}` }),
  }))
}

function checkAgainst(known: readonly KnownToken[], token: string): Verdict | Promise<Verdict> {
  const given = sha256(token)
  if (given instanceof Promise) return checkSlowly(known, given)
  return findToken(known, given) ?? INVALID
}

/** Compares with all of them, found or not, so that the time does not reveal which one matched. */
function findToken(known: readonly KnownToken[], given: Digest): Principal | undefined {
  let found: Principal | undefined
  for (const { digest, principal } of known) {
    if (!(digest instanceof Promise) && equalDigests(digest, given)) found = principal
  }
  return found
}

async function checkSlowly(known: readonly KnownToken[], given: Promise<Digest>): Promise<Verdict> {
  const resolved = await Promise.all(known.map(async ({ digest, principal }) => ({ digest: await digest, principal })))
  return findToken(resolved, await given) ?? INVALID
}

function openStore(store: TokenStore, host: AuthHost): OpenTokens {
  store.open?.({ logger: host.logger })
  return { check: token => checkStored(store, token), close: () => store.close?.() }
}

function checkStored(store: TokenStore, token: string): MaybePromise<Verdict> {
  const id = tokenId(token)
  return chain(store.find(id ?? ''), stored =>
    chain(sha256(token), given => {
      const same = equalDigests(stored === undefined ? UNKNOWN : digestOf(stored), given)
      const now = Date.now()
      if (stored === undefined || !same || stored.id !== id || !isInTime(stored, now)) return INVALID
      store.touch?.(stored.id, now)
      return { id: stored.id, ...(stored.name === undefined ? {} : { name: stored.name }), scopes: stored.scopes }
    }),
  )
}

/** Compared with where a token is unknown: no token has this hash. */
const UNKNOWN: Digest = new Uint8Array(32)

/** A store gives the same token again and again; one that changes what it gave is still believed. */
const digests = new WeakMap<StoredToken, { readonly hash: string; readonly digest: Digest }>()

function digestOf(stored: StoredToken): Digest {
  const { hash } = stored
  const known = digests.get(stored)
  if (known?.hash === hash) return known.digest
  const digest = parseHash(hash)
  digests.set(stored, { hash, digest })
  return digest
}

function parseHash(hash: string): Digest {
  const pairs = /^[0-9a-f]{64}$/.test(hash) ? (hash.match(/../g) ?? []) : []
  return pairs.length === 0 ? UNKNOWN : Uint8Array.from(pairs, pair => Number.parseInt(pair, 16))
}

function isInTime({ notBefore, expires }: StoredToken, now: number): boolean {
  return (notBefore === undefined || notBefore <= now) && (expires === undefined || now < expires)
}
