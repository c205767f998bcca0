import type { StoredToken } from '../token-store.ts'

/** The entry of a token in a file of tokens. Times are milliseconds since the epoch. */
export interface TokenRecord extends StoredToken {
  readonly created: number
  /** When it was revoked. From then on it is invalid, regardless of its other dates. */
  readonly revoked?: number
  /** The id of the token that it was rotated to. */
  readonly replacedBy?: string
}

/** A token as it is shown: neither the secret nor its hash. */
export type TokenListing = Omit<TokenRecord, 'hash'> & {
  /** When it was last used, to within a minute. Absent: never, or not known. */
  readonly lastUsed?: number
}

/** Where a token is in its life. */
export type TokenState = 'pending' | 'valid' | 'replaced' | 'expired' | 'revoked'

/** `pending`: not yet valid. `replaced`: rotated, and valid until its grace period is over. */
export function tokenState(token: Omit<TokenRecord, 'hash'>, now: number): TokenState {
  if (token.revoked !== undefined) return 'revoked'
  if (token.expires !== undefined && token.expires <= now) return 'expired'
  if (token.replacedBy !== undefined) return 'replaced'
  return token.notBefore !== undefined && token.notBefore > now ? 'pending' : 'valid'
}

/** Whether a token will never be valid again. */
export function hasEnded(token: Omit<TokenRecord, 'hash'>, now: number): boolean {
  return ['expired', 'revoked'].includes(tokenState(token, now))
}
