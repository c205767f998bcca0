import { listChallenges } from '../../auth/challenge.ts'
import type { Logger } from '../../log/logger.ts'
import type { Recorder } from '../../metrics/recorder.ts'
import type { OriginList } from '../../network/origin-list.ts'
import type { Tracing } from '../../tracing/tracing.ts'
import { AccessLog } from '../access-log/access-log.ts'
import { Lifecycle } from '../lifecycle.ts'
import type { EndpointHost } from '../route-host.ts'

/** The parts that a server with several models shares, for requests that concern no single model. */
export interface ServerSurroundings {
  readonly logger: Logger
  readonly tracing?: Tracing | undefined
  readonly recorder?: Recorder | undefined
  readonly origins: OriginList
  /** Whether all of it is for a private network alone. */
  readonly isPrivate: boolean
  /** Settles when every model is set up. */
  ready(): Promise<void>
}

/** The host of those requests. */
export class ServerHost implements EndpointHost {
  readonly logger: Logger
  readonly tracing: Tracing | undefined
  readonly recorder: Recorder | undefined
  readonly origins: OriginList
  readonly isPrivate: boolean
  readonly accessLog: AccessLog
  readonly lifecycle: Lifecycle
  readonly waitsForRequest = false
  /** None of these requests is checked for credentials itself. */
  readonly authenticator: EndpointHost['authenticator'] = { challenges: listChallenges([]) }

  constructor({ logger, tracing, recorder, origins, isPrivate, ready }: ServerSurroundings) {
    this.logger = logger
    this.tracing = tracing
    this.recorder = recorder
    this.origins = origins
    this.isPrivate = isPrivate
    this.accessLog = new AccessLog(logger, 0)
    // The models start and close their engines themselves.
    const engine = { start: ready, close: async () => {} }
    this.lifecycle = new Lifecycle(engine, async () => {})
  }
}
