import type { LifecycleState } from '../app/lifecycle.ts'
import type { Logger } from '../log/logger.ts'
import type { ResolvedServerSettings } from '../options/server-options.ts'
import type { PredictSignature } from '../signature/signature.ts'
import type { Duration } from '../units/quantities.ts'
import type { Servable } from './read-served.ts'
import type { ServeOptions } from './serve-options.ts'

/** The members that servers of one predictor and of several models share. */
export type RunningServer = Omit<PredictorServer, 'signature' | 'replace'>

/** A running server: the result of {@link serve}. */
export interface PredictorServer {
  /** Where it listens, without a slash at the end: `http://127.0.0.1:8000`. */
  readonly url: string
  /** Where it listens for a private network, where it also does for everybody; `url` is then the public one. */
  readonly privateUrl: string | undefined
  /** Where it listens for probes and metrics alone, where `probesListen` is given. */
  readonly probesUrl: string | undefined
  /** Where it answers gRPC, as clients take it: `127.0.0.1:8001`. Undefined where `grpcListen` is not given. */
  readonly grpcAddress: string | undefined
  /** The page to try the predictor, where `page` lets it be shown. It is at {@link url}. */
  readonly pageUrl: string | undefined
  /**
   * Settles when setup has finished. The server listens before: `/livez` answers, and `/predict` says 503.
   *
   * @throws {StartupError} `setup_failed`, `setup_timeout`. The server goes on answering 503 until it is closed.
   */
  readonly ready: Promise<void>
  readonly state: LifecycleState
  /** The signature that is served. */
  readonly signature: PredictSignature
  readonly settings: ResolvedServerSettings
  readonly logger: Logger
  /** Calls the application without a socket. */
  fetch(request: Request): Response | Promise<Response>
  /**
   * Serves another predictor, or the same one of new code, in place of this one: once it is ready, from one request to
   * the next. What has begun is finished by the predictor it was begun with. Settings stay as they are.
   *
   * @throws {StartupError} What kept it from being ready; the server then goes on as it was.
   */
  replace(servable: Servable, options?: ReplaceOptions): Promise<void>
  /** When the certificate expires, or the first that it was issued by. Undefined without TLS. */
  readonly certificateExpires: Date | undefined
  /** Reads the certificate again, for new connections. One that cannot be used is logged, and the old one stays. */
  reloadCertificate(): Promise<void>
  /** `/ready` answers 503 from now on, and every response closes its connection; everything else goes on. */
  drain(): void
  /**
   * Stops listening, lets what has begun finish within the grace period, cancels the rest, closes every connection, and
   * at last runs the predictor's `close()`. A second call shares the first one's end, and may shorten the grace.
   */
  close(options?: CloseOptions): Promise<CloseReport>
}

/** The options that may change with the predictor. An omitted option is not inherited from the previous predictor. */
export interface ReplaceOptions {
  /** The types of predict. Default: what was read when the class was loaded; else what its decorators say. */
  readonly signature?: ServeOptions['signature']
  /** The argument of the constructor, checked against its type. */
  readonly config?: ServeOptions['config']
  /** The model's name, version and path. */
  readonly modelInfo?: ServeOptions['modelInfo']
  /** Where replicas find the predictor. */
  readonly source?: ServeOptions['source']
}

/** Options of {@link PredictorServer.close}. */
export interface CloseOptions {
  /**
   * Time that running calls have to finish, such as `'10s'`; a bare number is milliseconds.
   *
   * @default the server's option `gracePeriod`
   */
  readonly gracePeriod?: Duration | undefined
}

/** How a close went. */
export interface CloseReport {
  /** Exchanges and background tasks that did not finish in time, and were cut off. */
  readonly cut: number
}
