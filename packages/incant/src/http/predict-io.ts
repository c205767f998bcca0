/** The input of predict: the body in the form of the signature, the request, or both. */
export interface PredictInput {
  /** The value of the one parameter with a body role, validated; of a form, a {@link ReceivedForm}. */
  readonly body?: unknown
  /** For a parameter with the role `request`. Its body is unread. */
  readonly request?: Request
}

/** How the items of a streamed answer are framed: server-sent events, or newline-delimited JSON. */
export type StreamFormat = 'event-stream' | 'ndjson'

/** What predict returned, written: ready to be sent and plain enough to cross a process border. */
export interface PredictOutput {
  readonly contentType: string
  readonly body: string | Uint8Array | ReadableStream<Uint8Array>
}

/** How an answer is wanted that is not to be written for `/predict`: a stream gathered into an array, or item by item. */
export type DataForm = 'value' | 'items'

/** What predict returned as data: what JSON carries, but typed arrays and bytes in it stand as they are. */
export interface PredictValue {
  readonly kind: 'value'
  readonly value: unknown
  readonly body?: never
  /** What a generator returned, where the value is the array of its items. Absent: nothing. */
  readonly returned?: unknown
}

/** The items of a stream that is read as it comes. */
export interface PredictItems {
  readonly kind: 'items'
  /** One chunk an item: its JSON. It fails as the generator does, without an event of its own. */
  readonly body: ReadableStream<Uint8Array>
  /** What the generator returned. It fails where the body does, and where that is left before its end. */
  readonly returned: Promise<unknown>
}

/** What predict returned: written, as data, or a `Response` that it created, as yet unchecked. */
export type PredictAnswer = PredictOutput | PredictValue | PredictItems | Response
