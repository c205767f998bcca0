import { StartupError } from '../../errors/startup-error.ts'
import { fileSystem } from '../../files/node-modules.ts'
import { readRegular } from '../../files/regular-file.ts'
import { type Duration, readDuration } from '../../units/quantities.ts'
import * as changes from './changes.ts'
import { addToken, retireToken, selectForRotation, succeedingTerms, type TokenSelector } from './changes.ts'
import { formatDocument, parseDocument } from './document.ts'
import { describeFileFailure } from './file/failure.ts'
import { changeFile } from './file/replace.ts'
import { issueToken } from './issue.ts'
import { type LastUses, latest, readLastUses } from './last-use.ts'
import type { TokenListing, TokenRecord } from './record.ts'
import type { TokenTerms } from './terms.ts'

/** A token that has just been made. */
export interface CreatedToken extends TokenListing {
  /** The token as it is sent. It cannot be found out again: what is stored is its hash. */
  readonly token: string
}

/** A token that has just been made in place of another. */
export interface RotatedToken extends CreatedToken {
  /** The old one, with the time it is valid until. */
  readonly replaces: TokenListing
}

/** How a token is rotated. */
export interface RotateOptions {
  /**
   * Time for which the old token stays valid, such as `'12h'`; a bare number is milliseconds. It never lasts beyond the
   * token's own expiry.
   *
   * @default '24h'
   */
  readonly grace?: Duration
  /**
   * When the new token ends, in milliseconds since the epoch.
   *
   * @default as long after now as the old one was made for; never, where that had no end
   */
  readonly expires?: number
}

const DAY = 86_400_000

/** Makes a token in a file. */
export async function createToken(path: string, terms: TokenTerms = {}): Promise<CreatedToken> {
  return changeTokens(path, { mayBeMissing: true }, async tokens => {
    const now = Date.now()
    const { token, record } = await issueRecord(terms, now)
    return { tokens: addToken(tokens, record, now), result: { ...withoutHash(record), token } }
  })
}

/** Creates a token that replaces another, which ends after the grace period. */
export async function rotateToken(
  path: string,
  which: TokenSelector,
  { grace: given = DAY, expires }: RotateOptions = {},
): Promise<RotatedToken> {
  const grace = readGrace(given)
  return changeTokens(path, {}, async tokens => {
    const now = Date.now()
    const old = selectForRotation(tokens, which, now)
    const { token, record } = await issueRecord(succeedingTerms(old, now, expires), now)
    const retired = retireToken(tokens, old, { replacedBy: record.id, end: now + grace })
    const replaces = retired.find(({ id }) => id === old.id) ?? old
    const result = { ...withoutHash(record), token, replaces: withoutHash(replaces) }
    return { tokens: addToken(retired, record, now), result }
  })
}

/** Ends tokens at once. */
export async function revokeTokens(path: string, which: readonly TokenSelector[]): Promise<readonly string[]> {
  return changeTokens(path, {}, tokens => {
    const { tokens: left, revoked } = changes.revokeTokens(tokens, which, Date.now())
    return { tokens: left, result: revoked }
  })
}

/** The tokens of a file, with their last uses as far as they are known. */
export async function listTokens(path: string, noted: LastUses): Promise<readonly TokenListing[]> {
  const tokens = parseDocument(await readText(path), path)
  const uses = latest(await readLastUses(path), noted)
  return tokens.map(token => {
    const lastUsed = uses.get(token.id)
    return { ...withoutHash(token), ...(lastUsed === undefined ? {} : { lastUsed }) }
  })
}

interface Changed<Result> {
  readonly tokens: readonly TokenRecord[]
  readonly result: Result
}

async function changeTokens<Result>(
  path: string,
  { mayBeMissing = false }: { readonly mayBeMissing?: boolean },
  change: (tokens: readonly TokenRecord[]) => Changed<Result> | Promise<Changed<Result>>,
): Promise<Result> {
  try {
    if (!mayBeMissing) await fileSystem().promises.stat(path)
    return await changeFile(path, async text => {
      const { tokens, result } = await change(text === undefined ? [] : parseDocument(text, path))
      return { text: formatDocument(tokens), result }
    })
  } catch (thrown) {
    throw describeFileFailure(thrown, path)
  }
}

async function readText(path: string): Promise<string> {
  try {
    return (await readRegular(path)).text
  } catch (thrown) {
    throw describeFileFailure(thrown, path)
  }
}

async function issueRecord(terms: TokenTerms, now: number): Promise<{ token: string; record: TokenRecord }> {
  const { token, stored } = await issueToken(terms)
  return { token, record: { ...stored, created: now } }
}

function withoutHash({ hash: _, ...listing }: TokenRecord): TokenListing {
  return listing
}

function readGrace(given: Duration): number {
  const grace = readDuration(given)
  if (Number.isInteger(grace) && grace !== undefined) return grace
  throw new StartupError({
    code: 'invalid_option',
    found: 'grace is not a duration',
    instead: "Write a duration such as '12h', or whole milliseconds.",
  })
}
