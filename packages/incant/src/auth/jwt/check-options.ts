import { readDuration } from '../../units/quantities.ts'
import { invalidAuth } from '../invalid-auth.ts'
import type { JWTAlgorithm, JWTAuthOptions } from './options.ts'

const SYMMETRIC: readonly string[] = ['HS256', 'HS384', 'HS512'] satisfies JWTAlgorithm[]

const ASYMMETRIC: readonly string[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] satisfies JWTAlgorithm[]

/**
 * Refuses options that would take what they should not.
 *
 * @throws {StartupError} `invalid_auth`.
 */
export function checkJwtOptions(options: JWTAuthOptions): void {
  refuseKeys(options)
  refuseAlgorithms(options)
  refuseExpectation('issuer', options.issuer)
  refuseExpectation('audience', options.audience)
  const clockTolerance = readDuration(options.clockTolerance ?? 0)
  if (clockTolerance !== undefined && clockTolerance <= 300_000) return
  throw invalidAuth('clockTolerance is not a duration of at most 5m', "Write a few seconds, such as '5s'.")
}

function refuseKeys(options: JWTAuthOptions): void {
  const names = ['secret', 'publicKey', 'jwks'].filter(name => Object.hasOwn(options, name))
  if (names.length === 1) return
  throw invalidAuth(
    `it has ${names.length === 0 ? 'no key' : names.join(' and ')}`,
    'Set exactly one of secret, publicKey and jwks.',
  )
}

/** A public key used as the secret of an HMAC would accept anyone with access to it: the two never go together. */
function refuseAlgorithms(options: JWTAuthOptions): void {
  const { algorithms } = options
  const fitting = 'secret' in options ? SYMMETRIC : ASYMMETRIC
  const wrong = Array.isArray(algorithms) ? algorithms.find(name => !fitting.includes(name)) : undefined
  if (Array.isArray(algorithms) && algorithms.length > 0 && wrong === undefined) return
  throw invalidAuth(
    wrong === undefined
      ? 'algorithms is not a list with at least one name'
      : `the algorithm ${String(wrong)} does not fit its key`,
    `List the algorithms that sign its tokens: ${fitting.join(', ')}.`,
  )
}

function refuseExpectation(name: 'issuer' | 'audience', given: unknown): void {
  if (given === false) return
  const texts: readonly unknown[] = Array.isArray(given) ? given : [given]
  if (texts.length > 0 && texts.every(text => typeof text === 'string' && text.trim() !== '')) return
  throw invalidAuth(
    `${name} is ${given === undefined ? 'not given' : 'neither a string nor a list of strings'}`,
    `Write the ${name} that tokens must have, or ${name}: false to take any.`,
  )
}
