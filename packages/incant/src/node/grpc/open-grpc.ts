import type { Logger } from '../../log/logger.ts'
import type { ResolvedServerSettings } from '../../options/server-options.ts'
import { listen } from '../listening/listen.ts'
import type { ListenerPlan } from '../listening/plan-listeners.ts'
import type { ServedCertificate } from '../tls/served-certificate.ts'
import { GRPCGate } from './grpc-gate.ts'
import { requireGRPC } from './grpc-module.ts'

/** Options of {@link openGRPC}. */
export interface GRPCOptions {
  readonly plan: ListenerPlan
  readonly settings: ResolvedServerSettings
  readonly logger: Logger
  readonly certificate: ServedCertificate | undefined
  /** The module next to which packages of the predictor are installed. */
  readonly module: string | URL | undefined
}

/** A gate for gRPC that listens. */
export interface BoundGRPC {
  readonly gate: GRPCGate
  /** As clients take it: `127.0.0.1:8001`. */
  readonly address: string
}

/**
 * Loads the library, and listens.
 *
 * @throws {StartupError} `grpc_missing`, and as {@link listen}.
 */
export async function openGRPC({ module, ...options }: GRPCOptions): Promise<BoundGRPC> {
  const gate = new GRPCGate({ ...options, grpc: requireGRPC(module) })
  const url = await listen(gate.server, options.plan)
  return { gate, address: url.replace('http://', '') }
}
