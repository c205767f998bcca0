import { type AskedModel, requireFaceOfSome } from '../app/faces/choose-faces.ts'
import { grpcFace } from '../faces/grpc/face.ts'
import type { ResolvedServerSettings } from '../options/server-options.ts'

/** The settings of gRPC. */
export interface CheckedGRPC {
  readonly models: readonly AskedModel[]
  readonly settings: ResolvedServerSettings
  /** The module next to which packages of the predictor are installed. */
  readonly module: string | URL | undefined
}

/**
 * Refuses what a server that is to answer gRPC would refuse.
 *
 * @throws {StartupError} `protocol_unfit`, `grpc_missing`.
 */
export async function checkGRPC({ models, settings, module }: CheckedGRPC): Promise<void> {
  if (settings.grpcListen === '') return
  requireFaceOfSome(grpcFace, models)
  const { requireGRPC } = await import('./grpc/grpc-module.ts')
  requireGRPC(module)
}
