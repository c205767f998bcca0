import type { MaybePromise } from '../async/maybe-promise.ts'

/** How a response ended. */
export interface ResponseEnd {
  /** Whether the exchange ended before the caller had the whole of it: the caller left, where nothing else broke it. */
  readonly aborted: boolean
  /** The error on our side that broke the answer while it was sent. Absent: none. */
  readonly failure?: { readonly thrown: unknown } | undefined
  /** Bytes sent, where the transport counts them. */
  readonly bytes?: number
  /** Bytes of the body that were read, where the transport counts them. */
  readonly requestBytes?: number
  /** Bytes of the body that were sent, where the transport counts them. */
  readonly responseBytes?: number
}

/**
 * The view of one exchange from the layer under the application: where it comes from, how its body is read best and
 * when it is over. Node has its own on its streams, since an unused web `Request` is not free; any other runtime has
 * {@link webTransport}.
 */
export interface Transport {
  /**
   * The caller's address: the peer's, or that reported by a trusted proxy. Undefined where the runtime does not expose
   * it.
   */
  readonly address: string | undefined
  /** `http` or `https`, where the runtime exposes it. */
  readonly scheme?: string | undefined
  /** The requested host and port; behind a trusted proxy those of the request to the proxy. */
  readonly authority?: string | undefined
  /**
   * Whether the caller is on the private network, and addresses one of the server's names. False: the answer is that of
   * an unknown path. Undefined where the runtime cannot know; a private predictor then answers no caller.
   */
  readonly isInsider?: boolean | undefined
  /** Whether the caller is shown `/metrics`, with a token or without. Undefined: for it there is none. */
  readonly metricsAccess?: 'open' | 'token' | undefined
  /** Whether the caller is shown the page to try the predictor. Undefined: it is not. */
  readonly showsPage?: boolean | undefined
  /** The certificate that the caller has proved to own, from a trusted issuer. Undefined where there is none. */
  readonly certificate?: ClientCertificate | undefined
  /**
   * Reads the whole body: the bytes, where they have arrived already, or a promise of them.
   *
   * @throws {RequestError} `body_too_large` one byte past the limit, `client_closed`, `request_timeout`.
   */
  readBody(maximum: number): MaybePromise<Uint8Array>
  /** Reads the whole body like {@link readBody}, into memory that is used again. Absent where there is none. */
  borrowBody?(maximum: number): Promise<LentBody>
  /** The body as a stream with a limit; it fails like {@link readBody}. Null without a body. */
  streamBody(maximum: number): ReadableStream<Uint8Array> | null
  /** Calls back when the response is over: sent whole, or cut because the caller left. At most one listener. */
  onEnd(listener: (end: ResponseEnd) => void): void
  /** Takes the response that is about to go out, if the transport needs it to notice its end. */
  track?(response: Response, streaming: boolean): Response
}

/** A body in pieces of memory that is used again. */
export interface LentBody {
  readonly pieces: readonly Uint8Array[]
  /** Gives the memory back: nothing reads the pieces any more. Not called, the memory becomes garbage like any other. */
  giveBack(): void
}

/** The identity in the certificate of a caller. */
export interface ClientCertificate {
  /** The common name of the subject, if there is exactly one. */
  readonly commonName: string | undefined
  /** The alternative names of the subject, with their kind: `DNS:billing.internal`, `URI:spiffe://example.org/billing`. */
  readonly alternativeNames: readonly string[]
  /** SHA-256 of the certificate, as lower-case hex. */
  readonly fingerprint: string
}

/** The key under which a runtime hands its {@link Transport} to the application: `fetch(request, { [TRANSPORT]: … })`. */
export const TRANSPORT: unique symbol = Symbol.for('incant.transport')
