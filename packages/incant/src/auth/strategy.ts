import type { HeaderReader } from '../http/request-source.ts'
import type { ClientCertificate } from '../http/transport.ts'
import type { Logger } from '../log/logger.ts'
import type { SecurityScheme } from '../openapi/document.ts'
import type { Principal } from '../predictor/context.ts'
import type { SecretReader } from './secret-reader.ts'

/**
 * Why a strategy does not let a request in.
 *
 * - `missing`: no credentials, or those of another scheme. 401 with a challenge that names no error.
 * - `invalid`: credentials that are unknown, wrong, expired or revoked; the answer does not say which. 401.
 * - `malformed`: not credentials of this form. 400.
 */
export type RefusalReason = 'missing' | 'invalid' | 'malformed'

/** A strategy's no. */
export interface Refusal {
  readonly refused: RefusalReason
}

/** `WWW-Authenticate`: the form in which callers learn what to send (RFC 9110 §11.6.1). */
export interface Challenge {
  /** A token, such as `Bearer`. */
  readonly scheme: string
  /** Such as `{ realm: 'predict' }`. Visible ASCII and spaces; quotes are escaped. */
  readonly parameters?: Readonly<Record<string, string>>
  /**
   * Whether the scheme says what was wrong, in `error="…"` as RFC 6750 §3 has it.
   *
   * @default true
   */
  readonly tellsError?: boolean
}

/** The environment that a strategy receives when the application is created. */
export interface AuthHost {
  readonly logger: Logger
  /** Reads `{ env }` and `{ file }`. */
  readonly secrets: SecretReader
}

/** The members of every strategy. */
export interface StrategyBase {
  /** For messages and for OpenAPI: `bearerAuth`. Letters, digits, `.`, `-` and `_`. */
  readonly name: string
  readonly challenge: Challenge
  /** The entry in OpenAPI's `components.securitySchemes`. Absent where OpenAPI cannot express it. */
  readonly security?: SecurityScheme | undefined
  /**
   * Whether the secret could be guessed, as a password can. An address with too many failed attempts is then refused
   * without a check of its credentials. Otherwise good ones still pass, so that a caller cannot lock out others behind
   * the same address.
   *
   * @default true
   */
  readonly guessable?: boolean
  /** The authorization servers that issue its tokens, as URLs: clients that can ask them for one are told. */
  readonly issuers?: readonly string[]
  /**
   * Checks the options and reads the secrets, when the application is made.
   *
   * @throws {StartupError} `invalid_auth`: the server does not start.
   */
  open?(host: AuthHost): void
  /**
   * Does in advance what the first call would wait for. The server is ready once that is done, or `authTimeout` has passed;
   * a failure is logged, and left to the calls.
   */
  prepare?(): Promise<void>
  close?(): void | Promise<void>
}

/** A strategy that looks at headers alone, before the body is read. */
export interface HeaderStrategy extends StrategyBase {
  readonly reads: 'headers'
  /**
   * Identifies the caller. If it throws, or returns something that is neither a principal nor a refusal, the answer is
   * a 500; if its promise hangs, a 503.
   */
  authenticate(headers: HeaderReader): Verdict | Promise<Verdict>
}

/** A strategy that looks at one member of the JSON payload. */
export interface PayloadStrategy extends StrategyBase {
  readonly reads: 'payload'
  /** The member's name. It is taken out of the payload before anything else sees it. */
  readonly member: string
  /** As {@link HeaderStrategy.authenticate}. Not asked where the payload has no such member, or one that is no string. */
  authenticate(credentials: string): Verdict | Promise<Verdict>
}

/** A strategy that looks at the connection, on which TLS has authenticated the caller. */
export interface ConnectionStrategy extends StrategyBase {
  readonly reads: 'connection'
  /** As {@link HeaderStrategy.authenticate}. Undefined: the caller has shown no certificate that was verified. */
  authenticate(certificate: ClientCertificate | undefined): Verdict | Promise<Verdict>
}

/** The caller, or the reason for refusing it. */
export type Verdict = Principal | Refusal

/**
 * A way to authenticate callers. {@link auth} turns it into a decorator.
 *
 * @example
 * ```ts
 * const partner: AuthStrategy = {
 *   name: 'partnerAuth',
 *   reads: 'headers',
 *   challenge: { scheme: 'Partner', parameters: { realm: 'predict' } },
 *   async authenticate(headers) {
 *     const badge = headers.get('x-badge')
 *     if (badge === null) return { refused: 'missing' }
 *     return (await findPartner(badge)) ?? { refused: 'invalid' }
 *   },
 * }
 * ```
 */
export type AuthStrategy = HeaderStrategy | PayloadStrategy | ConnectionStrategy
