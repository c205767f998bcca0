import { describeThrown } from '../errors/describe-thrown.ts'
import { RequestError } from '../errors/request-error.ts'
import { StartupError } from '../errors/startup-error.ts'
import type { Problem } from '../http/problem.ts'
import type { Logger } from '../log/logger.ts'
import { construct } from '../predictor/_construction.ts'
import type { BasePredictor, PredictMethod, PredictorClass } from '../predictor/base-predictor.ts'
import type { ModelInfo } from '../predictor/model-info.ts'
import type { Role } from '../signature/signature.ts'
import { Admission, type AdmissionLimits } from './admission.ts'
import { callPredict, type PredictHost } from './call-predict.ts'
import type { Cancellation } from './cancellation.ts'
import type { Engine, EngineLoad, EngineState, PredictCall, PredictOutput } from './engine.ts'
import { within } from './within.ts'
import { writeOutput } from './write-output.ts'

/** What an {@link InlineEngine} is made of. */
export interface InlineEngineOptions extends AdmissionLimits {
  readonly predictor: PredictorClass
  readonly roles: readonly Role[]
  readonly config: unknown
  readonly modelInfo: ModelInfo
  /** Milliseconds. */
  readonly setupTimeout: number
  /** Milliseconds. */
  readonly healthTimeout: number
  readonly logger: Logger
  /** Runs a call with its request id at hand. */
  readonly callScope: <Result>(requestId: string, call: () => Result) => Result
  /** What a stream that fails ends with. */
  describe(thrown: unknown, call: PredictCall): Problem
}

/**
 * Runs the predictor in this process: for embedding, tests, and predictors that only wait for others. One that computes
 * holds up everything else here, and one that never answers cannot be stopped: its call is answered, its work goes on.
 */
export class InlineEngine implements Engine {
  readonly #options: InlineEngineOptions
  readonly #admission: Admission
  readonly #running: Set<Cancellation> = new Set()
  #predictor: BasePredictor | undefined
  #host: PredictHost | undefined
  #state: EngineState = 'starting'

  constructor(options: InlineEngineOptions) {
    this.#options = options
    this.#admission = new Admission(options)
  }

  get state(): EngineState {
    return this.#state
  }

  get load(): EngineLoad {
    return { running: this.#admission.running, waiting: this.#admission.waiting }
  }

  async start(): Promise<void> {
    const { setupTimeout } = this.#options
    try {
      const predictor = this.#make()
      await within(
        setupTimeout,
        async () => predictor.setup(),
        () => setupTimedOut(setupTimeout),
      )
      if (this.#state === 'starting') this.#state = 'ready'
    } catch (thrown) {
      this.#state = 'failed'
      throw StartupError.is(thrown) ? thrown : setupFailed(thrown)
    }
  }

  checkAdmission(): void {
    if (this.#state === 'starting') throw new RequestError('starting', { headers: { 'Retry-After': '1' } })
    if (this.#state !== 'ready') throw new RequestError('unavailable', { headers: { 'Retry-After': '5' } })
    this.#admission.check()
  }

  async predict(call: PredictCall): Promise<PredictOutput | Response> {
    this.checkAdmission()
    const turn = this.#admission.enter(call.cancellation)
    if (turn !== undefined) await turn
    const leave = this.#occupy(call.cancellation)
    try {
      return await untilCancelled(call.cancellation, this.#run(call, leave))
    } catch (thrown) {
      leave()
      throw thrown
    }
  }

  async health(): Promise<unknown> {
    const predictor = this.#predictor
    if (predictor === undefined || this.#state !== 'ready') throw new RequestError('unavailable')
    return within(
      this.#options.healthTimeout,
      async () => predictor.health(),
      () => new RequestError('unavailable'),
    )
  }

  async close(): Promise<void> {
    if (this.#state === 'stopped') return
    this.#state = 'stopped'
    for (const cancellation of this.#running) cancellation.cancel(new RequestError('draining'))
    await this.#predictor?.close()
  }

  #make(): BasePredictor {
    const { predictor: Predictor, config, modelInfo, roles, logger } = this.#options
    // The class was checked against its constructor's type through the signature; here its parameter is `never`.
    const predictor = construct({ config, modelInfo }, () => new Predictor(config as never))
    const own: unknown = Reflect.get(predictor, 'predict')
    const holder = typeof own === 'function' ? predictor : Predictor
    const predict = Reflect.get(holder, 'predict').bind(holder) as PredictMethod
    this.#predictor = predictor
    this.#host = { predict, roles, modelInfo, logger }
    return predictor
  }

  /** Holds a place until it is left: once, when the answer is complete or nobody waits for it any more. */
  #occupy(cancellation: Cancellation): () => void {
    const startedAt = performance.now()
    let held = true
    this.#running.add(cancellation)
    return () => {
      if (!held) return
      held = false
      this.#running.delete(cancellation)
      this.#admission.leave(performance.now() - startedAt)
    }
  }

  async #run(call: PredictCall, leave: () => void): Promise<PredictOutput | Response> {
    const host = this.#host
    if (host === undefined) throw new RequestError('unavailable')
    const scope = <Result>(work: () => Result): Result => this.#options.callScope(call.id, work)
    const value = await scope(() => callPredict(host, call))
    return writeOutput(value, { call, scope, onEnd: leave, describe: thrown => this.#options.describe(thrown, call) })
  }
}

/** The result of some work, unless its call is cancelled first. */
function untilCancelled<Result>(cancellation: Cancellation, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    cancellation.onCancel(reject)
    work.then(resolve, reject)
  })
}

function setupTimedOut(milliseconds: number): StartupError {
  return new StartupError({
    code: 'setup_timeout',
    found: `setup() did not finish within ${milliseconds / 1000} s`,
    instead: 'Allow it more with --setup-timeout (setupTimeout), or find what it waits for.',
  })
}

function setupFailed(cause: unknown): StartupError {
  return new StartupError({ code: 'setup_failed', found: `setup() threw: ${describeThrown(cause).message}`, cause })
}
