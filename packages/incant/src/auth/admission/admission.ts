import type { MaybePromise } from '../../async/maybe-promise.ts'
import type { HeaderReader } from '../../http/request-source.ts'
import type { ClientCertificate } from '../../http/transport.ts'
import type { Principal } from '../../predictor/context.ts'

/** Who asks to come in. */
export interface Applicant {
  readonly headers: HeaderReader
  /** The peer's address. Undefined where the runtime does not tell. */
  readonly address: string | undefined
  /** The certificate that TLS has verified. */
  readonly certificate: ClientCertificate | undefined
  /** Told who calls as soon as that is known, for the log: also of a caller who is refused for another reason. */
  identify(principal: Principal): void
}

/** A request whose headers have been looked at. */
export interface Admission {
  /**
   * Looks for credentials in a parsed payload and gives back what is left of it. Absent where nothing reads the payload.
   *
   * @throws {RequestError} as {@link Authenticator.admit}.
   */
  readonly takeCredentials?: ((payload: unknown) => MaybePromise<unknown>) | undefined
  /**
   * The last word before predict is called: who calls, undefined where nothing authenticates.
   *
   * @throws {RequestError} `unauthorized`, where credentials were to come in a payload and there was none.
   */
  complete(): Principal | undefined
}
