import type { CallLogger } from '../log/logger.ts'
import type { ModelInfo } from './model-info.ts'
import type { Models } from './models.ts'

/** The caller, as authentication found it. */
export interface Principal {
  /** Stable and not secret: what logs show. */
  readonly id: string
  readonly name?: string
  readonly scopes?: readonly string[]
}

/** Where a call comes from. */
export interface ClientInfo {
  /** The address of the peer. Undefined where the runtime does not expose it. */
  readonly address: string | undefined
}

/**
 * What predict may know of its call beside the payload. A parameter of this type gets it.
 *
 * @example
 * ```ts
 * async predict(payload: Passage, context: PredictContext) {
 *   return fetch(this.remote, { method: 'POST', body: payload.text, signal: context.signal })
 * }
 * ```
 */
export interface PredictContext {
  /** The `X-Request-Id` of the response. */
  readonly requestId: string
  /** Aborted when the caller leaves, the deadline passes or the server stops. */
  readonly signal: AbortSignal
  /** When the answer is due. */
  readonly deadline: Date
  /** The caller. Undefined without authentication. */
  readonly principal: Principal | undefined
  /** Where the call comes from. */
  readonly client: ClientInfo
  /** Writes to the server's log under the request id: `log.info('identified', { language })`. The caller of a job sees its lines. */
  readonly log: CallLogger
  /** The name, version and path of the model. */
  readonly modelInfo: ModelInfo
  /** The other models of the server. */
  readonly models: Models
}
