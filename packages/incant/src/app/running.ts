import type { CallScope } from '../engine/call-scope.ts'
import type { Engine, PredictCall } from '../engine/engine.ts'
import { InlineEngine } from '../engine/inline-engine.ts'
import type { ModelCall } from '../engine/model-call.ts'
import type { DocumentReader, DocumentReaderFactory } from '../http/document-reader.ts'
import { describeFailure } from '../http/failure.ts'
import type { PredictAnswer } from '../http/predict-io.ts'
import { consoleLogger, type Logger } from '../log/logger.ts'
import type { Recorder } from '../metrics/recorder.ts'
import type { Tracing } from '../tracing/tracing.ts'
import { AccessLog } from './access-log/access-log.ts'
import type { AppInternals, AppOptions, EngineFactory } from './app-options.ts'
import type { Blueprint } from './blueprint.ts'
import { choosePlainReader, chooseReader, planReading } from './choose-reader.ts'
import type { JobsPlatform } from './jobs/jobs-platform.ts'
import { Lifecycle } from './lifecycle.ts'
import type { MetricsPage } from './metrics-route.ts'
import type { Playground } from './playground-route.ts'
import type { RouteHost } from './route-host.ts'

/** The surroundings of an application, supplied by a server. The logger and tracing of its options take precedence. */
export interface Surroundings {
  readonly logger?: Logger | undefined
  readonly tracing?: Tracing | undefined
  readonly callScope?: CallScope | undefined
  readonly recorder?: Recorder | undefined
  readonly metricsPage?: MetricsPage | undefined
  readonly playground?: Playground | undefined
  readonly jobs?: JobsPlatform | undefined
  readonly engine?: EngineFactory | undefined
  /** Calls another model of the server, where there are several. */
  readonly callModel?: ((call: PredictCall, asked: ModelCall) => Promise<PredictAnswer>) | undefined
  /** Left aside where the application's own options name an engine. */
  readonly documentReader?: DocumentReaderFactory | undefined
}

/** The parts that depend on the environment of the application. */
export interface Running {
  readonly surroundings: Surroundings
  readonly logger: Logger
  readonly engine: Engine
  readonly reader: DocumentReader | undefined
  readonly plainReader: DocumentReader | undefined
  readonly lifecycle: Lifecycle
  readonly accessLog: AccessLog
}

/** The parts of an application that this needs. */
type RunningHost = Pick<RouteHost, 'faces' | 'settings'> & {
  readonly options: AppOptions & AppInternals
  readonly jobs: { open(): Promise<void> } | undefined
}

/** Makes the engine of an application and what belongs to it. Nothing is started. */
export function makeRunning(host: RunningHost, blueprint: Blueprint, given: Surroundings): Running {
  const surroundings = withOwn(host.options, given)
  const { logger: plain = consoleLogger, tracing, documentReader: makeReader } = surroundings
  const logger = tracing?.identify(plain) ?? plain
  const engine = makeEngine(blueprint, surroundings, logger)
  const reader = makeReader && chooseReader(makeReader, blueprint)
  const plainReader = makeReader && choosePlainReader(makeReader, host)
  const lifecycle = new Lifecycle(engine, async () => {
    await Promise.all([blueprint.authenticator.prepare(), host.jobs?.open()])
  })
  const accessLog = new AccessLog(logger, host.settings.logRate)
  return { surroundings, logger, engine, reader, plainReader, lifecycle, accessLog }
}

/** The application's own options for its engine and its calls win. */
function withOwn(options: AppOptions & AppInternals, given: Surroundings): Surroundings {
  return {
    logger: given.logger ?? options.logger ?? consoleLogger,
    tracing: given.tracing ?? options.tracing,
    callScope: options.callScope ?? given.callScope,
    recorder: options.recorder ?? given.recorder,
    metricsPage: options.metricsPage ?? given.metricsPage,
    playground: options.playground ?? given.playground,
    engine: options.engine ?? given.engine,
    jobs: options.jobs ?? given.jobs,
    callModel: given.callModel,
    documentReader: options.documentReader ?? (options.engine === undefined ? given.documentReader : undefined),
  }
}

function makeEngine(blueprint: Blueprint, surroundings: Surroundings, logger: Logger): Engine {
  const { predictor, settings, resolved, config, warmup, modelInfo } = blueprint
  const { engine = makeInlineEngine, recorder, callScope } = surroundings
  return engine({
    ...settings,
    predictor,
    roles: resolved.signature.parameters.map(parameter => parameter.role),
    reading: planReading(blueprint),
    config,
    warmup,
    modelInfo,
    logger,
    recorder,
    figures: recorder?.predictor,
    callScope: callScope ?? ((_id, call) => call()),
    describe: (thrown, call) => describeFailure(thrown, call.id, logger),
  })
}

const makeInlineEngine: EngineFactory = options => new InlineEngine(options)
