import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTLSServer } from 'node:tls'
import type { FaceMethods } from '../../app/faces/methods-of-face.ts'
import { describeThrown } from '../../errors/describe-thrown.ts'
import { RequestError } from '../../errors/request-error.ts'
import { grpcFace, WATCH } from '../../faces/grpc/face.ts'
import { STATUS } from '../../faces/grpc/status.ts'
import type { Logger } from '../../log/logger.ts'
import type { ForwardingHeader } from '../../network/forwarded.ts'
import type { Judgement } from '../../network/network-policy.ts'
import type { ResolvedServerSettings } from '../../options/server-options.ts'
import type { Door } from '../gate/door.ts'
import type { GateRefusal } from '../gate/gate-refusal.ts'
import { secureOptions } from '../gate/make-server.ts'
import { OpenConnections } from '../gate/open-connections.ts'
import { RequestLine } from '../gate/request-line.ts'
import type { ListenerPlan } from '../listening/plan-listeners.ts'
import type { Certificate } from '../tls/certificate.ts'
import type { ServedCertificate } from '../tls/served-certificate.ts'
import { type GRPCConnection, GRPCConnections } from './grpc-connections.ts'
import { GRPCHeaders, inspectMetadata } from './grpc-headers.ts'
import type { GRPCCall, GRPCModule } from './grpc-module.ts'
import { type CallFacts, makeGRPCServer, type RunningGRPC, refusalOfLibrary } from './grpc-server.ts'
import { unimplemented } from './grpc-status.ts'
import { GRPCTransport, refuseCall } from './grpc-transport.ts'
import { GRPCWatchers } from './grpc-watchers.ts'

/** Options of {@link GRPCGate}. */
export interface GRPCGateOptions {
  readonly grpc: GRPCModule
  readonly settings: ResolvedServerSettings
  readonly logger: Logger
  readonly plan: ListenerPlan
  /** Undefined: without TLS. */
  readonly certificate: ServedCertificate | undefined
}

/**
 * Everything between the socket and the application for calls of gRPC, on the terms of the gate for HTTP/1.1: sockets, TLS,
 * limits and the network policy are ours, and the library gets connections that have passed.
 */
export class GRPCGate implements Door {
  readonly server: Server
  readonly #options: GRPCGateOptions
  readonly #connections = new GRPCConnections()
  readonly #sockets = new Set<Socket>()
  readonly #open: OpenConnections
  readonly #line: RequestLine
  #methods: FaceMethods | undefined
  #running: RunningGRPC | undefined
  #watchers: GRPCWatchers
  #closing = false
  #droppedAt = Number.NEGATIVE_INFINITY

  constructor(options: GRPCGateOptions) {
    const { settings, plan } = options
    this.#options = options
    this.#open = new OpenConnections(settings.maxConnections)
    this.#line = new RequestLine({ settings, trustedProxies: plan.network.trustedProxies })
    this.#watchers = new GRPCWatchers(() => this.#methods?.isReady() === true)
    this.server = makeServer(options)
    this.server.maxConnections = this.#open.maximum
    this.server.on('connection', socket => this.#onConnection(socket))
    this.server.on('drop', () => this.#onDrop())
    this.server.on(options.certificate === undefined ? 'connection' : 'secureConnection', socket =>
      this.#onSecured(socket),
    )
  }

  /** Lets calls through to methods from now on. */
  open(methods: FaceMethods): void {
    this.#methods = methods
    const { grpc, settings } = this.#options
    this.#running ??= makeGRPCServer({
      ...{ grpc, settings, maxBodySize: methods.maxBodySize },
      paths: grpcFace.routes.map(({ path }) => path),
      onCall: (call, facts) => this.#onCall(call, facts),
    })
  }

  get closing(): boolean {
    return this.#closing
  }

  /** Calls are answered as before; those that watch the health are told that it is over. */
  drain(): void {
    this.#closing = true
    // The application drains in this turn, too.
    queueMicrotask(() => this.#watchers.look())
  }

  stopListening(): Promise<void> {
    this.#watchers.end()
    this.#running?.finish()
    this.#line.open()
    return new Promise(resolve => this.server.close(() => resolve()))
  }

  disconnect(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#running?.close()
  }

  /** Of TLS before the handshake. */
  #onConnection(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => this.#sockets.delete(socket))
    if (this.#open.take(socket)) return
    socket.destroy()
    this.#onDrop()
  }

  #onSecured(socket: Socket): void {
    if (socket.destroyed) return
    socket.on('error', () => {})
    this.#connections.add(socket)
    this.#running?.injectConnection(socket)
  }

  #onCall(call: GRPCCall, facts: CallFacts): void {
    const connection = this.#connections.find(facts.ends)
    const methods = this.#methods
    // What is known of nobody is answered for nobody.
    if (connection === undefined || methods === undefined) refuseCall(call, unimplemented(call.getPath()))
    else this.#begin(this.#transportOf(call, connection, facts), call, methods)
  }

  #transportOf(call: GRPCCall, connection: GRPCConnection, facts: CallFacts): GRPCTransport {
    const { settings, grpc } = this.#options
    return new GRPCTransport({
      ...{ call, connection, bodyTimeout: settings.bodyTimeout, stallTimeout: settings.stallTimeout },
      judgement: this.#judge(call, connection),
      isProbe: PROBES.includes(call.getPath()),
      makeMetadata: () => new grpc.Metadata(),
      endOfLibrary: () => refusalOfLibrary(facts),
      onStalled: () => this.#cut(connection),
    })
  }

  #judge(call: GRPCCall, { address, localAddress }: GRPCConnection): Judgement {
    const headers = new GRPCHeaders(call.metadata)
    return this.#options.plan.network.judge({
      ...{ peer: address, local: localAddress, authority: call.getHost() },
      header: (name: ForwardingHeader | 'x-forwarded-host') => headers.get(name) ?? undefined,
    })
  }

  #begin(transport: GRPCTransport, call: GRPCCall, methods: FaceMethods): void {
    const path = call.getPath()
    const answer = async (refusal?: RequestError): Promise<void> => {
      const endpoint = refusal === undefined ? methods.find(path) : undefined
      const answered = await (endpoint ?? methods.refuse(path, refusal ?? new RequestError('not_found')))(
        transport.source,
      )
      const isWatch = path === WATCH && answered.status === 200
      transport.send(answered, isWatch)
      if (isWatch) this.#watchers.add(call)
    }
    // A caller from outside of the network does not learn what is wrong with a call.
    const refusal = transport.isInsider === false ? undefined : inspectMetadata(call.metadata, this.#options.settings)
    const run = (error?: RequestError): void => void answer(error).catch(thrown => this.#fail(call, thrown))
    if (refusal !== undefined) run(toError(refusal))
    else
      this.#line.enter(transport, {
        begin: () => run(),
        refuse: late => run(toError(late)),
        leave: () => run(new RequestError('client_closed')),
      })
  }

  /** A defect of Incant or of the library: nothing that predict throws comes here. */
  #fail(call: GRPCCall, thrown: unknown): void {
    this.#options.logger.log('error', 'a call failed outside the application', { error: describeThrown(thrown) })
    refuseCall(call, { code: STATUS.internal, details: 'Internal server error' })
  }

  /** A call cannot be ended while its caller reads nothing: its connection is. */
  #cut({ socket, address }: GRPCConnection): void {
    this.#options.logger.log('warn', 'a client stopped reading its response and was cut off', { client: address })
    socket.destroy()
  }

  /** One line a second at most: a flood of connections must not become a flood of lines. */
  #onDrop(): void {
    const now = performance.now()
    if (now - this.#droppedAt < 1000) return
    this.#droppedAt = now
    const { logger, settings } = this.#options
    const fields = { open: this.#open.maximum, maxConnections: settings.maxConnections }
    logger.log('warn', 'connection limit reached: new connections for gRPC are closed', fields)
  }
}

/** They do not wait for those that keep the server busy. */
const PROBES: readonly string[] = [
  WATCH,
  '/grpc.health.v1.Health/Check',
  '/inference.GRPCInferenceService/ServerLive',
  '/inference.GRPCInferenceService/ServerReady',
]

function toError({ code, detail, retryAfter }: GateRefusal): RequestError {
  return new RequestError(code, {
    ...(detail === undefined ? {} : { detail }),
    ...(retryAfter === undefined ? {} : { headers: { 'Retry-After': String(retryAfter) } }),
  })
}

function makeServer({ settings, plan, certificate }: GRPCGateOptions): Server {
  if (certificate === undefined) return createServer({ noDelay: true })
  const secure = (current: Certificate) => ({ ...secureOptions(current, plan), ALPNProtocols: ['h2'] })
  const handshakeTimeout = settings.headersTimeout
  const server = createTLSServer({ ...secure(certificate.current), handshakeTimeout })
  certificate.follow(current => server.setSecureContext(secure(current)))
  return server
}
