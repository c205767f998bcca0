import { createApp } from '../app/create-app.ts'
import type { PredictorApp } from '../app/predictor-app.ts'
import type { Logger } from '../log/logger.ts'
import type { ResolvedServerSettings } from '../options/server-options.ts'
import type { PredictorClass } from '../predictor/base-predictor.ts'
import { chooseEngine } from './choose-engine.ts'
import { CurrentApp } from './current-app.ts'
import { type Front, openFront } from './front.ts'
import { type ConsoleCapture, captureConsole } from './log/capture-console.ts'
import { createLogger } from './log/create-logger.ts'
import type { PredictorServer, ReplaceOptions } from './predictor-server.ts'
import { requestListener } from './request-listener.ts'
import { describeRisks } from './risks.ts'
import { checkRuntime } from './runtime-check.ts'
import { readServeOptions, type ServeOptions } from './serve-options.ts'
import { Shutdown } from './shutdown.ts'

/**
 * Serves a predictor over HTTP. Settles when the server listens; `ready` settles when the predictor's setup is done.
 *
 * It installs no signal handler, ends no process and catches no stray rejection, so that it can be part of a larger
 * program; {@link runUntilSignal} does that for a program that is nothing but a server.
 *
 * @example
 * ```ts
 * const server = await serve(Predictor, { port: 0 })
 * await server.ready
 * const response = await fetch(`${server.url}/predict`, { method: 'POST', body: '{"text":"hi"}' })
 * await server.close()
 * ```
 * @throws {StartupError} `unsupported_runtime`, `port_in_use`, `permission_denied`, `address_unavailable`, `invalid_tls`,
 * `insecure_http`, and whatever {@link createApp} throws.
 */
export async function serve(predictor: PredictorClass, options: ServeOptions = {}): Promise<PredictorServer> {
  const runtimeWarning = checkRuntime()
  const { settings, app: appOptions, authLimits, source } = readServeOptions(options)
  const logger = appOptions.logger ?? createLogger({ format: settings.logFormat, level: settings.logLevel })
  const { secrets } = appOptions
  const front = await openFront({ predictor, settings, logger, secrets, authLimits })
  const capture = captureConsole(logger, { predictor })
  const make: MakeApp = (chosen, given) => {
    const engine = appOptions.engine ?? chooseEngine(settings, given.source)
    const { signature, config, modelInfo } = given
    const counting = { recorder: front.metrics?.recorder, metricsPage: front.metrics }
    const all = { ...appOptions, signature, config, modelInfo, engine, logger, ...counting }
    return createApp(chosen, { callScope: capture.scope, ...withoutUndefined(all) })
  }
  try {
    // Nothing can arrive between the last bind and this: both happen in one turn of the event loop.
    const app = make(predictor, { ...appOptions, source })
    for (const gate of front.gates)
      gate.open(requestListener(app, logger, front.metrics?.recorder), app.challenges.malformed)
    warn(logger, [runtimeWarning, ...front.plans.flatMap(plan => describeRisks(plan, app.access))])
    return present({ app, make, front, settings, logger, capture })
  } catch (error) {
    capture.release()
    front.close()
    throw error
  }
}

/** Makes an application with the settings of the server. */
type MakeApp = (predictor: PredictorClass, options: ReplaceOptions) => PredictorApp

function withoutUndefined<Values extends object>(values: Values): Values {
  // Only members that say nothing are left out.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Values
}

function warn(logger: Logger, warnings: readonly (string | undefined)[]): void {
  for (const warning of warnings) if (warning !== undefined) logger.log('warn', warning)
}

interface Parts {
  readonly app: PredictorApp
  readonly make: MakeApp
  readonly front: Front
  readonly settings: ResolvedServerSettings
  readonly logger: Logger
  readonly capture: ConsoleCapture
}

function present({ app, make, front, settings, logger, capture }: Parts): PredictorServer {
  const current = new CurrentApp(app, logger)
  const { gates } = front
  const release = () => {
    capture.release()
    front.close()
  }
  const shutdown = new Shutdown({ app: current, gates, logger, gracePeriod: settings.gracePeriod, release })
  return {
    url: front.url,
    privateUrl: front.privateUrl,
    get certificateExpires() {
      return front.certificate?.current.expires
    },
    reloadCertificate: () => front.certificate?.reload(),
    ready: app.ready,
    get signature() {
      return current.app.signature
    },
    settings,
    logger,
    get state() {
      return current.state
    },
    fetch: request => current.app.fetch(request),
    async replace(predictor, options = {}) {
      front.check(predictor)
      const next = make(predictor, options)
      await current.replace(next, () => {
        for (const gate of gates)
          gate.open(requestListener(next, logger, front.metrics?.recorder), next.challenges.malformed)
      })
      warn(
        logger,
        front.plans.flatMap(plan => describeRisks(plan, next.access)),
      )
    },
    drain: () => shutdown.drain(),
    close: closeOptions => shutdown.close(closeOptions),
  }
}
