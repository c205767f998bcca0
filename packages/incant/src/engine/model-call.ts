import type { PredictAnswer } from '../http/predict-io.ts'
import type { TraceCarrier } from '../tracing/tracing.ts'

/** A call of another model of the same server. */
export interface ModelCall {
  /** The name of the model, with or without a version. */
  readonly model: string
  /** As a request would bring it. Undefined: no payload. */
  readonly body: ModelCallBody | undefined
  /** The trace that it goes on with. */
  readonly trace: TraceCarrier | undefined
}

/** A payload as it would be sent. */
export interface ModelCallBody {
  /** Its content type. */
  readonly type: string
  readonly bytes: Uint8Array
}

/**
 * Calls another model on behalf of a call that has begun.
 *
 * @returns Its value, its items, bytes, or a `Response` of its own making.
 */
export type CallModel = (call: ModelCall) => Promise<PredictAnswer>
