/** The input of predict: the body in the form of the signature, the request, or both. */
export interface PredictInput {
  /** The value of the one parameter with a body role, validated; of a form, a {@link ReceivedForm}. */
  readonly body?: unknown
  /** For a parameter with the role `request`. Its body is unread. */
  readonly request?: Request
}

/** How the items of a streamed answer are framed: server-sent events, or newline-delimited JSON. */
export type StreamFormat = 'event-stream' | 'ndjson'

/** The serialized result of predict: ready to be sent, and plain enough to cross a process boundary. */
export interface PredictOutput {
  readonly contentType: string
  readonly body: string | Uint8Array | ReadableStream<Uint8Array>
}

/** How an answer is wanted that is not to be written for `/predict`: a stream gathered into an array, or item by item. */
export type DataForm = 'value' | 'items'

/** The result of predict as data: JSON values, with typed arrays and bytes unchanged. */
export interface PredictValue {
  readonly kind: 'value'
  readonly value: unknown
  readonly body?: never
  /** The return value of a generator, if the value is the array of its items. Absent: none. */
  readonly returned?: unknown
}

/** The items of a stream that is read as it comes. */
export interface PredictItems {
  readonly kind: 'items'
  /** One chunk an item: its JSON. It fails as the generator does, without an event of its own. */
  readonly body: ReadableStream<Uint8Array>
  /** The return value of the generator. Rejects if the body fails or is not read to the end. */
  readonly returned: Promise<unknown>
}

/** The result of predict: serialized, as data, or a `Response` that it created, not checked yet. */
export type PredictAnswer = PredictOutput | PredictValue | PredictItems | Response
