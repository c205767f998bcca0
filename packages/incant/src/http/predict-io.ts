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
