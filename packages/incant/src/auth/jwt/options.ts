import type { JWTPayload } from 'jose'
import type { Duration } from '../../units/quantities.ts'
import type { RealmOption } from '../realm.ts'
import type { Secrets } from '../secrets/secrets.ts'
import type { Verify } from '../secrets/verify.ts'

/** Signatures that are taken; never `none` (RFC 7518 §3.1, RFC 8037, RFC 9864). */
export type JWTAlgorithm =
  | 'HS256'
  | 'HS384'
  | 'HS512'
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA'
  | 'Ed25519'

/** The claims of a token whose signature is verified. */
export type JWTClaims = JWTPayload

/** Options of {@link jwtAuth} beside where the key is. */
export interface JWTCheckOptions extends RealmOption {
  /** The algorithms that are taken. What a token says of itself only chooses among them. */
  readonly algorithms: readonly JWTAlgorithm[]
  /** The required issuer of the token (`iss`). `false`: any issuer with the key. */
  readonly issuer: string | readonly string[] | false
  /** The required audience of the token (`aud`). `false`: any, so that a token for another service is accepted too. */
  readonly audience: string | readonly string[] | false
  /**
   * Whether a token must say when it ends (`exp`). One that says so is refused after that in any case.
   *
   * @default true
   */
  readonly requireExpiration?: boolean
  /**
   * Time that clocks may differ by, such as `'5s'`, at most `'5m'`; a bare number is milliseconds.
   *
   * @default '5s'
   */
  readonly clockTolerance?: Duration
  /**
   * Looks at the claims of a token that is valid. Only `true` or a principal lets a caller in. Without it the principal is
   * `sub`, which must be there, with the scopes of `scope` (RFC 8693 §4.2) or `scp`.
   */
  readonly verify?: Verify<[claims: JWTClaims]>
}

/** Where the key is: exactly one of them. */
export type JWTKeyOptions =
  | {
      /** For `HS…`: at least as many bytes as the hash has, 32 for HS256 (RFC 7518 §3.2). Several are valid at once. */
      readonly secret: Secrets
    }
  | {
      /** For all others: public keys in PEM (`BEGIN PUBLIC KEY`). Several are valid at once. */
      readonly publicKey: Secrets
    }
  | {
      /**
       * For all others: where the issuer publishes its keys, an `https:` URL (`http:` on this machine only). They are kept
       * for ten minutes, and fetched again, every 30 s at most, when a token names a key that is not known.
       */
      readonly jwks: string | URL
    }

/** Options of {@link jwtAuth}. */
export type JWTAuthOptions = JWTCheckOptions & JWTKeyOptions
