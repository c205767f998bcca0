import type { RequestErrorCode } from '../../errors/codes.ts'
import { RequestError } from '../../errors/request-error.ts'
import { STATUS } from '../../faces/grpc/status.ts'
import type { ResolvedServerSettings } from '../../options/server-options.ts'
import type { ConnectionEnds, ConnectionInjector, GRPCCall, GRPCModule, InterceptedCall } from './grpc-module.ts'
import { keepRepeatedAuthorization } from './repeated-authorization.ts'

/** Calls that one connection may have open at once. A client with more waits. */
const MAX_STREAMS = 128

/** The facts about a call, collected before its handler runs. */
export interface CallFacts {
  readonly ends: ConnectionEnds
  /** The status with which the library, or we, have ended the call. */
  code: number | undefined
}

/** Options of {@link makeGRPCServer}. */
export interface GRPCServerOptions {
  readonly grpc: GRPCModule
  readonly settings: ResolvedServerSettings
  readonly maxBodySize: number
  readonly paths: readonly string[]
  readonly onCall: (call: GRPCCall, facts: CallFacts) => void
}

/** The library's server: it speaks the protocol on connections that are handed to it. */
export interface RunningGRPC extends Pick<ConnectionInjector, 'injectConnection'> {
  /** Lets every connection finish its calls, and take no further one. */
  finish(): void
  /** Ends it at once. */
  close(): void
}

/**
 * Sets up the library's server. Every method is one of messages both ways, which on the wire are all the same: so a handler
 * begins when the metadata is there, and can refuse a call before its message is read.
 */
export function makeGRPCServer({ grpc, settings, maxBodySize, paths, onCall }: GRPCServerOptions): RunningGRPC {
  const facts = new WeakMap<object, CallFacts>()
  const server = new grpc.Server({
    'grpc.max_receive_message_length': maxBodySize,
    'grpc.max_send_message_length': -1,
    'grpc.max_concurrent_streams': MAX_STREAMS,
    'grpc.max_connection_idle_ms': settings.keepAliveTimeout,
    // Finds peers that are gone without a word.
    'grpc.keepalive_time_ms': settings.keepAliveTimeout,
    'grpc.keepalive_timeout_ms': 20_000,
    'grpc.enable_channelz': 0,
    interceptors: [(_method: object, call: InterceptedCall) => observe(call, facts, grpc)],
  })
  const handle = (call: GRPCCall): void => onCall(call, facts.get(call.metadata) ?? { ends: {}, code: undefined })
  keepRepeatedAuthorization(server)
  server.addService(
    Object.fromEntries(paths.map(path => [path, describeMethod(path)])),
    Object.fromEntries(paths.map(path => [path, handle])),
  )
  const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure())
  return {
    injectConnection: socket => injector.injectConnection(socket),
    finish: () => injector.destroy(),
    close: () => server.forceShutdown(),
  }
}

function describeMethod(path: string): object {
  const asIs = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return {
    path,
    requestStream: true,
    responseStream: true,
    requestDeserialize: asIs,
    requestSerialize: asIs,
    responseDeserialize: asIs,
    responseSerialize: asIs,
  }
}

/** Notes the connection of a call, and how it is ended: also what the library ends itself passes through `sendStatus`. */
function observe(call: InterceptedCall, facts: WeakMap<object, CallFacts>, grpc: GRPCModule): object {
  const found: CallFacts = { ends: call.getConnectionInfo(), code: undefined }
  const sendStatus = call.sendStatus.bind(call)
  call.sendStatus = status => {
    found.code ??= status.code
    sendStatus(status)
  }
  const onReceiveMetadata = (metadata: object, next: (metadata: object) => void): void => {
    facts.set(metadata, found)
    next(metadata)
  }
  return new grpc.ServerInterceptingCall(call, {
    start: (next: (listener: object) => void) => next({ onReceiveMetadata }),
  })
}

const BY_STATUS: Readonly<Record<number, RequestErrorCode>> = {
  [STATUS.resourceExhausted]: 'body_too_large',
  [STATUS.deadlineExceeded]: 'deadline_exceeded',
  [STATUS.unimplemented]: 'unsupported_encoding',
  [STATUS.internal]: 'bad_request',
}

/** The error for a call that the library itself refused. Undefined: it refused nothing, and the caller has left. */
export function refusalOfLibrary({ code }: CallFacts): RequestError | undefined {
  const error = code === undefined ? undefined : BY_STATUS[code]
  return error === undefined ? undefined : new RequestError(error)
}
