import type { IncomingMessage } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { AccessLog } from '../../app/access-log/access-log.ts'
import { RequestError } from '../../errors/request-error.ts'
import type { Logger } from '../../log/logger.ts'
import type { Recorder } from '../../metrics/recorder.ts'
import { hostOf } from '../../network/host-list.ts'
import type { OriginList } from '../../network/origin-list.ts'
import type { ResolvedServerSettings } from '../../options/server-options.ts'
import type { InsiderAccess, MetricsAccess } from '../listening/metrics-access.ts'
import type { ListenerPlan } from '../listening/plan-listeners.ts'
import type { ServedCertificate } from '../tls/served-certificate.ts'
import { Connection } from './connection.ts'
import type { Door } from './door.ts'
import type { GateRefusal } from './gate-refusal.ts'
import type { GateResponse } from './gate-response.ts'
import { inspectRequest } from './inspect-request.ts'
import { hideExchange, judgeExchange, mayExplain } from './judge-exchange.ts'
import { type GateServer, makeServer } from './make-server.ts'
import { NodeTransport } from './node-transport.ts'
import { OpenConnections } from './open-connections.ts'
import { type ParserError, refusalOf } from './parser-error.ts'
import { noteLeft, refuseOnSocket, refuseRequest } from './refuse.ts'
import { RequestLine } from './request-line.ts'

/** The handler of the requests that the gate admits. */
export type GateListener = (incoming: IncomingMessage, outgoing: GateResponse) => unknown

/** Options of {@link Gate}. */
export interface GateOptions {
  readonly settings: ResolvedServerSettings
  readonly logger: Logger
  /** Takes the lines of requests that are refused here. */
  readonly accessLog: AccessLog
  readonly plan: ListenerPlan
  /** Undefined: plain HTTP. */
  readonly certificate: ServedCertificate | undefined
  /** Where requests are counted that do not reach the application. */
  readonly recorder: Recorder | undefined
  /** Web pages of other origins that may call, and read what is refused here. */
  readonly origins: OriginList
}

/**
 * Everything between the socket and the application that is about HTTP itself: framing, limits on heads, connections.
 * What Node's parser takes and should not, and what it refuses with an empty body, gets a problem document here.
 */
export class Gate implements Door {
  readonly server: GateServer
  /** Every response is the last one of its connection from now on. */
  closing = false
  readonly countsBytes: boolean
  readonly metrics: MetricsAccess
  readonly page: InsiderAccess
  readonly #options: GateOptions
  readonly #connections = new WeakMap<Duplex, Connection>()
  readonly #sockets = new Set<Socket>()
  #listener: GateListener = refuseUnopened
  #challenges: readonly string[] = []
  readonly #line: RequestLine
  readonly #open: OpenConnections
  #hasToldOfName = false
  #droppedAt = Number.NEGATIVE_INFINITY

  constructor(options: GateOptions) {
    this.#options = options
    this.countsBytes = options.recorder !== undefined
    this.metrics = options.plan.metrics
    this.page = options.plan.page
    this.#line = new RequestLine({ settings: options.settings, trustedProxies: options.plan.network.trustedProxies })
    this.#open = new OpenConnections(options.settings.maxConnections)
    this.server = makeServer(options)
    this.#limit()
    this.#listen()
  }

  /**
   * Lets requests through to a listener from now on.
   *
   * @param challenges - The challenges for callers whose credentials are refused here.
   */
  open(listener: GateListener, challenges: readonly string[] = []): void {
    this.#listener = listener
    this.#challenges = challenges
  }

  drain(): void {
    this.closing = true
    // Not the method of http.Server, which ends idle connections, too: a request may be on its way to them.
    if (this.#options.plan.fd !== undefined) NetServer.prototype.close.call(this.server)
  }

  /** Idle connections go at once, the others after the response they owe. Requests that wait are answered as at the end. */
  stopListening(): Promise<void> {
    return new Promise(resolve => {
      this.server.close(() => resolve())
      this.server.closeIdleConnections()
      this.#line.open()
    })
  }

  /** Ends every connection at once. */
  disconnect(): void {
    for (const socket of this.#sockets) this.#connections.get(socket)?.cut()
    // Those that are still shaking hands, too.
    for (const socket of this.#sockets) socket.destroy()
  }

  #limit(): void {
    // With a limit Node drops the lines past it, without a word. 0 keeps them all, so that they can be counted.
    this.server.maxHeadersCount = 0
    this.server.maxConnections = this.#open.maximum
    this.server.on('timeout', socket => this.#onSilence(socket))
  }

  #listen(): void {
    const { server } = this
    const isEncrypted = this.#options.certificate !== undefined
    server.on(isEncrypted ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.#connections.set(socket, new Connection(socket, this.#options.settings.stallTimeout))
      this.#keep(socket)
    })
    server.on('connection', (socket: Socket) => this.#onConnection(socket))
    server.on('request', (incoming, outgoing) => this.#onRequest(incoming, outgoing, false))
    // Without this listener Node sends `100 Continue` before the credentials are checked.
    server.on('checkContinue', (incoming, outgoing) => this.#onRequest(incoming, outgoing, true))
    server.on('checkExpectation', (incoming, outgoing) => this.#onRequest(incoming, outgoing, false))
    // Without this one Node closes the connection of a CONNECT without an answer.
    server.on('connect', (incoming, socket) => this.#onConnect(incoming, socket))
    server.on('clientError', (error: ParserError, socket) => this.#onClientError(error, socket))
    server.on('drop', () => this.#onDrop())
  }

  /** Of TLS before the handshake: connections that are still shaking hands are not known to HTTP. */
  #onConnection(socket: Socket): void {
    this.#keep(socket)
    if (this.#open.take(socket)) return
    socket.destroy()
    this.#onDrop()
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
  }

  #onRequest(incoming: IncomingMessage, outgoing: GateResponse, expectsContinue: boolean): void {
    const connection = this.#connections.get(incoming.socket)
    if (connection === undefined || connection.closing) return
    const { maxBodyChunks } = this.#options.settings
    const parts = { connection, incoming, outgoing, maxBodyChunks, expectsContinue, server: this }
    const exchange = new NodeTransport(parts)
    const refusal = inspectRequest(incoming, this.#options.settings)
    if (refusal !== undefined) this.#refuse(exchange, refusal)
    else {
      const misnamed = judgeExchange(exchange, this.#options.plan)
      if (misnamed !== undefined) this.#tellOfName(misnamed)
      this.#line.enter(exchange, {
        begin: () => this.#listener(incoming, outgoing),
        refuse: late => refuseRequest(exchange, late, { witness: this.#options, challenges: this.#challenges }),
        leave: () => noteLeft(exchange, this.#options),
      })
    }
  }

  /** Once: a proxy's name is missing in the settings, or a web page tries the address of this machine. */
  #tellOfName(host: string): void {
    if (this.#hasToldOfName) return
    this.#hasToldOfName = true
    const advice = `--allowed-host ${hostOf(host)} answers it`
    this.#options.logger.log('warn', 'a request for an unknown host name got a 404', { host, advice })
  }

  /**
   * A caller outside the network does not even learn what is wrong with a request; the connection ends all the same.
   */
  #refuse(exchange: NodeTransport, refusal: GateRefusal): void {
    const { connection, incoming, outgoing } = exchange
    if (mayExplain(incoming, connection, this.#options.plan)) {
      refuseRequest(exchange, refusal, { witness: this.#options, challenges: this.#challenges })
      return
    }
    connection.closeAfterResponse()
    hideExchange(exchange, connection.address)
    this.#listener(incoming, outgoing)
  }

  /** As {@link refuseOnSocket}; a caller outside the network gets the 404 of an unknown path. */
  #refuseOnSocket(connection: Connection, refusal: GateRefusal, incoming?: IncomingMessage): void {
    const { plan } = this.#options
    const isTold =
      incoming === undefined ? plan.network.explainsTo(connection.address) : mayExplain(incoming, connection, plan)
    refuseOnSocket(connection, isTold ? refusal : NOTHING_HERE, { witness: this.#options, incoming })
  }

  #onConnect(incoming: IncomingMessage, socket: Duplex): void {
    const connection = this.#connections.get(socket)
    if (connection === undefined || connection.closing || connection.exchanges.length > 0) socket.destroy()
    else this.#refuseOnSocket(connection, NO_TUNNELS, incoming)
  }

  #onClientError(error: ParserError, socket: Duplex): void {
    const connection = this.#connections.get(socket)
    const refusal = refusalOf(error, this.#options.settings.maxUrlLength)
    if (connection === undefined || refusal === undefined || !socket.writable) socket.destroy()
    else this.#refuseBytes(connection, refusal)
  }

  /** Bytes that do not parse, or did not come in time: part of a body, or in the place of a request. */
  #refuseBytes(connection: Connection, refusal: GateRefusal): void {
    const { latest } = connection
    if (latest?.awaitsBody === true) latest.failBody(new RequestError(refusal.code, refusal))
    else if (connection.exchanges.length > 0) connection.closeAfterResponse()
    else if (!connection.closing) this.#refuseOnSocket(connection, refusal)
  }

  /** Nothing has moved on a connection for the stall timeout, or, where it is idle, for the keep-alive timeout. */
  #onSilence(socket: Socket): void {
    const connection = this.#connections.get(socket)
    if (connection === undefined || connection.exchanges.length === 0) socket.destroy()
    // With nothing to send it is predict that is slow, and its deadline sees to that.
    else if (socket.writableLength > 0) cutStalled(connection, this.#options.logger)
  }

  /** One line a second at most: a flood of connections must not become a flood of lines. */
  #onDrop(): void {
    const now = performance.now()
    if (now - this.#droppedAt < 1000) return
    this.#droppedAt = now
    this.#options.logger.log('warn', 'connection limit reached: new connections are closed', {
      open: this.#open.maximum,
      maxConnections: this.#options.settings.maxConnections,
    })
  }
}

const NOTHING_HERE: GateRefusal = { code: 'not_found' }
const NO_TUNNELS: GateRefusal = { code: 'not_implemented', detail: 'This server is not a proxy.' }

const refuseUnopened: GateListener = (_incoming, outgoing) => outgoing.destroy()

function cutStalled(connection: Connection, logger: Logger): void {
  logger.log('warn', 'a client stopped reading its response and was cut off', {
    client: connection.address,
    pendingBytes: connection.socket.writableLength,
  })
  connection.cut()
}
