import type { MaybePromise } from '../async/maybe-promise.ts'
import type { Authenticator } from '../auth/admission/authenticator.ts'
import type { Engine, PredictCall } from '../engine/engine.ts'
import type { ModelCall } from '../engine/model-call.ts'
import type { Face } from '../faces/face.ts'
import type { FaceSubject } from '../faces/fit.ts'
import type { JobsOfModel } from '../faces/jobs-of-model.ts'
import type { Answer } from '../http/answer.ts'
import type { DocumentReader } from '../http/document-reader.ts'
import type { PredictAnswer } from '../http/predict-io.ts'
import type { Logger } from '../log/logger.ts'
import type { Recorder } from '../metrics/recorder.ts'
import type { OriginList } from '../network/origin-list.ts'
import type { ResolvedAppSettings } from '../options/app-options.ts'
import type { ModelInfo } from '../predictor/model-info.ts'
import type { ResolvedSignature } from '../signature/resolve.ts'
import type { Tracing } from '../tracing/tracing.ts'
import type { AccessLog } from './access-log/access-log.ts'
import type { Exchange, ExchangeHost } from './exchange.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { MetricsPage } from './metrics-route.ts'
import type { Playground } from './playground-route.ts'

/** The dependencies of every endpoint, including those without a predictor. */
export interface EndpointHost extends ExchangeHost {
  /** Whether the predictor has `@privateNetwork`. */
  readonly isPrivate: boolean
  /** What answers tell callers about credentials. */
  readonly authenticator: Pick<Authenticator, 'challenges'>
  /** Web pages that may call beside those of the same origin. */
  readonly origins: OriginList
  /** Whether the first request starts the predictor, and waits for it. */
  readonly waitsForRequest: boolean
  readonly lifecycle: Pick<Lifecycle, 'begin' | 'end' | 'state' | 'isStarted' | 'ready'>
}

/** The dependencies of the routes. */
export interface RouteHost extends ResolvedSignature, EndpointHost {
  readonly modelInfo: ModelInfo
  /** The model as protocols beside `/predict` know it. */
  readonly subject: FaceSubject
  /** Those protocols that it fits, and is to answer on. */
  readonly faces: readonly Face[]
  readonly settings: ResolvedAppSettings
  readonly authenticator: Authenticator
  readonly engine: Engine
  /** Calls another model of the server for a call of this one. Undefined: there is none. */
  readonly callModel: ((call: PredictCall, asked: ModelCall) => Promise<PredictAnswer>) | undefined
  /** Reads large payloads; undefined: they are read as all others. */
  readonly reader: DocumentReader | undefined
  /** Reads large bodies of other protocols; undefined: they are read as all others. */
  readonly plainReader: DocumentReader | undefined
  /** Its jobs, where it answers on the protocol `jobs`. */
  readonly jobs: { readonly service: JobsOfModel } | undefined
  readonly lifecycle: Lifecycle
  readonly logger: Logger
  readonly accessLog: AccessLog
  /** Undefined: nothing is traced. */
  readonly tracing: Tracing | undefined
  readonly recorder: Recorder | undefined
  readonly metricsPage: MetricsPage | undefined
  readonly playground: Playground | undefined
  /** Answers `POST /predict`. */
  predict(exchange: Exchange): MaybePromise<Answer | Response>
}
