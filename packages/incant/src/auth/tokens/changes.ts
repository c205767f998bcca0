import { StartupError } from '../../errors/startup-error.ts'
import { parseToken } from './format.ts'
import { hasEnded, type TokenRecord } from './record.ts'
import type { TokenTerms } from './terms.ts'

/** Which token is meant: the one with this id, or those with this name. */
export type TokenSelector =
  | {
      /** The id of a token, such as `7Gk2…`: the part between the two underscores. */
      readonly id: string
    }
  | {
      /** The name that a token was created with. */
      readonly name: string
    }

type Tokens = readonly TokenRecord[]

/** How long a token that has ended is still listed. */
const REMEMBERED = 90 * 86_400_000

/** Adds a token, and forgets those that ended long ago. */
export function addToken(tokens: Tokens, added: TokenRecord, now: number): Tokens {
  if (tokens.some(({ id }) => id === added.id)) throw new Error(`the id ${added.id} was made twice`)
  return [...tokens.filter(token => !endedLongAgo(token, now)), added]
}

function endedLongAgo({ revoked, expires }: TokenRecord, now: number): boolean {
  return Math.min(revoked ?? Number.POSITIVE_INFINITY, expires ?? Number.POSITIVE_INFINITY) < now - REMEMBERED
}

/**
 * The one token that can be rotated: by name, the one that was not rotated already.
 *
 * @throws {StartupError} `invalid_option`.
 */
export function selectForRotation(tokens: Tokens, selector: TokenSelector, now: number): TokenRecord {
  const found = selectTokens(tokens, selector)
  const [chosen, ...others] = found.filter(token => !hasEnded(token, now) && token.replacedBy === undefined)
  if (others.length > 0) {
    const ids = [chosen, ...others].map(token => token?.id)
    throw refusal(`${ids.length} valid tokens have this name: ${ids.join(', ')}`, 'Say which one by its id.')
  }
  if (chosen !== undefined) return chosen
  const replacement = found.find(token => !hasEnded(token, now))?.replacedBy
  throw replacement === undefined
    ? refusal(`the token ${describe(selector)} has ended`, 'Create a new one: incant token create.')
    : refusal(`the token ${describe(selector)} was already rotated, to ${replacement}`, 'Rotate that one.')
}

/** The terms of the token that follows another: the same name and scopes, and as long a life from now on. */
export function succeedingTerms(old: TokenRecord, now: number, expires: number | undefined): TokenTerms {
  const start = Math.max(now, old.notBefore ?? now)
  const life = old.expires === undefined ? undefined : old.expires - (old.notBefore ?? old.created)
  const end = expires ?? (life === undefined ? undefined : start + life)
  return {
    ...(old.name === undefined ? {} : { name: old.name }),
    scopes: old.scopes,
    ...(start > now ? { notBefore: start } : {}),
    ...(end === undefined ? {} : { expires: end }),
  }
}

/** How a token ends that another replaces. */
export interface Retirement {
  /** The id of the token that replaces it. */
  readonly replacedBy: string
  /** When it ends at the latest, in milliseconds since the epoch. */
  readonly end: number
}

/** Lets a token end, at the latest at a time, in favour of another. */
export function retireToken(tokens: Tokens, retired: TokenRecord, { replacedBy, end }: Retirement): Tokens {
  const expires = Math.min(retired.expires ?? end, end)
  return tokens.map(token => (token.id === retired.id ? { ...token, replacedBy, expires } : token))
}

/**
 * Revokes tokens at once: a name selects all tokens of that name, also rotated ones. Tokens that have ended already
 * stay as they are.
 *
 * @throws {StartupError} `invalid_option`, where no token matches.
 */
export function revokeTokens(
  tokens: Tokens,
  selectors: readonly TokenSelector[],
  now: number,
): { readonly tokens: Tokens; readonly revoked: readonly string[] } {
  const selected = new Set(selectors.flatMap(selector => selectTokens(tokens, selector)))
  const ended = new Set([...selected].filter(token => token.revoked === undefined))
  return {
    tokens: tokens.map(token => (ended.has(token) ? { ...token, revoked: now } : token)),
    revoked: [...selected].map(({ id }) => id),
  }
}

/** @throws {StartupError} `invalid_option`, where no token matches. */
function selectTokens(tokens: Tokens, selector: TokenSelector): Tokens {
  const found = tokens.filter(({ id, name }) => ('id' in selector ? id === selector.id : name === selector.name))
  if (found.length > 0) return found
  const whole = 'id' in selector ? parseToken(selector.id) : undefined
  if (whole === undefined) throw refusal(`there is no token ${describe(selector)}`, 'incant token list shows them all.')
  throw refusal(
    'a whole token was given instead of its id',
    `Its id is ${whole.id}. The token has been exposed: revoke it.`,
  )
}

/** Never more of the input than could be an id: it may be a secret by mistake. */
function describe(selector: TokenSelector): string {
  if ('name' in selector) return `named ${JSON.stringify(selector.name)}`
  return /^[0-9A-Za-z]{1,16}$/.test(selector.id) ? selector.id : 'with an id of this form'
}

function refusal(found: string, instead: string): StartupError {
  return new StartupError({ code: 'invalid_option', found, instead })
}
