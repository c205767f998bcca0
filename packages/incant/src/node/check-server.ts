import { AppHost } from '../app/app-host.ts'
import { silentLogger } from '../log/logger.ts'
import type { PredictorClass } from '../predictor/base-predictor.ts'
import { checkGRPC } from './check-grpc.ts'
import { chooseEngine } from './choose-engine.ts'
import { planFront } from './front.ts'
import { checkRuntime } from './runtime-check.ts'
import { readServeOptions, type ServeOptions } from './serve-options.ts'

/**
 * Refuses everything that `serve` would refuse of a predictor and its options, and starts nothing: no socket, no process.
 *
 * @throws {StartupError} As `serve`, but for what only shows when it listens or sets up.
 */
export async function checkServer(predictor: PredictorClass, options: ServeOptions): Promise<void> {
  checkRuntime()
  const { settings, app, authLimits, corsOrigins, source } = readServeOptions(options)
  const host = new AppHost(predictor, app)
  await host.authenticator.close()
  chooseEngine(settings, source)
  await checkGRPC({ models: [host], settings, module: source?.module })
  const { secrets, logger = silentLogger } = app
  planFront({ predictors: [predictor], settings, logger, secrets, authLimits, corsOrigins }).close()
}
