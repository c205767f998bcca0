import { Authenticator } from '../auth/admission/authenticator.ts'
import { refuseUnreadable } from '../auth/admission/readable-payload.ts'
import { platformSecrets } from '../auth/secrets/platform-secrets.ts'
import type { Logger } from '../log/logger.ts'
import { APP_OPTIONS, type ResolvedAppSettings } from '../options/app-options.ts'
import { readOptions } from '../options/read.ts'
import type { PredictorClass } from '../predictor/base-predictor.ts'
import { readConcurrency } from '../predictor/concurrency.ts'
import { completeModelInfo, type ModelInfo } from '../predictor/model-info.ts'
import { attachedSignature } from '../signature/attached.ts'
import { parseSignature } from '../signature/parse.ts'
import { type ResolvedSignature, resolveSignature } from '../signature/resolve.ts'
import type { AppInternals, AppOptions } from './app-options.ts'
import { readConfig } from './config.ts'
import { requirePredictor } from './require-predictor.ts'
import { splitOptions } from './split-options.ts'
import { checkWarmup } from './warm-up.ts'

/** Everything about an application that is known, and checked, before anything is started. */
export interface Blueprint {
  readonly predictor: PredictorClass
  readonly options: AppOptions & AppInternals
  readonly settings: ResolvedAppSettings
  readonly resolved: ResolvedSignature
  readonly authenticator: Authenticator
  readonly config: unknown
  readonly warmup: readonly unknown[] | undefined
  readonly modelInfo: ModelInfo
}

/**
 * Reads and checks everything that an application needs.
 *
 * @param logger - The logger of the authenticator.
 * @throws {StartupError} Where the predictor or an option cannot work.
 */
export function readBlueprint(
  predictor: PredictorClass,
  options: AppOptions & AppInternals,
  logger: Logger,
): Blueprint {
  requirePredictor(predictor)
  const { signature, secrets = platformSecrets, config, modelInfo } = options
  const settings = readSettings(predictor, options)
  const read = signature === undefined ? attachedSignature(predictor) : parseSignature(signature)
  const resolved = resolveSignature(predictor, read)
  const guarded = options.isOwn === true ? class Unguarded {} : predictor
  const authenticator = new Authenticator({ ...settings, predictor: guarded, logger, secrets })
  try {
    refuseUnreadable(authenticator.payloadStrategies, resolved.signature)
    const checked = { config: readConfig(resolved.signature, config), warmup: checkWarmup(predictor, resolved) }
    return {
      predictor,
      options,
      settings,
      resolved,
      authenticator,
      ...checked,
      modelInfo: completeModelInfo(modelInfo),
    }
  } catch (error) {
    // The start fails with this error; one more that closing has would hide it.
    authenticator.close().catch(() => {})
    throw error
  }
}

function readSettings(predictor: PredictorClass, options: AppOptions & AppInternals): ResolvedAppSettings {
  const { settings: given } = splitOptions(options)
  const { concurrency = readConcurrency(predictor) } = given
  return readOptions(APP_OPTIONS, { ...given, concurrency })
}
