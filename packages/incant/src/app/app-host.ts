import type { Authenticator } from '../auth/admission/authenticator.ts'
import type { Engine } from '../engine/engine.ts'
import { describeThrown } from '../errors/describe-thrown.ts'
import { StartupError } from '../errors/startup-error.ts'
import type { Face } from '../faces/face.ts'
import type { FaceSubject } from '../faces/fit.ts'
import type { DocumentReader } from '../http/document-reader.ts'
import { consoleLogger, type Logger } from '../log/logger.ts'
import type { Recorder } from '../metrics/recorder.ts'
import { OriginList } from '../network/origin-list.ts'
import { readPrivateNetworks } from '../network/private-network.ts'
import type { ResolvedAppSettings } from '../options/app-options.ts'
import type { PredictorClass } from '../predictor/base-predictor.ts'
import type { ModelInfo } from '../predictor/model-info.ts'
import type { PredictSignature } from '../signature/signature.ts'
import { TYPES_ADVICE } from '../signature/types-advice.ts'
import type { Tracing } from '../tracing/tracing.ts'
import type { Validator } from '../validation/validation.ts'
import type { AccessLog } from './access-log/access-log.ts'
import type { AppInternals, AppOptions } from './app-options.ts'
import { type Blueprint, readBlueprint } from './blueprint.ts'
import { chooseFaces } from './faces/choose-faces.ts'
import { KNOWN_FACES } from './faces/known-faces.ts'
import { checkAliases } from './faces/model-aliases.ts'
import { nameSubject } from './faces/name-subject.ts'
import { JobsOfHost } from './jobs/jobs-of-host.ts'
import type { Lifecycle, LifecycleState } from './lifecycle.ts'
import type { MetricsPage } from './metrics-route.ts'
import type { Playground } from './playground-route.ts'
import { predictRoute } from './predict-route.ts'
import { describeApp } from './recorded-app.ts'
import { RelayLogger } from './relay-logger.ts'
import type { RouteHost } from './route-host.ts'
import { makeRunning, type Running, type Surroundings } from './running.ts'

/**
 * What the routes of an application work with. Everything is checked when it is made; its engine is made when it is first
 * needed, so that a server that is given the application can run the predictor in replicas, count and trace.
 */
export class AppHost implements RouteHost {
  readonly predictor: PredictorClass
  readonly options: AppOptions & AppInternals
  readonly settings: ResolvedAppSettings
  readonly signature: PredictSignature
  readonly validator: Validator | undefined
  readonly unchecked: boolean
  readonly hasOwnSchema: boolean
  readonly modelInfo: ModelInfo
  readonly subject: FaceSubject
  readonly faces: readonly Face[]
  readonly jobs: JobsOfHost | undefined
  readonly isPrivate: boolean
  readonly authenticator: Authenticator
  readonly origins: OriginList
  readonly #blueprint: Blueprint
  readonly #relay: RelayLogger
  /** Whether the first request starts the predictor, and waits for it. */
  waitsForRequest = false
  #isExpected = false
  #running: Running | undefined
  #predict: RouteHost['predict'] | undefined
  #forget: (() => void) | undefined

  /** @throws {StartupError} Where the predictor or an option cannot work. */
  constructor(predictor: PredictorClass, options: AppOptions & AppInternals) {
    this.#relay = new RelayLogger(options.logger ?? consoleLogger)
    this.#blueprint = readBlueprint(predictor, options, this.#relay)
    const { settings, resolved, modelInfo, authenticator } = this.#blueprint
    this.predictor = predictor
    this.options = options
    this.settings = settings
    this.signature = resolved.signature
    this.validator = resolved.validator
    this.unchecked = resolved.unchecked
    this.hasOwnSchema = resolved.hasOwnSchema
    this.modelInfo = modelInfo
    this.isPrivate = options.isOwn !== true && readPrivateNetworks(predictor).length > 0
    this.authenticator = authenticator
    this.origins = new OriginList(settings.corsOrigins)
    this.subject = nameSubject(options.modelInfo, resolved.signature)
    const { payloadStrategies } = authenticator
    const { protocols } = settings
    const { faces: known = KNOWN_FACES, isOneOfSeveral = false } = options
    if (!isOneOfSeveral) checkAliases([{ ...this.subject, modelAliases: settings.modelAliases }])
    const choice = { known, protocols, payloadStrategies, isOneOfSeveral, logger: this.#relay }
    this.faces = chooseFaces(this.subject, choice)
    const hasJobs = this.faces.some(({ protocol }) => protocol === 'jobs')
    this.jobs = hasJobs ? new JobsOfHost(this) : undefined
  }

  get engine(): Engine {
    return this.#run().engine
  }

  get reader(): DocumentReader | undefined {
    return this.#run().reader
  }

  get plainReader(): DocumentReader | undefined {
    return this.#run().plainReader
  }

  get lifecycle(): Lifecycle {
    return this.#run().lifecycle
  }

  get accessLog(): AccessLog {
    return this.#run().accessLog
  }

  get logger(): Logger {
    return this.#run().logger
  }

  get tracing(): Tracing | undefined {
    return this.#run().surroundings.tracing
  }

  get recorder(): Recorder | undefined {
    return this.#run().surroundings.recorder
  }

  get callModel(): Surroundings['callModel'] {
    return this.#run().surroundings.callModel
  }

  get jobsPlatform(): Surroundings['jobs'] {
    return this.#run().surroundings.jobs
  }

  get metricsPage(): MetricsPage | undefined {
    return this.#run().surroundings.metricsPage
  }

  get playground(): Playground | undefined {
    return this.#run().surroundings.playground
  }

  get predict(): RouteHost['predict'] {
    this.#predict ??= predictRoute(this)
    return this.#predict
  }

  get ready(): Promise<void> {
    return this.lifecycle.ready
  }

  get state(): LifecycleState {
    return this.lifecycle.state
  }

  get unfinished(): number {
    return this.lifecycle.unfinished
  }

  drain(): void {
    this.lifecycle.drain()
  }

  stop(): Promise<void> {
    return this.lifecycle.stop()
  }

  /**
   * Has the application wait for {@link adopt}, and not start in the next turn.
   *
   * @throws {StartupError} `already_started`.
   */
  expectAdoption(): void {
    if (this.#running !== undefined || this.#isExpected) throw alreadyStarted()
    this.#isExpected = true
  }

  /** The server could not be started: the application is free again. */
  forgoAdoption(): void {
    this.#isExpected = false
  }

  /** Starts the predictor, unless a server is about to. What keeps it from starting is thrown where `ready` is read. */
  startUnlessExpected(): void {
    if (this.#isExpected) return
    try {
      void this.lifecycle.ready
    } catch (thrown) {
      const { logger = consoleLogger } = this.options
      logger.log('error', 'the application cannot start', { error: describeThrown(thrown) })
    }
  }

  /**
   * Puts the application into a server, and starts it. Its own options for its engine and its calls win.
   *
   * @throws {StartupError} `already_started`.
   */
  adopt(surroundings: Surroundings): void {
    if (this.#running !== undefined) throw alreadyStarted()
    this.#running = this.#make(surroundings)
    void this.#running.lifecycle.ready
    // While the engine starts, and not with the first call.
    void this.predict
  }

  async close(): Promise<void> {
    const { accessLog, lifecycle, reader, plainReader } = this.#run()
    accessLog.close()
    try {
      await this.jobs?.close()
      await lifecycle.close()
    } finally {
      this.#forget?.()
      void reader?.close()
      void plainReader?.close()
      await this.authenticator.close()
    }
  }

  #run(): Running {
    this.#running ??= this.#make({})
    return this.#running
  }

  #make(given: Surroundings): Running {
    const running = makeRunning(this, this.#blueprint, given)
    this.#relay.relayTo(running.logger)
    this.#tell(running.logger)
    const { engine, lifecycle, surroundings } = running
    const { settings, modelInfo } = this
    this.#forget = surroundings.recorder?.watch(describeApp({ engine, lifecycle, settings, modelInfo }))
    return running
  }

  #tell(logger: Logger): void {
    if (this.authenticator.access === 'public') logger.log('info', 'calls need no credentials: @publicAccess()')
    if (!this.unchecked || this.options.unchecked === true) return
    const { className } = this.signature
    logger.log('warn', `the types of ${className}.predict are unknown: its payload is not checked. ${TYPES_ADVICE}`)
  }
}

function alreadyStarted(): StartupError {
  return new StartupError({
    code: 'already_started',
    found: 'the application has started without the server that it is passed to',
    instead:
      'Pass it to serve right after createApp: before its first request, before ready is awaited, and without waiting for anything else in between.',
  })
}
