import type { MaybePromise } from '../async/maybe-promise.ts'
import type { Cancellation } from '../engine/cancellation.ts'
import type { PredictOutput } from '../http/predict-io.ts'
import type { FaceExchange } from './exchange.ts'
import type { FaceSubject } from './fit.ts'
import type { JobsOfModel } from './jobs-of-model.ts'

/** The models of a server that fit a protocol, as one caller sees them. */
export interface FaceModels {
  /** Those that this caller may call, in the order in which the server names them. */
  list(): MaybePromise<readonly FaceModel[]>
  /** The model of a name, whether or not this caller may call it: its {@link FaceModel.call} says so. */
  find(name: string): FaceModel | undefined
  /** The model that is meant where a request names none: that of a server that has one. */
  readonly only: FaceModel | undefined
  /** Whether the server would take a call now, as `/ready` says it. */
  readonly isReady: boolean
  /** The authorization servers whose tokens the models take, as URLs. */
  readonly issuers: readonly string[]
}

/** A model that a face can call. */
export interface FaceModel extends FaceSubject {
  /** Other names of it, with which {@link FaceModels.find} finds it, too. */
  readonly aliases: readonly string[]
  /** When the server loaded it, in seconds since 1970. */
  readonly created: number
  /** Its jobs, where the server has the protocol `jobs`. */
  readonly jobs?: JobsOfModel | undefined
  /** Whether the model would take a call now. */
  readonly isReady: boolean
  /**
   * Calls predict: the payload is validated, and the call has the queue, limits, deadline, cancellation, principal, trace,
   * log and metrics that a call of `/predict` has. An exchange may make several calls, one after the other or at once.
   *
   * @param payload - Of the roles `payload` and `text`: data, as JSON has it. `bytes` and `blob`: a `Uint8Array` or a
   * `Blob`. `form`: a `ReceivedForm`.
   * @throws What `/predict` would answer: `invalid_payload` with its pointers, `queue_full`, what predict threw, …
   */
  call(exchange: FaceExchange, payload: unknown, options: FaceCallOptions): Promise<FaceAnswer>
}

/** How a face calls a model. */
export interface FaceCallOptions {
  /**
   * What a stream comes as: `items`, one by one; or `value`, an array of all of them. Of a predict that gives no stream both
   * are the same.
   */
  readonly answer: 'items' | 'value'
  /** Ends this call before its exchange, which ends it in any case. */
  readonly cancellation?: Cancellation
}

/** The result of predict. */
export type FaceAnswer = ValueAnswer | ItemsAnswer | BytesAnswer | Response

/** A value as data: what JSON would carry, but typed arrays and bytes inside stand as they are. */
export interface ValueAnswer {
  readonly kind: 'value'
  readonly value: unknown
  /** The return value of a generator, as data, if the value is the array of its items. */
  readonly returned?: unknown
}

/** A stream. Its first item is there: what fails before it is thrown by the call. */
export interface ItemsAnswer {
  readonly kind: 'items'
  /**
   * Each item as JSON, unframed. The generator goes on when the next one is asked for, and is stopped when the loop over
   * them is left. Can be read once; fails as the generator does, and with the reason of a cancellation.
   */
  readonly items: AsyncIterable<string>
  /** The return value of the generator, as data, once all items are read. Rejects if the items fail or are not read to the end. */
  readonly returned: Promise<unknown>
}

/** Bytes: a `Uint8Array`, an `ArrayBuffer`, a `Blob` or a stream of bytes, as `/predict` would send it. */
export interface BytesAnswer extends PredictOutput {
  readonly kind: 'bytes'
  readonly body: Uint8Array | ReadableStream<Uint8Array>
}
