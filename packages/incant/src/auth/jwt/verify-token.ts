import { errors, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose'
import { RequestError } from '../../errors/request-error.ts'
import type { JwtAuthOptions, JwtClaims } from './options.ts'

/** What is asked of a token beside its signature. */
export function planVerification(options: JwtAuthOptions): JWTVerifyOptions {
  const { algorithms, issuer, audience, requireExpiration = true, clockTolerance = 5 } = options
  return {
    algorithms: [...algorithms],
    clockTolerance,
    requiredClaims: requireExpiration ? ['exp'] : [],
    // With either of these jose also requires the claim itself.
    ...(issuer === false ? {} : { issuer: [issuer].flat() }),
    ...(audience === false ? {} : { audience: [audience].flat() }),
  }
}

/**
 * The claims of a token, or undefined where it is not valid. `jku`, `x5u` and `jwk` in its head are never followed: the
 * keys are ours. A `crit` that is not understood refuses it (RFC 7515 §4.1.11).
 *
 * @throws {RequestError} `auth_unavailable`, where the issuer's keys cannot be fetched: that says nothing about the token.
 */
export async function verifyToken(
  token: string,
  keys: readonly JWTVerifyGetKey[],
  plan: JWTVerifyOptions,
): Promise<JwtClaims | undefined> {
  for (const key of keys) {
    try {
      const { payload } = await jwtVerify(token, key, plan)
      return payload
    } catch (error) {
      if (!isOf(error, ANOTHER_KEY)) return refuseError(error)
    }
  }
  return undefined
}

type ErrorClass = abstract new (...parameters: never[]) => Error

/** Another key may still fit. */
const ANOTHER_KEY: readonly ErrorClass[] = [errors.JWSSignatureVerificationFailed, errors.JWKSNoMatchingKey]

/** The token is at fault. */
const INVALID: readonly ErrorClass[] = [
  errors.JWTClaimValidationFailed,
  errors.JWTExpired,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSMultipleMatchingKeys,
]

function isOf(error: unknown, classes: readonly ErrorClass[]): boolean {
  return classes.some(errorClass => error instanceof errorClass)
}

function refuseError(error: unknown): undefined {
  if (isOf(error, INVALID)) return undefined
  throw new RequestError('auth_unavailable', { headers: { 'Retry-After': '5' }, cause: error })
}
