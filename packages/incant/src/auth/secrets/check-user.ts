import { type Digest, equalDigests, sha256 } from '../digest.ts'
import { invalidAuth } from '../invalid-auth.ts'
import { deriveKey, dummyPassword, type HashedPassword, looksHashed, parseHashedPassword } from '../passwords.ts'
import type { AuthHost, Refusal, Verdict } from '../strategy.ts'
import { type LiveSecrets, readSecrets, type SecretsPlan } from './read-secrets.ts'
import { type EnvironmentSecret, type FileSecret, isEnvironmentSecret, isFileSecret } from './secrets.ts'

/**
 * Names and passwords. A password is a text, or a hash that {@link hashPassword} returned. In a variable or a file each
 * line is `name:password`. (So users called `env` or `file` must be listed in a file.)
 */
export type Users = Readonly<Record<string, string>> | EnvironmentSecret | FileSecret

/** Decides about a name and a password. */
export type CheckUser = (name: string, password: string) => Promise<Verdict>

interface User {
  /** SHA-256 of a password that was written out. */
  readonly plain: Digest | Promise<Digest> | undefined
  readonly hashed: HashedPassword | undefined
  /** SHA-256 of the password once it was right: a caller that sends it with each request need not pay each time. */
  accepted: Digest | undefined
}

interface KnownUsers {
  readonly byName: ReadonlyMap<string, User>
  /** The hash that a password is checked against if the name is unknown. */
  readonly nobody: User
  /** The hash that is computed for unknown users. Undefined: there are no hashed passwords. */
  readonly dummy: HashedPassword | undefined
}

const INVALID: Refusal = { refused: 'invalid' }

/**
 * Reads what the option says about users.
 *
 * @throws {StartupError} `invalid_auth`.
 */
export function openUsers(users: unknown, host: AuthHost): CheckUser {
  const live = readUsers(users, host)
  return async (name, password) => checkUser(await live.current(), name, password)
}

function readUsers(users: unknown, host: AuthHost): LiveSecrets<KnownUsers> {
  if (isEnvironmentSecret(users) || isFileSecret(users)) return readSecrets(users, PLAN, host)
  if (typeof users !== 'object' || users === null || Array.isArray(users)) {
    throw invalidAuth(
      `users is ${users === null || users === undefined ? users : `a ${Array.isArray(users) ? 'list' : typeof users}`}`,
      "Set it to names and passwords, { env: 'NAME' } or { file: 'path' }, or use verify or tokenOnly.",
    )
  }
  refuseNameless(users)
  const lines = Object.entries(users).map(([name, password]) =>
    typeof password === 'string' ? `${name}:${password}` : password,
  )
  return readSecrets(lines, PLAN, host)
}

/** With a colon in a name, the rest of the name would become part of the password. */
function refuseNameless(users: object): void {
  const wrong = Object.keys(users).findIndex(name => name === '' || name.includes(':'))
  if (wrong === -1) return
  throw invalidAuth(`users: name ${wrong + 1} is empty or contains a colon`, 'Use another name (RFC 7617 §2).')
}

const PLAN: SecretsPlan<KnownUsers> = {
  option: 'users',
  split: text => text.split(/\r?\n/).filter(line => line.trim() !== ''),
  describeFault(line) {
    const { name, password } = cut(line)
    if (name === '' || !line.includes(':')) return 'is not of the form name:password'
    if (password.trim() === '') return 'has a blank password'
    if (password === 'undefined' || password === 'null') return 'has no password, as an unset variable becomes'
    if (looksHashed(password) && parseHashedPassword(password) === undefined)
      return 'has a hash that is not well formed'
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
    return /[\x00-\x1f\x7f]/.test(line) ? 'has control characters' : undefined
  },
  keep: keepUsers,
}

function cut(line: string): { name: string; password: string } {
  const colon = line.indexOf(':')
  return { name: line.slice(0, Math.max(0, colon)), password: line.slice(colon + 1) }
}

function keepUsers(lines: readonly string[]): KnownUsers {
  const users = lines.map(cut).map(({ name, password }) => ({ name, user: makeUser(password) }))
  const dearest = users.map(({ user }) => user.hashed).find(hashed => hashed !== undefined)
  return {
    byName: new Map(users.map(({ name, user }) => [name, user])),
    nobody: { plain: sha256(''), hashed: undefined, accepted: undefined },
    dummy: dearest === undefined ? undefined : dummyPassword(dearest),
  }
}

function makeUser(password: string): User {
  const hashed = parseHashedPassword(password)
  return { plain: hashed === undefined ? sha256(password) : undefined, hashed, accepted: undefined }
}

const NOTHING: Digest = new Uint8Array(32)

/** Takes as long for a name that is not known as for a wrong password: the same is computed, and then denied. */
async function checkUser(users: KnownUsers, name: string, password: string): Promise<Verdict> {
  const user = users.byName.get(name) ?? users.nobody
  const given = await sha256(password)
  const known = equalDigests(user.accepted ?? NOTHING, given)
  const plain = equalDigests((await user.plain) ?? NOTHING, given)
  const right = known || [plain, await isHashOf(password, user.hashed, users.dummy)].includes(true)
  if (!right || user === users.nobody) return INVALID
  user.accepted = given
  return { id: name }
}

async function isHashOf(
  password: string,
  hashed: HashedPassword | undefined,
  dummy: HashedPassword | undefined,
): Promise<boolean> {
  const computed = hashed ?? dummy
  if (computed === undefined) return false
  const same = equalDigests(computed.hash, await deriveKey(password, computed))
  return same && hashed !== undefined
}
