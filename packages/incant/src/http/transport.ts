import type { MaybePromise } from '../async/maybe-promise.ts'

/** How a response ended. */
export interface ResponseEnd {
  /** Whether the caller left before it had the whole of it. */
  readonly aborted: boolean
  /** What broke the answer on our side while it was sent. Absent: nothing did. */
  readonly failure?: { readonly thrown: unknown }
  /** Bytes sent, where the transport counts them. */
  readonly bytes?: number
  /** Bytes of the body that were read, where the transport counts them. */
  readonly requestBytes?: number
  /** Bytes of the body that were sent, where the transport counts them. */
  readonly responseBytes?: number
}

/**
 * What the layer under the application knows of one exchange: where it comes from, how its body is read best and when
 * it is over. Node's is made of its own streams, since a web `Request` that nobody reads is not free; any other runtime
 * has {@link webTransport}.
 */
export interface Transport {
  /** The caller's address: the peer's, or what a trusted proxy says. Undefined where the runtime does not tell. */
  readonly address: string | undefined
  /** `http` or `https`, where the runtime tells. */
  readonly scheme?: string | undefined
  /** The host and port that the request asks for; behind a trusted proxy those that the proxy was asked for. */
  readonly authority?: string | undefined
  /**
   * Whether the caller is on the private network that is served, and asks for a host of ours. False: the answer is that
   * of an unknown path. Undefined where the runtime cannot tell; a predictor that is private then answers nobody.
   */
  readonly isInsider?: boolean | undefined
  /** Whether the caller is shown `/metrics`, with a token or without. Undefined: for it there is none. */
  readonly metricsAccess?: 'open' | 'token' | undefined
  /** The certificate that the caller has proved to own, issued by one we trust. Undefined where there is none. */
  readonly certificate?: ClientCertificate | undefined
  /**
   * Reads the whole body: the bytes, where they have arrived already, or a promise of them.
   *
   * @throws {RequestError} `body_too_large` one byte past the limit, `client_closed`, `request_timeout`.
   */
  readBody(maximum: number): MaybePromise<Uint8Array>
  /** The body as a stream that counts; it fails like {@link readBody}. Null where there is none. */
  streamBody(maximum: number): ReadableStream<Uint8Array> | null
  /** Calls back when the response is over: sent whole, or cut because the caller left. At most one listener. */
  onEnd(listener: (end: ResponseEnd) => void): void
  /** Takes the response that is about to go out, where that is how the transport learns of its end. */
  track?(response: Response, streaming: boolean): Response
}

/** What a certificate says of a caller. */
export interface ClientCertificate {
  /** The common name of the subject, where there is exactly one. */
  readonly commonName: string | undefined
  /** The alternative names of the subject, with their kind: `DNS:billing.internal`, `URI:spiffe://example.org/billing`. */
  readonly alternativeNames: readonly string[]
  /** SHA-256 of the certificate, as lower-case hex. */
  readonly fingerprint: string
}

/** The key under which a runtime hands its {@link Transport} to the application: `fetch(request, { [TRANSPORT]: … })`. */
export const TRANSPORT: unique symbol = Symbol.for('incant.transport')
