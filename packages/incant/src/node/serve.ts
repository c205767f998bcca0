import { createApp, hostOf, methodsOfApp } from '../app/create-app.ts'
import type { PredictorApp } from '../app/predictor-app.ts'
import { StartupError } from '../errors/startup-error.ts'
import { grpcFace } from '../faces/grpc/face.ts'
import type { DocumentReaderFactory } from '../http/document-reader.ts'
import type { Logger } from '../log/logger.ts'
import type { ResolvedServerSettings } from '../options/server-options.ts'
import { withoutUndefined } from '../options/without-undefined.ts'
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
import { type Front, logAddresses, openFront } from './front.ts'
import { requestListener } from './gate/request-listener.ts'
import { JobStores } from './job-stores.ts'
import { servedPlayground } from './playground.ts'
import type { PredictorServer, ReplaceOptions } from './predictor-server.ts'
import { readServed, type Servable, type Served } from './read-served.ts'
import { describeRisks } from './risks.ts'
import { checkRuntime } from './runtime-check.ts'
import { type ReadServeOptions, readServeOptions, type ServeOptions } from './serve-options.ts'
import { Shutdown } from './shutdown.ts'

/**
 * Serves a predictor over HTTP. Settles when the server listens; `ready` settles when the predictor's setup is done.
 *
 * It installs no signal handler, ends no process and catches no stray rejection, so that it can be part of a larger
 * program; {@link runUntilSignal} does that for a program that is only a server.
 *
 * @param servable - The file of a predictor, a path or `import.meta.resolve('./predictor.ts')`: its types are read, and
 * it runs in separate processes. Or a class, which runs in this process unless `source` says where processes find it.
 * Or an application from `createApp`, with your own routes and middleware.
 * @example
 * ```ts
 * const server = await serve('./predictor.ts', { port: 0 })
 * await server.ready
 * const response = await fetch(`${server.url}/predict`, { method: 'POST', body: '{"text":"hi"}' })
 * await server.close()
 * ```
 * @throws {StartupError} `unsupported_runtime`, `port_in_use`, `permission_denied`, `address_unavailable`,
 * `invalid_tls`, `insecure_http`, `otel_missing`, `already_started`, and what {@link createApp} throws.
 */
export async function serve(servable: Servable, options: ServeOptions = {}): Promise<PredictorServer> {
  const runtimeWarning = checkRuntime()
  const served = await readServed(servable, options)
  const { predictor } = served
  const read = readServeOptions(served.options)
  const { settings, app: appOptions, authLimits, corsOrigins, source } = read
  const plain = appOptions.logger ?? createLogger({ format: settings.logFormat, level: settings.logLevel })
  const { telemetry, tracing } = await startTracing(predictor, read, plain)
  const logger = tracing?.identify(plain) ?? plain
  const { secrets } = appOptions
  const front = await openFront({
    ...{ predictors: [predictor], settings, logger, secrets, authLimits, corsOrigins },
    module: source?.module,
  }).catch(async error => {
    served.host?.forgoAdoption()
    await telemetry?.close()
    throw error
  })
  const capture = captureOutput(logger, { predictor })
  const surroundings = {
    ...{ logger, tracing, callScope: capture.scope },
    ...{ recorder: front.metrics?.recorder, metricsPage: front.metrics },
    playground: settings.page === 'off' ? undefined : servedPlayground,
  }
  const stores = new JobStores()
  const make: MakeApp = ({ predictor, app: made }, { signature, config, modelInfo, source }) => {
    const app = made ?? createApp(predictor, withoutUndefined({ ...appOptions, signature, config, modelInfo }))
    const engine = chooseEngine(settings, source)
    // Where predict runs in this process, its payload is needed here.
    const documentReader = engine === undefined ? undefined : makeReadingThread
    hostOf(app)?.adopt({ ...surroundings, engine, documentReader, jobs: stores.platform(source?.module) })
    return app
  }
  try {
    // Nothing can arrive between the last bind and this: both happen in one turn of the event loop.
    const app = make(served, { ...appOptions, source })
    openGates(app, front, logger)
    logAddresses(front, logger)
    warn(logger, [runtimeWarning, ...served.warnings, ...listRisks(app, front)])
    return present({ served, app, make, front, settings, logger, capture, telemetry })
  } catch (error) {
    await release({ capture, front, telemetry })
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

/** Refuses a class in place of an application, whose routes and middleware would be lost. */
function refuseLoss({ app: former }: Served, { app }: Served): void {
  if (former === undefined || app !== undefined) return
  throw new StartupError({
    code: 'invalid_option',
    found: 'the server was given an application, and is now given a class, which has none of its routes and middleware',
    instead: 'Pass an application that createApp made from the class, with the same additions.',
  })
}

/** Creates an application with the settings of the server. */
type MakeApp = (served: Served, options: ReplaceOptions) => PredictorApp

function warn(logger: Logger, warnings: readonly (string | undefined)[]): void {
  for (const warning of warnings) if (warning !== undefined) logger.log('warn', warning)
}

interface Parts {
  readonly served: Served
  readonly app: PredictorApp
  readonly make: MakeApp
  readonly front: Front
  readonly settings: ResolvedServerSettings
  readonly logger: Logger
  readonly capture: OutputCapture
  readonly telemetry: Telemetry | undefined
}

function present(parts: Parts): PredictorServer {
  const { app, front, settings, logger } = parts
  const current = new CurrentApp(app, logger)
  const { gracePeriod } = settings
  const shutdown = new Shutdown({
    app: current,
    doors: front.doors,
    logger,
    gracePeriod,
    release: () => release(parts),
  })
  const ready = front.admit(app.ready)
  // A caller that does not wait for it must not end the process.
  ready.catch(() => undefined)
  return {
    url: front.url,
    privateUrl: front.privateUrl,
    probesUrl: front.probesUrl,
    grpcAddress: front.grpcAddress,
    pageUrl: front.pageUrl,
    get certificateExpires() {
      return front.certificate?.current.expires
    },
    reloadCertificate: async () => front.certificate?.reload(),
    ready,
    get signature() {
      return current.app.signature
    },
    settings,
    logger,
    get state() {
      return current.state
    },
    fetch: request => current.app.fetch(request),
    replace: async (servable, options = {}) => replaceApp(current, await readServed(servable, options), parts),
    drain: () => shutdown.drain(),
    close: closeOptions => shutdown.close(closeOptions),
  }
}

async function replaceApp(current: CurrentApp, other: Served, { served, make, front, logger }: Parts): Promise<void> {
  refuseLoss(served, other)
  front.check(other.predictor)
  const next = make(other, other.app === undefined ? other.options : { ...served.options, ...other.options })
  await current.replace(next, () => openGates(next, front, logger))
  warn(logger, listRisks(next, front))
}

function openGates(app: PredictorApp, { gates, grpc, metrics }: Front, logger: Logger): void {
  grpc?.open(methodsOfApp(app, grpcFace))
  for (const gate of gates)
    gate.open(requestListener({ app, logger, recorder: metrics?.recorder }), app.challenges.malformed)
}

function listRisks({ access }: PredictorApp, { plans }: Front): readonly string[] {
  return plans.flatMap(plan => describeRisks(plan, access))
}

async function release({ capture, front, telemetry }: Pick<Parts, 'capture' | 'front' | 'telemetry'>): Promise<void> {
  capture.release()
  front.close()
  await telemetry?.close()
}
