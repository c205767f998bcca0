import { silentLogger } from '../log/logger.ts'
import type { PredictSignature } from '../signature/signature.ts'
import { checkGRPC } from './check-grpc.ts'
import { chooseEngine } from './choose-engine.ts'
import { planFront } from './front.ts'
import { closeAll, type ModelsToServe, readModels, type ServeModelsOptions } from './read-models.ts'
import { checkRuntime } from './runtime-check.ts'
import { readServeOptions } from './serve-options.ts'

/**
 * Refuses everything that `serveModels` would refuse of models and options, and starts nothing: no socket, no process.
 *
 * @returns The signature of each model, decorators applied.
 * @throws {StartupError} As `serveModels`, but for what only shows when it listens or sets up.
 */
export async function checkModels(
  models: ModelsToServe,
  options: ServeModelsOptions,
): Promise<ReadonlyMap<string, PredictSignature>> {
  checkRuntime()
  const { split: _split, ...shared } = options
  const { settings, app, authLimits, corsOrigins } = readServeOptions(shared)
  const found = await readModels(models, options)
  await closeAll(found)
  for (const { read } of found) chooseEngine(read.settings, read.source)
  const [first] = found
  await checkGRPC({ models: found.map(({ host }) => host), settings, module: first?.read.source?.module })
  const predictors = found.map(({ host }) => host.predictor)
  const { secrets, logger = silentLogger } = app
  planFront({ predictors, settings, logger, secrets, authLimits, corsOrigins }).close()
  return new Map(found.map(({ id, host }) => [id, host.signature]))
}
