import type { DataForm, PredictAnswer, PredictInput, StreamFormat } from '../http/predict-io.ts'
import type { ReplicaCounts } from '../metrics/recorder.ts'
import type { SequenceCounts } from '../metrics/step-report.ts'
import type { ClientInfo, Principal } from '../predictor/context.ts'
import type { CallTrace } from '../tracing/tracing.ts'
import type { CallReport } from './call-report.ts'
import type { Cancellation } from './cancellation.ts'
import type { CallModel } from './model-call.ts'

/** One call of predict. */
export interface PredictCall {
  /** The request id. */
  readonly id: string
  readonly input: PredictInput
  /**
   * When the answer is due, by the `performance.now()` of this process: changes of the date do not affect that clock.
   */
  readonly deadline: number
  /** Fires when the deadline has passed, the caller has left or the server stops. */
  readonly cancellation: Cancellation
  readonly streamFormat: StreamFormat
  /**
   * The answer as data. Bytes and a `Response` are what they are without it, and so is a value where items were asked for.
   * Default: it is written for `/predict`.
   */
  readonly answer?: DataForm | undefined
  readonly client: ClientInfo
  readonly principal: Principal | undefined
  /** Undefined: tracing is off. */
  readonly trace?: CallTrace | undefined
  /** Takes what predict logs and sends while it runs. Undefined: nobody asks for it. */
  readonly report?: CallReport | undefined
  /** Calls another model of the server for this call. Undefined: there is none. */
  readonly callModel?: CallModel | undefined
  /** Takes work to be run after the response has been sent. */
  defer(task: () => unknown): void
}

/**
 * starting → ready → stopped; failed when setup did not succeed, or replicas keep dying; recovering while none of them
 * is ready and calls wait for the next.
 */
export type EngineState = 'starting' | 'ready' | 'recovering' | 'failed' | 'stopped'

/**
 * Runs a predictor. The application does not know where: in this process ({@link InlineEngine}), or in others.
 */
export interface Engine {
  readonly state: EngineState
  /**
   * Makes the predictor and runs its `setup()`.
   *
   * @throws {StartupError} `setup_failed`, `setup_timeout`.
   */
  start(): Promise<void>
  /** Fails with `queue_full` where a call that came now would find no place; cheap, for use before a body is read. */
  checkAdmission(): void
  /**
   * Calls predict in its turn.
   *
   * @throws What predict threw, or the reason of the call's cancellation as soon as it fires.
   */
  predict(call: PredictCall): PredictAnswer | Promise<PredictAnswer>
  /** The predictor's own `health()`, `{ status: 'ok' }` by default. */
  health(): Promise<unknown>
  /** Details for operators, as JSON values. Absent where there are none. */
  describe?(): object
  /** Live sequences, where the predictor runs in this process and computes sequences. */
  countSequences?(): SequenceCounts | undefined
  /** How many processes run the predictor, by state. Absent where there are none: it runs in this one. */
  countReplicas?(): ReplicaCounts
  /** Whether predict runs in another process, so that a body of bytes is best given as `BodyPieces`. */
  readonly takesPieces?: boolean
  /** Figures have been read: those that are since then start over. */
  restartFigures?(): void
  /** Figures for logs and tests. */
  readonly load: EngineLoad
  /** Runs the predictor's `close()`. Calls still running are not waited for. */
  close(): Promise<void>
}

/** How much an engine has to do. */
export interface EngineLoad {
  readonly running: number
  readonly waiting: number
}
