import type { IncomingMessage } from 'node:http'
import type { MaybePromise } from '../../async/maybe-promise.ts'
import { RequestError } from '../../errors/request-error.ts'
import type { ClientCertificate, LentBody, ResponseEnd, Transport } from '../../http/transport.ts'
import { tooLarge } from '../../http/web-transport.ts'
import type { Judgement } from '../../network/network-policy.ts'
import { type InsiderAccess, isForThisMachine, type MetricsAccess } from '../listening/metrics-access.ts'
import { askedAuthority } from './authority.ts'
import type { Connection } from './connection.ts'
import type { GateResponse } from './gate-response.ts'
import { type BodyReading, collectBody, lendBody } from './read-body.ts'
import { streamBody } from './stream-body.ts'

/** The parts of a server that its exchanges need. */
export interface TransportServer {
  /** Whether it wants its connections to end, now or when the response is over. */
  readonly closing: boolean
  /** Whether bytes of bodies are counted. */
  readonly countsBytes: boolean
  /** Access to `/metrics` on this listener. */
  readonly metrics: MetricsAccess
  /** Decides which callers see the page to try the predictor. */
  readonly page: InsiderAccess
}

/** Options of {@link NodeTransport}. */
export interface NodeTransportOptions {
  readonly connection: Connection
  readonly incoming: IncomingMessage
  readonly outgoing: GateResponse
  readonly maxBodyChunks: number
  /** The caller waits for `100 Continue` before it sends the body. */
  readonly expectsContinue: boolean
  /** The description of the server. */
  readonly server: TransportServer
}

const PROBES: readonly string[] = ['/livez', '/ready']

const EMPTY = new Uint8Array(0)

const NOTHING: LentBody = { pieces: [], giveBack: () => {} }

/** One request and its response on Node's own streams. */
export class NodeTransport implements Transport {
  readonly incoming: IncomingMessage
  readonly outgoing: GateResponse
  readonly connection: Connection
  /** The response that goes out is a stream, which {@link sendStream} writes. */
  streaming = false
  /** Gives back its turn among the requests of the server, or its place among those that wait. */
  leaveTurn: (() => void) | undefined
  /** The network policy's verdict on the caller. */
  judgement: Judgement | undefined
  readonly #maxBodyChunks: number
  readonly #bytesBefore: number
  readonly #server: TransportServer
  #expectsContinue: boolean
  #reading: BodyReading | undefined
  /** The body has been read, all of it at once. */
  #isTaken = false
  #bytesTaken = 0
  /** As the head declares it. Undefined: not looked for yet. */
  #length: number | undefined
  #bodyFailure: RequestError | undefined
  #ended = false
  #failure: { readonly thrown: unknown } | undefined
  #endListener: ((end: ResponseEnd) => void) | undefined
  #cutListener: (() => void) | undefined

  constructor(options: NodeTransportOptions) {
    this.connection = options.connection
    this.incoming = options.incoming
    this.outgoing = options.outgoing
    this.#maxBodyChunks = options.maxBodyChunks
    this.#expectsContinue = options.expectsContinue
    this.#server = options.server
    this.#bytesBefore = options.connection.socket.bytesWritten
    options.outgoing.exchange = this
    options.outgoing.on('close', () => this.end())
    options.connection.begin(this)
  }

  get address(): string | undefined {
    return this.judgement === undefined ? this.connection.address : this.judgement.client
  }

  get scheme(): 'http' | 'https' {
    return this.connection.isEncrypted ? 'https' : 'http'
  }

  get authority(): string | undefined {
    return this.judgement === undefined ? askedAuthority(this.incoming) : this.judgement.authority
  }

  get isInsider(): boolean | undefined {
    // On a listener without rules, no caller has been found to be an insider.
    const { isAnswered, isInsider } = this.judgement ?? {}
    return isAnswered === isInsider ? isInsider : undefined
  }

  get metricsAccess(): 'open' | 'token' | undefined {
    const { metrics } = this.#server
    if (metrics === 'machine') return isForThisMachine(this.incoming, this.connection.address) ? 'open' : undefined
    return metrics === 'none' ? undefined : metrics
  }

  get showsPage(): boolean {
    const { page } = this.#server
    return page === 'open' || (page === 'machine' && isForThisMachine(this.incoming, this.connection.address))
  }

  get isProbe(): boolean {
    const { url = '', method } = this.incoming
    return PROBES.includes(url) && (method === 'GET' || method === 'HEAD')
  }

  /** Whether bytes of bodies are counted. */
  get countsBytes(): boolean {
    return this.#server.countsBytes
  }

  get certificate(): ClientCertificate | undefined {
    return this.connection.certificate
  }

  /** Whether bytes of the body have yet to arrive. */
  get awaitsBody(): boolean {
    if (this.incoming.complete || !this.#hasBody()) return false
    // Node says that a message is complete a moment after its last byte is there.
    return !this.#isTaken && !this.#isWhole()
  }

  readBody(maximum: number): MaybePromise<Uint8Array> {
    const refused = this.#prepareBody(maximum)
    if (refused !== undefined) throw refused
    if (!this.#hasBody()) return EMPTY
    return this.#takeBody() ?? this.#collectBody(maximum)
  }

  borrowBody(maximum: number): Promise<LentBody> {
    const refused = this.#prepareBody(maximum)
    if (refused !== undefined) throw refused
    if (!this.#hasBody()) return Promise.resolve(NOTHING)
    return new Promise((resolve, reject) => {
      const limits = { maximum, maxChunks: this.#maxBodyChunks }
      this.#reading = lendBody(this.incoming, limits, { resolve, reject })
    })
  }

  /**
   * The body, where it has come with the head: without listeners, and without a promise. Of a declared length, since
   * that is within the limits, and chunks would have to be counted.
   */
  #takeBody(): Uint8Array | undefined {
    if (!this.#isWhole()) return undefined
    this.#isTaken = true
    const read: unknown = this.incoming.read()
    const body = read instanceof Uint8Array ? read : EMPTY
    this.#bytesTaken = body.byteLength
    return body
  }

  #collectBody(maximum: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const limits = { maximum, maxChunks: this.#maxBodyChunks }
      this.#reading = collectBody(this.incoming, limits, { resolve, reject })
    })
  }

  streamBody(maximum: number): ReadableStream<Uint8Array> | null {
    const refused = this.#prepareBody(maximum)
    if (refused !== undefined) throw refused
    if (!this.#hasBody()) return null
    const { stream, reading } = streamBody(this.incoming, { maximum, maxChunks: this.#maxBodyChunks })
    this.#reading = reading
    return stream
  }

  onEnd(listener: (end: ResponseEnd) => void): void {
    this.#endListener = listener
  }

  track(response: Response, streaming: boolean): Response {
    this.streaming = streaming
    return response
  }

  /** Calls back, before {@link onEnd}, when the response ends before it is complete. At most one listener. */
  onCut(listener: () => void): void {
    this.#cutListener = listener
  }

  /** The head of the response is about to be written: is it the last one of this connection? */
  decideConnection(): void {
    if (this.#server.closing || this.awaitsBody) this.connection.closeAfterResponse()
    // A caller that pipelines has more answers to come, and Node would close before them.
    if (this.connection.closing && this.connection.latest === this) this.outgoing.shouldKeepAlive = false
  }

  /** The body will not arrive whole: its reader, now or later, gets this error. */
  failBody(error: RequestError): void {
    this.#bodyFailure ??= error
    this.#reading?.fail(error)
  }

  /** The answer broke on our side while it was sent: what follows is not the caller's leaving. */
  breakAnswer(thrown: unknown): void {
    this.#failure ??= { thrown }
  }

  /** The response is over, sent or not. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    const failure = this.#failure
    const aborted = failure === undefined && (!this.outgoing.writableFinished || this.connection.isBroken)
    if (this.awaitsBody) this.failBody(new RequestError('client_closed'))
    this.leaveTurn?.()
    this.#cutListener?.()
    this.#endListener?.({
      aborted,
      failure,
      bytes: this.connection.socket.bytesWritten - this.#bytesBefore,
      requestBytes: this.#reading?.bytes ?? this.#bytesTaken,
      responseBytes: this.outgoing.bodyBytes,
    })
    if (this.#server.closing) this.connection.closeAfterResponse()
    this.connection.settle(this)
  }

  #prepareBody(maximum: number): RequestError | undefined {
    if (this.#bodyFailure !== undefined) return this.#bodyFailure
    if (this.#declaredLength() > maximum) return tooLarge(maximum)
    if (this.#expectsContinue && !this.outgoing.headersSent) this.outgoing.writeContinue()
    this.#expectsContinue = false
    return undefined
  }

  /** Bytes of the body as the head declares them. -1: it does not, as where they come in chunks. */
  #declaredLength(): number {
    this.#length ??= Number(this.incoming.headers['content-length'] ?? -1)
    return this.#length
  }

  #hasBody(): boolean {
    const length = this.#declaredLength()
    return length === -1 ? this.incoming.headers['transfer-encoding'] !== undefined : length > 0
  }

  /** Whether as many bytes as were declared wait to be read. */
  #isWhole(): boolean {
    return this.incoming.readableLength === this.#declaredLength()
  }
}
