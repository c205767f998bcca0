import type { ModelCall } from '../../engine/model-call.ts'
import type { RequestErrorCode } from '../../errors/codes.ts'
import type { ThrownDescription } from '../../errors/describe-thrown.ts'
import type { ValidationIssue } from '../../errors/issue.ts'
import type { HeaderLines } from '../../errors/request-error.ts'
import type { PackedContent, ReadingPlan } from '../../http/document-reader.ts'
import type { FormEntry } from '../../http/form/received-form.ts'
import type { DataForm, StreamFormat } from '../../http/predict-io.ts'
import type { LogFields, Logger, LogLevel } from '../../log/logger.ts'
import type { PredictorCounts } from '../../metrics/predictor-figures.ts'
import type { ProcessFigures } from '../../metrics/process-ledger.ts'
import type { MetricChange } from '../../metrics/publisher.ts'
import type { ClientInfo, Principal } from '../../predictor/context.ts'
import type { ModelInfo } from '../../predictor/model-info.ts'
import type { BodyClass, Role } from '../../signature/signature.ts'
import type { TraceCarrier } from '../../tracing/tracing.ts'
import { type EncodedValue, LONG_TEXT, type WireValue } from './wire-value.ts'

/**
 * The messages between the front and a replica over the {@link Channel}, in the order in which they were sent. A call
 * has the number `n` that the front assigned. The `ClaimLine` carries whether predict has begun it, or must not.
 *
 * Bodies that stream, either way, go as far as `pull` asks for: a stalled reader stops its writer, and neither process
 * buffers more than a few chunks for the other.
 */
export type ToReplica =
  | { readonly type: 'load'; readonly settings: ReplicaSettings }
  | { readonly type: 'call'; readonly n: number; readonly call: WireCall }
  | { readonly type: 'cancel'; readonly n: number; readonly code: RequestErrorCode }
  /** The response is over: deferred work may run. */
  | { readonly type: 'over'; readonly n: number }
  | { readonly type: 'health' }
  | { readonly type: 'ping' }
  /** Figures have been read: those that are since then start over. */
  | { readonly type: 'restart' }
  | { readonly type: 'close' }
  /** The answer of another model to question `m` of call `n`; the body of a stream follows as steps. */
  | { readonly type: 'told'; readonly n: number; readonly m: number; readonly output: WireOutput }
  | { readonly type: 'refused'; readonly n: number; readonly m: number; readonly error: WireError }
  | AskedStream
  | StreamMessage

export type FromReplica =
  | { readonly type: 'loaded' }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'output'; readonly n: number; readonly output: WireOutput }
  | { readonly type: 'thrown'; readonly n: number; readonly error: WireError }
  /** The call was cancelled, and the replica has received that. */
  | { readonly type: 'cancelled'; readonly n: number }
  /** Predict left work for when the response is over. */
  | { readonly type: 'deferred'; readonly n: number }
  | { readonly type: 'settled'; readonly n: number }
  /** The result of the predictor's `health()`, as JSON. */
  | { readonly type: 'health'; readonly json: string | undefined }
  | { readonly type: 'unhealthy'; readonly error: WireError }
  | { readonly type: 'pong'; readonly rss: number; readonly figures?: ProcessFigures }
  /** The counts since the last message; sent before the answers that they count. */
  | { readonly type: 'counts'; readonly counts: PredictorCounts }
  /** The changes of the predictor's own metrics. */
  | { readonly type: 'metrics'; readonly changes: readonly MetricChange[] }
  /** Predict asks another model; the front numbers nothing here, so `m` is the replica's. */
  | { readonly type: 'ask'; readonly n: number; readonly m: number; readonly call: ModelCall }
  | AskedStream
  /** What predict logged, or a figure that it sent, for the report of the call. */
  | { readonly type: 'report'; readonly n: number; readonly line: string }
  | { readonly type: 'report'; readonly n: number; readonly metric: string; readonly value: number }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string; readonly fields?: LogFields }
  | StreamMessage

/** One step of a stream of another model: its `n` is that of the question. */
export interface AskedStream {
  readonly type: 'asked'
  readonly n: number
  readonly step: StreamMessage
}

/** One step of a body that streams. `pull` goes against the stream, the others with it. */
export type StreamMessage =
  | { readonly type: 'pull'; readonly n: number; readonly bytes: number }
  | { readonly type: 'chunk'; readonly n: number; readonly bytes: Uint8Array }
  | { readonly type: 'end'; readonly n: number; readonly returned?: EncodedValue | undefined }
  | { readonly type: 'break'; readonly n: number; readonly error: WireError }
  /** The reader has left. */
  | { readonly type: 'stop'; readonly n: number }

/** The settings of a replica, sent once, before anything else. */
export interface ReplicaSettings {
  /** The module of the predictor class, as a URL. */
  readonly module: string
  readonly exportName: string
  readonly roles: readonly Role[]
  /** How bodies are read that the front has left unread. Undefined: there are none. */
  readonly reading: ReadingPlan | undefined
  readonly config: unknown
  readonly modelInfo: ModelInfo
  readonly warmup: readonly unknown[] | undefined
  readonly setupTimeout: number
  readonly healthTimeout: number
  /** The least level that the front writes. */
  readonly logLevel: Logger['level']
  /** The service name for traces, where the OpenTelemetry SDK is started. */
  readonly tracedAs: string | undefined
  /** Whether anything is counted. */
  readonly counts: boolean
}

/** A `PredictCall` on its way. */
export interface WireCall {
  readonly id: string
  readonly body: WireBody | undefined
  readonly request: WireRequest | undefined
  /** On the clock that both processes have: see `machine-clock.ts`. */
  readonly deadline: number
  readonly streamFormat: StreamFormat
  readonly answer: DataForm | undefined
  readonly client: ClientInfo
  readonly principal: Principal | undefined
  /** Whether the front takes what predict reports while it runs. */
  readonly reports: true | undefined
  /** The trace it belongs to, if any. */
  readonly trace?: TraceCarrier
}

/** The body in a form that structured clone carries. */
export type WireBody =
  | ({ readonly kind: 'value' | 'fields' } & WireValue)
  | {
      readonly kind: 'bytes'
      readonly bodyClass: BodyClass
      readonly bytes: Uint8Array
      readonly mediaType: string
      readonly name: string
    }
  | ({ readonly kind: 'packed' } & PackedContent)
  /** Read by the replica. Without bytes, it streams. */
  | { readonly kind: 'unread'; readonly contentType: string; readonly bytes?: Uint8Array }
  | { readonly kind: 'form'; readonly entries: readonly FormEntry[] }
  | { readonly kind: 'stream' }

/** The raw request; its body, if it has one, streams. */
export interface WireRequest {
  readonly url: string
  readonly method: string
  readonly headers: readonly (readonly [string, string])[]
  readonly hasBody: boolean
}

/** The result of predict. Without a body here, the body streams. */
export type WireOutput =
  | { readonly kind: 'output'; readonly contentType: string; readonly body?: string | Uint8Array }
  /** What is encoded is the `PredictValue` itself. */
  | { readonly kind: 'value'; readonly encoded: EncodedValue }
  | { readonly kind: 'items' }
  | {
      readonly kind: 'response'
      readonly status: number
      readonly statusText: string
      readonly url: string
      readonly headers: readonly (readonly [string, string])[]
      readonly hasBody: boolean
    }

/** The error, in a form with everything that an answer or the log needs. */
export type WireError = {
  /** Whether the log of the replica has it. */
  readonly isTold?: boolean
} & (
  | {
      readonly kind: 'request'
      readonly code: RequestErrorCode
      readonly detail: string | undefined
      readonly headers: HeaderLines
      readonly issues: readonly ValidationIssue[] | undefined
    }
  | {
      readonly kind: 'http'
      readonly status: number
      readonly message: string
      readonly response: WireResponse | undefined
    }
  | { readonly kind: 'unserializable'; readonly path: string; readonly message: string }
  | {
      readonly kind: 'startup'
      readonly code: string
      readonly found: string
      readonly instead: string | undefined
      readonly description: ThrownDescription
    }
  | { readonly kind: 'other'; readonly description: ThrownDescription }
)

/** The response an `HTTPException` carries, read whole. */
export interface WireResponse {
  readonly status: number
  readonly statusText: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Uint8Array | null
}

/** Whether a message contains values that JSON carries badly or not at all. For a call its encoder decides. */
export function needsClone(message: ToReplica | FromReplica): boolean {
  switch (message.type) {
    case 'load':
    case 'chunk':
    case 'ask':
      return true
    case 'asked':
      return needsClone(message.step)
    case 'told':
    case 'output':
      return isLongOutput(message.output)
    case 'end':
      return message.returned?.isJSON === false
    case 'thrown':
    case 'break':
    case 'unhealthy':
    case 'refused':
      return message.error.kind === 'http' && message.error.response !== undefined
    default:
      return false
  }
}

function isLongOutput(output: WireOutput): boolean {
  return output.kind === 'value' ? !output.encoded.isJSON : output.kind === 'output' && isLong(output.body)
}

function isLong(body: string | Uint8Array | undefined): boolean {
  return body !== undefined && (typeof body !== 'string' || body.length > LONG_TEXT)
}
