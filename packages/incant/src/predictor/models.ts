import type { FIELDS } from './form.ts'
import type { BodyParameter, FindPredict } from './predict-types.ts'

/**
 * The other models of the server: `context.models`.
 *
 * @example
 * ```ts
 * async predict(page: Uint8Array, { models }: PredictContext) {
 *   const { lines } = await models.get<typeof Ocr>('ocr').predict(page)
 *   return models.get<typeof Words>('words').predict({ text: lines.join('\n') })
 * }
 * ```
 */
export interface Models {
  /**
   * A model by its name: `NAME`, which a split leads to a version, or `NAME:VERSION`.
   *
   * @typeParam Predictor - Its class, `typeof Ocr`: what its predict takes and gives.
   */
  get<Predictor = unknown>(name: string): Model<Predictor>
}

/** Another model of the server. */
export interface Model<Predictor = unknown> {
  /**
   * Calls its predict: validated, through its queue and within its limits, without HTTP. The call ends with the one that
   * made it: it has its caller, its deadline and its trace, and is cancelled with it.
   *
   * @returns What predict gives, as data: a `Date` is a string, as in JSON, and typed arrays are typed arrays. Of a stream
   * an iterator over its items; leaving it ends the call.
   * @throws {RequestError} Where the model is not ready or its queue is full, or the deadline has passed: a caller is
   * answered with that status. {@link HTTPException} where its predict chose a status. Else an `Error`, which says what is
   * wrong with the payload or that the models call each other in a circle.
   */
  predict(...payload: ModelPayload<Predictor>): Promise<ModelResult<Predictor>>
}

/** The parameter of predict of a model; none if it takes none. */
export type ModelPayload<Predictor> =
  BodyParameter<FindPredict<Predictor>['parameters']> extends infer Body
    ? Body extends readonly []
      ? []
      : Body extends readonly [infer Payload]
        ? [payload: PayloadOf<Payload>]
        : Body extends readonly [(infer Payload)?]
          ? [payload?: PayloadOf<Payload>]
          : never
    : never

type PayloadOf<Payload> = unknown extends Payload
  ? unknown
  : [Payload] extends [FormData]
    ? FormData
    : typeof FIELDS extends keyof Payload
      ? FormData
      : [Payload] extends [Uint8Array | ArrayBuffer | Blob | ReadableStream]
        ? Uint8Array | ArrayBuffer | Blob
        : Payload

/** The result of calling a model. */
export type ModelResult<Predictor> = ResultOf<FindPredict<Predictor>['result']>

type ResultOf<Result> = unknown extends Result
  ? unknown
  : Result extends Response
    ? Response
    : Result extends Uint8Array | ArrayBuffer | Blob | ReadableStream
      ? Uint8Array
      : Result extends AsyncIterable<infer Item>
        ? AsyncIterableIterator<AsData<Item>, undefined>
        : Result extends void
          ? null
          : AsData<Result>

type TypedArray = Exclude<ArrayBufferView, DataView>

/** What is left out of data. */
type Absent = symbol | ((...parameters: never[]) => unknown)

/** A value as data: what JSON has no form for is in the form that it has there, but for bytes and typed arrays. */
export type AsData<Value> = unknown extends Value
  ? unknown
  : Value extends string | number | boolean | null | undefined | TypedArray
    ? Value
    : Value extends bigint
      ? string
      : Value extends ArrayBuffer
        ? Uint8Array
        : Value extends { toJSON(...parameters: never[]): infer Written }
          ? AsData<Written>
          : Value extends Absent
            ? never
            : Value extends readonly unknown[]
              ? { [Index in keyof Value]: AsData<Value[Index]> }
              : { [Name in keyof Value as Value[Name] extends Absent ? never : Name]: AsData<Value[Name]> }
