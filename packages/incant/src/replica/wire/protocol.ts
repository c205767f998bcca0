import type { RequestErrorCode } from '../../errors/codes.ts'
import type { ThrownDescription } from '../../errors/describe-thrown.ts'
import type { ValidationIssue } from '../../errors/issue.ts'
import type { HeaderLines } from '../../errors/request-error.ts'
import type { ReadingPlan } from '../../http/document-reader.ts'
import type { DataForm, StreamFormat } from '../../http/predict-io.ts'
import type { LogFields, Logger, LogLevel } from '../../log/logger.ts'
import type { PredictorCounts } from '../../metrics/predictor-figures.ts'
import type { ProcessFigures } from '../../metrics/process-ledger.ts'
import type { MetricChange } from '../../metrics/publisher.ts'
import type { ClientInfo } from '../../predictor/context.ts'
import type { ModelInfo } from '../../predictor/model-info.ts'
import type { BodyClass, Role } from '../../signature/signature.ts'
import type { TraceCarrier } from '../../tracing/tracing.ts'
import type { FormFile } from '../../validation/received-file.ts'
import type { Message } from './frame.ts'
import type { WireValue } from './wire-value.ts'

/**
 * The messages between the front and a replica over the {@link Channel}, in the order in which they were sent. A call
 * has the number `n` that the front assigned. Whether predict has begun it is in the `BegunFile`; that it must not goes over the
 * `ClaimLine`.
 *
 * Bodies that stream, either way, go as far as `pull` asks for: a stalled reader stops its writer, and neither process
 * buffers more than a few chunks for the other.
 */
export type ToReplica =
  /** A clone of {@link ReplicaSettings} is attached: a config may be anything. */
  | ({ readonly type: 'load' } & WithBytes)
  | CallMessage
  | { readonly type: 'cancel'; readonly n: number; readonly code: RequestErrorCode }
  /** The response is over: deferred work may run. */
  | { readonly type: 'over'; readonly n: number }
  | { readonly type: 'health' }
  | { readonly type: 'ping' }
  /** Figures have been read: those that are since then start over. */
  | { readonly type: 'restart' }
  | { readonly type: 'close' }
  /** The answer of another model to question `m` of call `n`; the body of a stream follows as steps. */
  | ({ readonly type: 'told'; readonly n: number; readonly m: number } & EncodedOutput)
  | { readonly type: 'refused'; readonly n: number; readonly m: number; readonly error: WireError }
  | StreamMessage

export type FromReplica =
  | { readonly type: 'loaded' }
  | { readonly type: 'failed'; readonly error: WireError }
  | OutputMessage
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
  | AskMessage
  /** What predict logged, or a figure that it sent, for the report of the call. */
  | { readonly type: 'report'; readonly n: number; readonly line: string }
  | { readonly type: 'report'; readonly n: number; readonly metric: string; readonly value: number }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string; readonly fields?: LogFields }
  | StreamMessage

/** Bytes that go beside a message: see `frame.ts`. */
interface WithBytes {
  readonly attached: readonly Uint8Array[]
}

/** A call, and the bytes of its body. */
export interface CallMessage extends Pick<Message, 'attached' | 'pieces'> {
  readonly type: 'call'
  readonly n: number
  /** In milliseconds of the machine's clock, modulo 2^32. */
  readonly sentAt: number
  readonly call: WireCall
}

/** An answer as data; its bytes are attached. */
export interface EncodedOutput extends Pick<Message, 'attached'> {
  readonly output: WireOutput
}

/** The result of predict. */
export interface OutputMessage extends EncodedOutput {
  readonly type: 'output'
  readonly n: number
}

/** A call of another model. The payload is attached, if there is one. */
export interface AskMessage extends Pick<Message, 'attached'> {
  readonly type: 'ask'
  readonly n: number
  readonly m: number
  readonly model: string
  /** The content type of the payload. */
  readonly contentType: string | undefined
  readonly trace: TraceCarrier | undefined
}

/**
 * One step of a body that streams. `pull` goes against the stream, the others with it. With an `m` it is the answer to that
 * question of the call, a stream of another model.
 */
export type StreamMessage = { readonly n: number; readonly m?: number } & (
  | { readonly type: 'pull'; readonly bytes: number }
  | ({ readonly type: 'chunk' } & WithBytes)
  | ({ readonly type: 'end'; readonly returned?: WireValue | undefined } & Pick<Message, 'attached'>)
  | { readonly type: 'break'; readonly error: WireError }
  /** The reader has left. */
  | { readonly type: 'stop' }
)

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
  /** In milliseconds, rounded up, on the clock that both processes have: see `machine-clock.ts`. */
  readonly deadline: number
  readonly streamFormat: StreamFormat
  readonly answer: DataForm | undefined
  readonly client: ClientInfo
  /** Its bytes are attached after those of the body. */
  readonly principal: WireValue | undefined
  /** Whether the front takes what predict reports while it runs. */
  readonly reports: true | undefined
  /** The trace it belongs to, if any. */
  readonly trace?: TraceCarrier | undefined
}

/** The body as data; its bytes are attached. */
export type WireBody =
  | { readonly kind: 'value' | 'fields'; readonly wire: WireValue }
  | ({ readonly kind: 'bytes'; readonly bodyClass: BodyClass } & WireFile)
  /** Attached are the content, and as many bytes beside it as `count` says. */
  | { readonly kind: 'packed'; readonly isJSON: boolean; readonly isValidated: boolean; readonly count: number }
  /** Read by the replica. */
  | { readonly kind: 'unread'; readonly contentType: string; readonly isStreamed: boolean }
  | { readonly kind: 'form'; readonly entries: readonly WireEntry[] }
  | { readonly kind: 'stream' }

/** A file whose bytes are attached. */
export type WireFile = Pick<FormFile, 'name' | 'mediaType'>

/** A field of a form, or a file. */
export type WireEntry = readonly [name: string, value: string | WireFile]

/** The raw request; its body, if it has one, streams. */
export interface WireRequest {
  readonly url: string
  readonly method: string
  readonly headers: readonly (readonly [string, string])[]
  readonly hasBody: boolean
}

/** The result of predict. */
export type WireOutput =
  | { readonly kind: 'text'; readonly contentType: string; readonly text: string }
  /** The body is attached. */
  | { readonly kind: 'bytes'; readonly contentType: string }
  /** The body streams, as that of items does. */
  | { readonly kind: 'stream'; readonly contentType: string }
  | { readonly kind: 'items' }
  /** What is encoded is the `PredictValue` itself. */
  | { readonly kind: 'value'; readonly wire: WireValue }
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
  /** In base64. */
  readonly body: string | null
}
