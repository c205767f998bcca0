import * as v from 'valibot'
import { invalidAuth } from '../invalid-auth.ts'
import type { TokenRecord } from './record.ts'
import { NAME, SCOPE } from './terms.ts'

// Messages of valibot and of JSON.parse quote the input. These never do: it may contain a secret by mistake.
const MEMBERS =
  'must be an object of id, hash, scopes, created and perhaps name, notBefore, expires, revoked, replacedBy'

const text = (form: RegExp, message: string) => v.pipe(v.string(message), v.regex(form, message))
const TIME = 'must be a time in UTC, such as 2027-01-31T00:00:00.000Z'
const time = v.pipe(
  text(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/, TIME),
  v.transform(written => Date.parse(written)),
  v.finite(TIME),
)
const id = text(/^[0-9A-Za-z]{1,64}$/, 'must be letters and digits, 1 to 64')

/** A member that is not known is refused: a misspelt `expires` would make a token that lasts for ever. */
const recordSchema = v.strictObject(
  {
    id,
    hash: text(/^[0-9a-f]{64}$/, 'must be a SHA-256 in 64 hexadecimal digits'),
    name: v.exactOptional(text(NAME, 'must be 1 to 100 visible characters')),
    scopes: v.array(text(SCOPE, 'must be a scope'), 'must be a list of scopes'),
    created: time,
    notBefore: v.exactOptional(time),
    expires: v.exactOptional(time),
    revoked: v.exactOptional(time),
    replacedBy: v.exactOptional(id),
  },
  MEMBERS,
)

const documentSchema = v.strictObject(
  {
    version: v.literal(1, 'must be 1: another version of incant wrote this file'),
    tokens: v.pipe(
      v.array(recordSchema, 'must be a list of tokens'),
      v.check(tokens => new Set(tokens.map(token => token.id)).size === tokens.length, 'must not contain an id twice'),
    ),
  },
  'must be an object of version and tokens',
)

/**
 * Reads the text of a file of tokens.
 *
 * @param path - For messages.
 * @throws {StartupError} `invalid_auth`, with the place of the fault and never with the text there.
 */
export function parseDocument(written: string, path: string): readonly TokenRecord[] {
  const result = v.safeParse(documentSchema, parseJSON(written, path), { abortEarly: true })
  if (result.success) return result.output.tokens
  const [issue] = result.issues
  throw broken(path, `${pointer(issue)} ${issue.message}`)
}

function parseJSON(written: string, path: string): unknown {
  try {
    return JSON.parse(written)
  } catch {
    throw broken(path, written.trim() === '' ? 'it is empty' : 'it is not JSON')
  }
}

/** The place of an issue; a member that should not be there is not named. */
function pointer({ type, path }: v.BaseIssue<unknown>): string {
  const keys = (path ?? []).map(({ key }) => String(key))
  return ['#', ...(type === 'strict_object' ? keys.filter(key => key === 'tokens' || /^\d+$/.test(key)) : keys)].join(
    '/',
  )
}

function broken(path: string, why: string): Error {
  return invalidAuth(
    `${path} is not a token file: ${why}`,
    'Create it with incant token, or see docs/tokens.md for the format.',
  )
}

/** The content of a file with these tokens. */
export function formatDocument(tokens: readonly TokenRecord[]): string {
  return `${JSON.stringify({ version: 1, tokens: tokens.map(formatRecord) }, null, 2)}\n`
}

function formatRecord({ id, name, hash, scopes, created, notBefore, expires, revoked, replacedBy }: TokenRecord) {
  const written = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString())
  const times = { created: written(created), notBefore: written(notBefore), expires: written(expires) }
  return { id, name, hash, scopes, ...times, revoked: written(revoked), replacedBy }
}
