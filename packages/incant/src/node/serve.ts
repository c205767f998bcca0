import { createApp } from '../app/create-app.ts'
import type { PredictorApp } from '../app/predictor-app.ts'
import type { DocumentReaderFactory } from '../http/document-reader.ts'
import type { Logger } from '../log/logger.ts'
import type { ResolvedServerSettings } from '../options/server-options.ts'
import type { PredictorClass } from '../predictor/base-predictor.ts'
import { captureOutput, type OutputCapture } from '../process/log/capture-output.ts'
import { createLogger } from '../process/log/create-logger.ts'
import { findTracing } from '../process/telemetry/find-tracing.ts'
import { nameService } from '../process/telemetry/name-service.ts'
import { startTelemetry, type Telemetry } from '../process/telemetry/start-telemetry.ts'
import { ReadingThread } from '../replica/reading/reading-thread.ts'
import type { Tracing } from '../tracing/tracing.ts'
import { chooseEngine } from './choose-engine.ts'
import { CurrentApp } from './current-app.ts'
import { type Front, openFront } from './front.ts'
import { requestListener } from './gate/request-listener.ts'
import type { PredictorServer, ReplaceOptions } from './predictor-server.ts'
import { describeRisks } from './risks.ts'
import { checkRuntime } from './runtime-check.ts'
import { type ReadServeOptions, readServeOptions, type ServeOptions } from './serve-options.ts'
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
 * `insecure_http`, `otel_missing`, and what {@link createApp} throws.
 */
export async function serve(predictor: PredictorClass, options: ServeOptions = {}): Promise<PredictorServer> {
  const runtimeWarning = checkRuntime()
  const read = readServeOptions(options)
  const { settings, app: appOptions, authLimits, corsOrigins, source } = read
  const plain = appOptions.logger ?? createLogger({ format: settings.logFormat, level: settings.logLevel })
  const { telemetry, tracing } = await startTracing(predictor, read, plain)
  const logger = tracing?.identify(plain) ?? plain
  const { secrets } = appOptions
  const front = await openFront({ predictor, settings, logger, secrets, authLimits, corsOrigins }).catch(
    async error => {
      await telemetry?.close()
      throw error
    },
  )
  const capture = captureOutput(logger, { predictor })
  const make: MakeApp = (chosen, given) => {
    const engine = appOptions.engine ?? chooseEngine(settings, given.source)
    // Where predict runs in this process, its payload is needed here.
    const documentReader =
      appOptions.documentReader ??
      (appOptions.engine === undefined && engine !== undefined ? makeReadingThread : undefined)
    const { signature, config, modelInfo } = given
    const counting = { recorder: front.metrics?.recorder, metricsPage: front.metrics }
    const all = { ...appOptions, documentReader, signature, config, modelInfo, engine, logger, tracing, ...counting }
    return createApp(chosen, { callScope: capture.scope, ...withoutUndefined(all) })
  }
  try {
    // Nothing can arrive between the last bind and this: both happen in one turn of the event loop.
    const app = make(predictor, { ...appOptions, source })
    for (const gate of front.gates)
      gate.open(requestListener(app, logger, front.metrics?.recorder), app.challenges.malformed)
    warn(logger, [runtimeWarning, ...front.plans.flatMap(plan => describeRisks(plan, app.access))])
    return present({ app, make, front, settings, logger, capture, telemetry })
  } catch (error) {
    capture.release()
    front.close()
    await telemetry?.close()
    throw error
  }
}

const makeReadingThread: DocumentReaderFactory = options => new ReadingThread(options)

interface StartedTracing {
  readonly telemetry: Telemetry | undefined
  readonly tracing: Tracing | undefined
}

async function startTracing(
  predictor: PredictorClass,
  { settings, app, source }: ReadServeOptions,
  logger: Logger,
): Promise<StartedTracing> {
  const serviceName = nameService(predictor, app.modelInfo)
  const telemetry = settings.otel ? startTelemetry({ module: source?.module, serviceName, logger }) : undefined
  return { telemetry, tracing: app.tracing ?? (await findTracing()) }
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
  readonly capture: OutputCapture
  readonly telemetry: Telemetry | undefined
}

function present({ app, make, front, settings, logger, capture, telemetry }: Parts): PredictorServer {
  const current = new CurrentApp(app, logger)
  const { gates } = front
  const release = async (): Promise<void> => {
    capture.release()
    front.close()
    await telemetry?.close()
  }
  const shutdown = new Shutdown({ app: current, gates, logger, gracePeriod: settings.gracePeriod, release })
  return {
    url: front.url,
    privateUrl: front.privateUrl,
    get certificateExpires() {
      return front.certificate?.current.expires
    },
    reloadCertificate: async () => front.certificate?.reload(),
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
