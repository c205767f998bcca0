import type { MaybePromise } from '../../async/maybe-promise.ts'
import type { HeaderReader } from '../../http/request-source.ts'
import type { ClientCertificate } from '../../http/transport.ts'
import type { Principal } from '../../predictor/context.ts'

/** The caller to be admitted. */
export interface Applicant {
  readonly headers: HeaderReader
  /** The peer's address. Undefined where the runtime does not expose it. */
  readonly address: string | undefined
  /** The certificate that TLS has verified. */
  readonly certificate: ClientCertificate | undefined
  /**
   * Called with the principal as soon as it is known, for the log: also where the caller is refused for another reason.
   */
  identify(principal: Principal): void
}

/** A request whose headers have been looked at. */
export interface Admission {
  /**
   * Looks for credentials in a parsed payload and returns the rest of it. Absent where nothing reads the payload.
   *
   * @throws {RequestError} as {@link Authenticator.admit}.
   */
  readonly takeCredentials?: ((payload: unknown) => MaybePromise<unknown>) | undefined
  /**
   * The last step before predict is called. Returns the caller, or undefined where nothing authenticates.
   *
   * @throws {RequestError} `unauthorized`, where the payload should contain credentials and there is no payload.
   */
  complete(): Principal | undefined
}
