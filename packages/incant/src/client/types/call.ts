import type { FIELDS, FieldsOf } from '../../predictor/form.ts'
import type { BodyParameter, FindPredict } from '../../predictor/predict-types.ts'
import type { JSONBody } from '../request/body.ts'
import type { FormBody } from '../request/form.ts'
import type { CallOptions, SubmitOptions } from '../request/options.ts'
import type { Received, Sendable, SendableFields } from './wire.ts'

/** A body that is nothing but bytes. */
export type BinaryBody = Uint8Array | ArrayBuffer | Blob | ReadableStream<Uint8Array>

/** The parameters of {@link ModelClient.predict}, made from those of the predictor's own. */
export type PredictParameters<Predictor> =
  BodyParameter<FindPredict<Predictor>['parameters']> extends infer Body
    ? Body extends readonly []
      ? [payload?: undefined, options?: CallOptions]
      : Body extends readonly [infer Payload]
        ? [payload: PayloadFor<Payload>, options?: CallOptions]
        : Body extends readonly [(infer Payload)?]
          ? [payload?: PayloadFor<Payload>, options?: CallOptions]
          : never
    : never

/** The parameters of {@link ModelClient.submit}: the payload of predict as JSON, and options. */
export type SubmitParameters<Predictor> =
  BodyParameter<FindPredict<Predictor>['parameters']> extends infer Body
    ? Body extends readonly []
      ? [payload?: undefined, options?: SubmitOptions]
      : Body extends readonly [infer Payload]
        ? [payload: SubmittedFor<Payload>, options?: SubmitOptions]
        : Body extends readonly [(infer Payload)?]
          ? [payload?: SubmittedFor<Payload>, options?: SubmitOptions]
          : never
    : never

/** A job's payload is a member of a JSON document: a text needs no wrapping there, and forms and streams have no place. */
type SubmittedFor<Parameter> = unknown extends Parameter
  ? unknown
  : [Parameter] extends [FormData | Blob | ReadableStream]
    ? never
    : typeof FIELDS extends keyof Parameter
      ? never
      : Sendable<Parameter> | JSONBody<Sendable<Parameter>>

/** The values that may be sent for a parameter of predict. The brackets keep unions together. */
type PayloadFor<Parameter> = unknown extends Parameter
  ? unknown
  : [Parameter] extends [FormData]
    ? FormData | URLSearchParams
    : typeof FIELDS extends keyof Parameter
      ? FormBody<SendableFields<FieldsOf<Parameter>>> | FormData | URLSearchParams
      : [Parameter] extends [Uint8Array | ArrayBuffer | Blob | ReadableStream]
        ? BinaryBody
        : [Parameter] extends [string]
          ? Parameter | JSONBody<Parameter>
          : JSONPayload<Sendable<Parameter>>

/** A bare string is sent as text, so one that should arrive as JSON is wrapped. */
type JSONPayload<Value> = Exclude<Value, string> | JSONBody<Value>

/** The result of {@link ModelClient.predict}: the predictor's own, in the form that it has in JSON. */
export type Prediction<Predictor> = Answer<FindPredict<Predictor>['result']>

/** The items of a streamed answer. Breaking out of the loop, or `return()`, ends the request. */
export type PredictionStream<Item> = AsyncIterableIterator<Item, undefined, undefined>

type Answer<Result> = unknown extends Result
  ? unknown
  : Result extends Response | Blob
    ? unknown
    : Result extends Uint8Array | ArrayBuffer | ReadableStream
      ? Uint8Array
      : Result extends AsyncIterable<infer Item>
        ? ItemsOf<Item>
        : Result extends void
          ? null
          : Received<Result>

type ItemsOf<Item> = [Item] extends [Uint8Array] ? Uint8Array : PredictionStream<Received<Item>>

/** The answer to `GET /health`: the result of the predictor's `health()`. */
export type Health<Predictor> = Predictor extends abstract new (
  ...parameters: never[]
) => { health(): infer State }
  ? Received<Awaited<State>>
  : unknown
