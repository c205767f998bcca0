import { Hono } from 'hono'
import { Authenticator } from '../auth/admission/authenticator.ts'
import { refuseUnreadable } from '../auth/admission/readable-payload.ts'
import { platformSecrets } from '../auth/secrets/platform-secrets.ts'
import { InlineEngine } from '../engine/inline-engine.ts'
import type { DocumentReader } from '../http/document-reader.ts'
import { describeFailure } from '../http/failure.ts'
import { consoleLogger, type Logger } from '../log/logger.ts'
import { OriginList } from '../network/origin-list.ts'
import { readPrivateNetworks } from '../network/private-network.ts'
import { APP_OPTIONS } from '../options/app-options.ts'
import { readOptions } from '../options/read.ts'
import type { PredictorClass } from '../predictor/base-predictor.ts'
import { readConcurrency } from '../predictor/concurrency.ts'
import { completeModelInfo } from '../predictor/model-info.ts'
import { attachedSignature } from '../signature/attached.ts'
import { parseSignature } from '../signature/parse.ts'
import { type ResolvedSignature, resolveSignature } from '../signature/resolve.ts'
import type { PredictSignature } from '../signature/signature.ts'
import { TYPES_ADVICE } from '../signature/types-advice.ts'
import { AccessLog } from './access-log/access-log.ts'
import type { AppOptions, EngineFactory } from './app-options.ts'
import { chooseReader } from './choose-reader.ts'
import { readConfig } from './config.ts'
import { DIRECT_ENDPOINTS, type DirectEndpoints } from './endpoint.ts'
import { Lifecycle } from './lifecycle.ts'
import type { PredictorApp } from './predictor-app.ts'
import { describeApp } from './recorded-app.ts'
import { requirePredictor } from './require-predictor.ts'
import { addRoutes } from './routes.ts'
import { checkWarmup } from './warm-up.ts'

/**
 * Makes a Hono application that serves a predictor. Its setup starts at once.
 *
 * @example
 * ```ts
 * const app = createApp(Predictor)
 * await app.ready
 * const response = await app.request('/predict', { method: 'POST', body: '{"text":"hi"}' })
 * ```
 * @throws {StartupError} Where the predictor or an option cannot work; each code is in `docs/errors.md`.
 */
export function createApp(predictor: PredictorClass, options: AppOptions = {}): PredictorApp {
  requirePredictor(predictor)
  const {
    signature: given,
    unchecked = false,
    config,
    modelInfo,
    tracing,
    logger: plainLogger = consoleLogger,
    callScope,
    secrets = platformSecrets,
    recorder,
    metricsPage,
    engine: makeEngine = makeInlineEngine,
    documentReader: makeReader,
    ...settingsGiven
  } = options
  const logger = tracing?.identify(plainLogger) ?? plainLogger
  const { concurrency = readConcurrency(predictor) } = settingsGiven
  const settings = readOptions(APP_OPTIONS, { ...settingsGiven, concurrency })
  const read = given === undefined ? attachedSignature(predictor) : parseSignature(given)
  const resolved = resolveSignature(predictor, read)
  const authenticator = new Authenticator({ ...settings, predictor, logger, secrets })
  try {
    refuseUnreadable(authenticator.payloadStrategies, resolved.signature)
    const model = completeModelInfo(modelInfo)
    const engine = makeEngine({
      ...settings,
      predictor,
      roles: resolved.signature.parameters.map(parameter => parameter.role),
      config: readConfig(resolved.signature, config),
      warmup: checkWarmup(predictor, resolved),
      modelInfo: model,
      logger,
      recorder,
      figures: recorder?.predictor,
      callScope: callScope ?? ((_id, call) => call()),
      describe: (thrown, call) => describeFailure(thrown, call.id, logger),
    })
    const reader = makeReader && chooseReader(makeReader, { resolved, settings, authenticator })
    const lifecycle = new Lifecycle(engine)
    const app = new Hono()
    const accessLog = new AccessLog(logger, settings.logRate)
    const isPrivate = readPrivateNetworks(predictor).length > 0
    const host = {
      settings,
      ...resolved,
      modelInfo: model,
      isPrivate,
      authenticator,
      origins: new OriginList(settings.corsOrigins),
      engine,
      reader,
      lifecycle,
      logger,
      accessLog,
      tracing,
      recorder,
      metricsPage,
    }
    const direct = addRoutes(app, host)
    if (authenticator.access === 'public') logger.log('info', 'everybody may call: @publicAccess() says so')
    if (resolved.unchecked && !unchecked) warnOfUnchecked(resolved, logger)
    const forget = recorder?.watch(describeApp(host))
    return present(app, { signature: resolved.signature, authenticator, lifecycle, direct, accessLog, forget, reader })
  } catch (error) {
    // The start fails with this error; one more that closing has would hide it.
    authenticator.close().catch(() => {})
    throw error
  }
}

const makeInlineEngine: EngineFactory = options => new InlineEngine(options)

function warnOfUnchecked({ signature }: ResolvedSignature, logger: Logger): void {
  const { className } = signature
  logger.log('warn', `nothing tells the types of ${className}.predict: its payload is not checked. ${TYPES_ADVICE}`)
}

interface Parts {
  readonly signature: PredictSignature
  readonly authenticator: Authenticator
  readonly lifecycle: Lifecycle
  readonly direct: DirectEndpoints
  readonly accessLog: AccessLog
  /** Ends what is recorded of it. */
  readonly forget: (() => void) | undefined
  readonly reader: DocumentReader | undefined
}

function present(app: Hono, parts: Parts): PredictorApp {
  const { signature, authenticator, lifecycle, direct, accessLog, forget, reader } = parts
  return Object.defineProperties(app, {
    signature: { value: signature },
    [DIRECT_ENDPOINTS]: { value: direct },
    access: { value: authenticator.access },
    challenges: { value: authenticator.challenges },
    ready: { value: lifecycle.ready },
    state: { get: () => lifecycle.state },
    unfinished: { get: () => lifecycle.unfinished },
    drain: { value: () => lifecycle.drain() },
    stop: { value: () => lifecycle.stop() },
    close: {
      value: () => {
        accessLog.close()
        return lifecycle.close().finally(() => {
          forget?.()
          void reader?.close()
          return authenticator.close()
        })
      },
    },
    // The properties just defined are the interface's.
  }) as PredictorApp
}
