import { ModelCalls } from '../app/models/model-calls.ts'
import { ModelsApp } from '../app/models/models-app.ts'
import { type ServedModel, servedModel } from '../app/models/served-model.ts'
import { StartupError } from '../errors/startup-error.ts'
import { grpcFace } from '../faces/grpc/face.ts'
import type { Logger } from '../log/logger.ts'
import { modelLogger } from '../log/model-logger.ts'
import type { Recorder } from '../metrics/recorder.ts'
import { OriginList } from '../network/origin-list.ts'
import type { ModelSettings } from '../options/model-options.ts'
import { captureOutput, type OutputCapture } from '../process/log/capture-output.ts'
import { createLogger } from '../process/log/create-logger.ts'
import { findTracing } from '../process/telemetry/find-tracing.ts'
import { startTelemetry, type Telemetry } from '../process/telemetry/start-telemetry.ts'
import { ReadingThread } from '../replica/reading/reading-thread.ts'
import type { Tracing } from '../tracing/tracing.ts'
import { chooseEngine } from './choose-engine.ts'
import { CurrentModels } from './current-models.ts'
import { type Front, logAddresses, openFront } from './front.ts'
import { requestListener } from './gate/request-listener.ts'
import { JobStores } from './job-stores.ts'
import type { ModelsServer } from './models-server.ts'
import { servedPlayground } from './playground.ts'
import {
  closeAll,
  isPlan,
  type ModelsToServe,
  type ModelToServe,
  type ReadModel,
  readModel,
  readModels,
  type ServeModelsInternals,
  type ServeModelsOptions,
} from './read-models.ts'
import { describeRisks } from './risks.ts'
import { checkRuntime } from './runtime-check.ts'
import { type ReadServeOptions, readServeOptions } from './serve-options.ts'
import { Shutdown } from './shutdown.ts'

/**
 * Serves several models together: each with its own replicas, queue, limits, health and reload, below `/models/NAME`; one
 * that dies, hangs or fails its reload disturbs no other. Sockets, log and metrics are shared, and name the model.
 *
 * @example
 * ```ts
 * const server = await serveModels({ ocr: './ocr.ts', words: { predictor: './words.ts', workers: 2 } })
 * await server.ready
 * const response = await fetch(`${server.url}/models/words/predict`, { method: 'POST', body: '{"text":"hi"}' })
 * await server.close()
 * ```
 * @throws {StartupError} As {@link serve}, naming the model; `invalid_option` for a name or a share that cannot be.
 */
export async function serveModels(models: ModelsToServe, options: ServeModelsOptions = {}): Promise<ModelsServer> {
  const runtimeWarning = checkRuntime()
  const { split = {}, ...shared } = options
  const read = readServeOptions(shared)
  const found = await readModels(models, options)
  const opened = await open(found, read).catch(async error => {
    await closeAll(found)
    throw error
  })
  const { front, logger } = opened
  const app = new ModelsApp(
    found.map(model => servedModel(model, model.host)),
    {
      ...{ logger, tracing: opened.tracing, splits: split, openapi: read.openapi },
      ...{ recorder: front.metrics?.recorder, metricsPage: front.metrics, origins: new OriginList(read.corsOrigins) },
      playground: read.settings.page === 'off' ? undefined : servedPlayground,
      isPrivate: found.some(({ host }) => host.isPrivate),
    },
  )
  const kept = { calls: new ModelCalls(app), recorders: new Map(), captures: new Map(), stores: new JobStores() }
  const serving: Serving = { ...opened, ...kept, models, shared, read }
  try {
    for (const model of found) adopt(model, serving)
    openGates(app, serving)
    logAddresses(front, logger)
    warn(logger, [runtimeWarning, ...found.flatMap(({ warnings }) => warnings), ...listRisks(app, front)])
    return present(app, serving)
  } catch (error) {
    await release(serving)
    throw error
  }
}

/** The parts that the models share. */
interface Opened {
  readonly front: Front
  readonly logger: Logger
  readonly tracing: Tracing | undefined
  readonly telemetry: Telemetry | undefined
}

interface Serving extends Opened {
  readonly calls: ModelCalls
  readonly models: ModelsToServe
  readonly shared: Omit<ServeModelsInternals, 'split'>
  readonly read: ReadServeOptions
  /** By the id of a model: what was counted outlives a reload. */
  readonly recorders: Map<string, Recorder>
  readonly captures: Map<string, OutputCapture>
  readonly stores: JobStores
}

async function open(models: readonly ReadModel[], read: ReadServeOptions): Promise<Opened> {
  const { app, authLimits, corsOrigins } = read
  const plain = app.logger ?? createLogger({ format: read.settings.logFormat, level: read.settings.logLevel })
  const [first] = models
  const telemetry = read.settings.otel
    ? startTelemetry({ module: first?.read.source?.module, serviceName: 'incant', logger: plain })
    : undefined
  const tracing = app.tracing ?? (await findTracing())
  const logger = tracing?.identify(plain) ?? plain
  const settings = { ...read.settings, publicRoutes: listPublicRoutes(read.settings.publicRoutes, models) }
  const predictors = models.map(({ host }) => host.predictor)
  try {
    const { secrets } = app
    const module = first?.read.source?.module
    const front = await openFront({ predictors, settings, logger, secrets, authLimits, corsOrigins, module })
    return { front, logger, tracing, telemetry }
  } catch (error) {
    await telemetry?.close()
    throw error
  }
}

/** A public document of one model is public for each. */
function listPublicRoutes(routes: readonly string[], models: readonly ReadModel[]): readonly string[] {
  const names = new Set(models.flatMap(({ id, name }) => [id, name]))
  const paths = [...names].map(name => `/models/${name}/predict`)
  return routes.flatMap(route => (route === '/predict' ? paths : [route]))
}

/** Starts a model, with all that surrounds it. */
function adopt({ id, name, version, host, read }: ReadModel, serving: Serving): void {
  const logger = modelLogger(serving.logger, id)
  const recorder = serving.recorders.get(id) ?? addRecorder({ id, name, version }, serving)
  const capture = serving.captures.get(id) ?? captureOutput(logger, { predictor: host.predictor })
  serving.captures.set(id, capture)
  const engine = chooseEngine(read.settings, read.source)
  host.adopt({
    ...{ logger, tracing: serving.tracing, callScope: capture.scope, recorder, engine },
    callModel: (call, asked) => serving.calls.call(id, call, asked),
    // Where predict runs in this process, its payload is needed here.
    documentReader: engine === undefined ? undefined : options => new ReadingThread(options),
    jobs: serving.stores.platform(read.source?.module),
  })
}

function addRecorder(
  { id, name, version }: Pick<ServedModel, 'id' | 'name' | 'version'>,
  { front, recorders }: Serving,
): Recorder | undefined {
  const labels = version === undefined ? { model: name } : { model: name, model_version: version }
  const recorder = front.metrics?.addModel(labels)
  if (recorder !== undefined) recorders.set(id, recorder)
  return recorder
}

function openGates(app: ModelsApp, { front, logger }: Serving): void {
  front.grpc?.open(app.methodsOf(grpcFace))
  for (const gate of front.gates)
    gate.open(requestListener({ app, logger, recorder: front.metrics?.recorder }), app.malformed)
}

function listRisks(app: ModelsApp, { plans }: Front): readonly string[] {
  const accesses = app.list().map(({ host }) => host.authenticator.access)
  // The least protected one is what others can reach.
  const access = (['open', 'public', 'protected'] as const).find(each => accesses.includes(each)) ?? 'open'
  return plans.flatMap(plan => describeRisks(plan, access))
}

function warn(logger: Logger, warnings: readonly (string | undefined)[]): void {
  for (const warning of warnings) if (warning !== undefined) logger.log('warn', warning)
}

async function release({ captures, front, telemetry }: Serving): Promise<void> {
  for (const capture of captures.values()) capture.release()
  front.close()
  await telemetry?.close()
}

function present(app: ModelsApp, serving: Serving): ModelsServer {
  const { front, logger, read, shared, models } = serving
  const current = new CurrentModels(app, ({ id }) => modelLogger(logger, id))
  const { doors } = front
  const { gracePeriod } = read.settings
  const shutdown = new Shutdown({ app: current, doors, logger, gracePeriod, release: () => release(serving) })
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
    get models() {
      return new Map(
        app
          .list()
          .map(({ id, name, version, host: { signature, state } }) => [id, { name, version, signature, state }]),
      )
    },
    settings: read.settings,
    logger,
    get state() {
      return current.state
    },
    fetch: request => app.fetch(request),
    async replace(id, servable, options = {}) {
      const model = findModel(app, id)
      const next = await readModel(model, { ...settingsOf(models[id]), predictor: servable, ...options }, shared)
      front.check(next.host.predictor)
      adopt(next, serving)
      await current.replace(model, next.host)
      serving.calls.forget(id)
      openGates(app, serving)
      warn(modelLogger(logger, id), next.warnings)
    },
    drain: () => shutdown.drain(),
    close: closeOptions => shutdown.close(closeOptions),
  }
}

function findModel(app: ModelsApp, id: string): ServedModel {
  const models = app.list()
  const found = models.find(model => model.id === id)
  if (found !== undefined) return found
  throw new StartupError({
    code: 'invalid_option',
    found: `there is no model ${JSON.stringify(id)}`,
    instead: `The models are ${models.map(each => each.id).join(', ')}.`,
  })
}

/** Settings stay as they are when the predictor is replaced; what belongs to the predictor does not. */
function settingsOf(given: ModelsToServe[string] | undefined): ModelSettings & Pick<ModelToServe, 'env'> {
  if (given === undefined || !isPlan(given)) return {}
  const {
    predictor: _,
    signature: _signature,
    unchecked: _unchecked,
    config: _config,
    modelInfo: _info,
    source: _source,
    ...settings
  } = given
  return settings
}
