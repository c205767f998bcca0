import { sha256, toHexadecimal } from '../digest.ts'
import type { StoredToken } from '../token-store.ts'
import { formatToken, generateToken } from './format.ts'
import { checkTerms, type TokenTerms } from './terms.ts'

/** A new token, and what a store keeps of it. */
export interface IssuedToken {
  /** The token as it is sent. It cannot be found out again: what is stored is its hash. */
  readonly token: string
  readonly stored: StoredToken
}

/**
 * Creates a token for your own store. A {@link tokenFile} creates and keeps its tokens itself.
 *
 * @throws {StartupError} `invalid_option`, where the terms are not valid.
 * @example
 * ```ts
 * const { token, stored } = await issueToken({ name: 'billing', expires: Date.now() + 90 * 86_400_000 })
 * await database.insert(stored)
 * ```
 */
export async function issueToken(terms: TokenTerms = {}): Promise<IssuedToken> {
  checkTerms(terms, Date.now())
  const parts = generateToken()
  const token = formatToken(parts)
  const { name, scopes = [], notBefore, expires } = terms
  return {
    token,
    stored: {
      id: parts.id,
      hash: toHexadecimal(await sha256(token)),
      ...(name === undefined ? {} : { name }),
      scopes: [...scopes],
      ...(notBefore === undefined ? {} : { notBefore }),
      ...(expires === undefined ? {} : { expires }),
    },
  }
}
