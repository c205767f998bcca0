import { nodeCrypto } from './digest.ts'
import { invalidAuth } from './invalid-auth.ts'

/** The cost of a scrypt hash (RFC 7914): `N` is 2 to the power of `ln`. */
export interface PasswordCost {
  readonly ln: number
  readonly r: number
  readonly p: number
}

/** A password that is kept as a scrypt hash. */
export interface HashedPassword extends PasswordCost {
  readonly salt: Uint8Array
  readonly hash: Uint8Array
}

/** 16 MiB and some 0.2 s of one core. */
const COST: PasswordCost = { ln: 14, r: 8, p: 5 }
const FORM = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22,86})\$([A-Za-z0-9+/]{43})$/

/**
 * Hashes a password for the option `users` of {@link basicAuth}, with a random salt.
 *
 * @example
 * ```ts
 * console.log(`till:${await hashPassword(process.env.PASSWORD)}`) // a line of the file of users
 * ```
 * @returns `$scrypt$ln=14,r=8,p=5$<salt>$<hash>`
 * @throws {StartupError} `invalid_auth`, in a runtime that has no scrypt.
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const hash = await deriveKey(password, { ...COST, salt })
  return `$scrypt$ln=${COST.ln},r=${COST.r},p=${COST.p}$${toBase64(salt)}$${toBase64(hash)}`
}

/** Whether a text is meant to be a hash, well formed or not. */
export function looksHashed(text: string): boolean {
  return text.startsWith('$scrypt$')
}

/** Reads a hash. Undefined: it is not well formed, or would cost more than a server should spend. */
export function parseHashedPassword(text: string): HashedPassword | undefined {
  const [, ln, r, p, salt = '', hash = ''] = FORM.exec(text) ?? []
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) }
  if (!(cost.ln >= 10 && cost.ln <= 20 && cost.r >= 1 && cost.p >= 1 && memoryOf(cost) <= MAXIMUM_MEMORY))
    return undefined
  return { ...cost, salt: fromBase64(salt), hash: fromBase64(hash) }
}

const MAXIMUM_MEMORY = 256 * 1024 ** 2

function memoryOf({ ln, r }: PasswordCost): number {
  return 128 * 2 ** ln * r
}

/** A hash that no password has, for users that do not exist: they take as long as those that do. */
export function dummyPassword(like: PasswordCost): HashedPassword {
  return { ...like, salt: new Uint8Array(16), hash: new Uint8Array(32) }
}

/** The scrypt key of a password, 32 bytes, computed beside the event loop. */
export function deriveKey(
  password: string,
  { ln, r, p, salt }: PasswordCost & { readonly salt: Uint8Array },
): Promise<Uint8Array> {
  if (nodeCrypto === undefined) {
    throw invalidAuth(
      'this runtime has no scrypt, which hashed passwords require',
      "Use a verify function, or turn on the runtime's Node mode.",
    )
  }
  const { scrypt } = nodeCrypto
  const options = { N: 2 ** ln, r, p, maxmem: 2 * memoryOf({ ln, r, p }) + 1024 * 1024 * p }
  return new Promise((resolve, reject) => {
    scrypt(password, salt, 32, options, (error, key) => (error === null ? resolve(key) : reject(error)))
  })
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll('=', '')
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), character => character.charCodeAt(0))
}
