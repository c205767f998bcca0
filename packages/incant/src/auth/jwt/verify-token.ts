import type { JWTVerifyOptions } from 'jose'
import { RequestError } from '../../errors/request-error.ts'
import { readDuration } from '../../units/quantities.ts'
import type { Jose } from './jose.ts'
import type { KeyFinder } from './keys.ts'
import type { JWTAuthOptions, JWTClaims } from './options.ts'

/** Plans the checks of a token's claims. */
export function planVerification(options: JWTAuthOptions): JWTVerifyOptions {
  const { algorithms, issuer, audience, requireExpiration = true, clockTolerance = '5s' } = options
  return {
    algorithms: [...algorithms],
    // jose counts in seconds. The options were checked when the server started.
    clockTolerance: (readDuration(clockTolerance) ?? 0) / 1000,
    requiredClaims: requireExpiration ? ['exp'] : [],
    // With either of these jose also requires the claim itself.
    ...(issuer === false ? {} : { issuer: [issuer].flat() }),
    ...(audience === false ? {} : { audience: [audience].flat() }),
  }
}

/** The keys and rules for verifying a token. */
export interface TokenCheck {
  readonly keys: readonly KeyFinder[]
  readonly plan: JWTVerifyOptions
  readonly jose: Jose
}

/**
 * The claims of a token, or undefined where it is not valid. `jku`, `x5u` and `jwk` in its head are never followed: the
 * keys are ours. A `crit` that is not understood refuses it (RFC 7515 §4.1.11).
 *
 * @throws {RequestError} `auth_unavailable`, where the issuer's keys cannot be fetched: that says nothing about the token.
 */
export async function verifyToken(token: string, { keys, plan, jose }: TokenCheck): Promise<JWTClaims | undefined> {
  for (const findKey of keys) {
    try {
      const { payload } = await jose.jwtVerify(token, findKey(jose), plan)
      return payload
    } catch (error) {
      if (!isOf(error, ANOTHER_KEY, jose)) return refuseError(error, jose)
    }
  }
  return undefined
}

type ErrorName = keyof Jose['errors']

/** Another key may still fit. */
const ANOTHER_KEY: readonly ErrorName[] = ['JWSSignatureVerificationFailed', 'JWKSNoMatchingKey']

/** The token is at fault. */
const INVALID: readonly ErrorName[] = [
  'JWTClaimValidationFailed',
  'JWTExpired',
  'JWTInvalid',
  'JWSInvalid',
  'JOSEAlgNotAllowed',
  'JOSENotSupported',
  'JWKSMultipleMatchingKeys',
]

function isOf(error: unknown, names: readonly ErrorName[], { errors }: Jose): boolean {
  return names.some(name => error instanceof errors[name])
}

function refuseError(error: unknown, jose: Jose): undefined {
  if (isOf(error, INVALID, jose)) return undefined
  throw new RequestError('auth_unavailable', { headers: { 'Retry-After': '5' }, cause: error })
}
