import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { StartupError } from '../../errors/startup-error.ts'

/** The part of `@grpc/grpc-js` that is used. The package is an optional peer, so its types cannot be imported. */
export interface GRPCModule {
  readonly Server: new (options: object) => GRPCServer
  readonly ServerCredentials: { createInsecure(): object }
  readonly ServerInterceptingCall: new (next: InterceptedCall, responder: object) => object
  readonly Metadata: new () => GRPCMetadata
}

export interface GRPCServer {
  addService(definition: object, handlers: Readonly<Record<string, (call: GRPCCall) => void>>): void
  createConnectionInjector(credentials: object): ConnectionInjector
  forceShutdown(): void
}

/** Hands connections to a server that listens to none itself. */
export interface ConnectionInjector {
  injectConnection(socket: Duplex): void
  /** Lets every connection finish its calls, and take no further one. */
  destroy(): void
}

export interface GRPCMetadata {
  get(name: string): readonly (string | Uint8Array)[]
  add(name: string, value: string): void
  /** The first value of each name. */
  getMap(): Readonly<Record<string, string | Uint8Array>>
}

/** A call, with messages in both directions. */
export interface GRPCCall extends Duplex {
  readonly metadata: GRPCMetadata
  getPath(): string
  /** The authority that the caller names. */
  getHost(): string
  /** In milliseconds since 1970; Infinity where there is none. */
  getDeadline(): Date | number
  sendMetadata(metadata: GRPCMetadata): void
}

/** A call before its handler. */
export interface InterceptedCall {
  sendStatus(status: { readonly code: number }): void
  getConnectionInfo(): ConnectionEnds
}

/** Both ends of a connection. */
export interface ConnectionEnds {
  readonly localAddress?: string | undefined
  readonly localPort?: number | undefined
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
}

const MODULE = '@grpc/grpc-js'

/**
 * Loads the gRPC library that is installed where the predictor is, in the current folder, or beside Incant.
 *
 * @param module - The module next to which packages of the predictor are installed.
 * @param others - Modules next to which it may be installed instead: a model that is a file of data has none of a person's.
 * @throws {StartupError} `grpc_missing`
 */
export function requireGRPC(
  module: string | URL | undefined,
  others: readonly string[] = [join(process.cwd(), 'index.js'), import.meta.url],
): GRPCModule {
  const places = module === undefined ? others : [module, ...others]
  let cause: unknown
  for (const place of places) {
    try {
      // What it exports is its documented interface.
      return createRequire(place)(MODULE) as GRPCModule
    } catch (error) {
      cause ??= error
    }
  }
  throw new StartupError({
    code: 'grpc_missing',
    found: `--grpc-listen (the option "grpcListen") needs ${MODULE}, which cannot be loaded from where the predictor is`,
    instead: `Install it there: npm install ${MODULE}`,
    cause,
  })
}
