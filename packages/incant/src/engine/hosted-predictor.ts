import { isThenable } from '../async/is-thenable.ts'
import { withTimeLimit } from '../async/with-time-limit.ts'
import { describeThrown } from '../errors/describe-thrown.ts'
import { RequestError } from '../errors/request-error.ts'
import { StartupError } from '../errors/startup-error.ts'
import { asHTTPException } from '../http/failure.ts'
import type { PredictAnswer } from '../http/predict-io.ts'
import type { Problem } from '../http/problem.ts'
import type { Logger } from '../log/logger.ts'
import type { BatchReport } from '../metrics/batch-report.ts'
import type { PredictorFigures } from '../metrics/predictor-figures.ts'
import type { SequenceCounts } from '../metrics/step-report.ts'
import { construct } from '../predictor/_construction.ts'
import type { BasePredictor, PredictorClass } from '../predictor/base-predictor.ts'
import { isBatchPredictor } from '../predictor/batch-predictor.ts'
import type { ModelInfo } from '../predictor/model-info.ts'
import { isSequencePredictor } from '../predictor/sequence-predictor.ts'
import { readWarmup } from '../predictor/warm-up.ts'
import type { Role } from '../signature/signature.ts'
import { type Bound, bindPredict } from './bind-predict.ts'
import { callPredict, type PredictHost, type Scope } from './call-predict.ts'
import type { CallScope } from './call-scope.ts'
import type { Cancellation } from './cancellation.ts'
import type { PredictCall } from './engine.ts'
import type { OutputOptions } from './output-options.ts'
import { traceRun } from './trace-run.ts'
import { warmUp } from './warm-up.ts'
import { discardOutput, writeOutput } from './write-output.ts'

/** Options of {@link HostedPredictor}. */
export interface HostedPredictorOptions {
  readonly predictor: PredictorClass
  readonly roles: readonly Role[]
  readonly config: unknown
  readonly modelInfo: ModelInfo
  /** Payloads to predict before the first call, as predict gets them. Default: the class's own, unchecked. */
  readonly warmup?: readonly unknown[] | undefined
  /** Milliseconds. */
  readonly setupTimeout: number
  /** Milliseconds. */
  readonly healthTimeout: number
  readonly logger: Logger
  /** Runs a call, or a batch of them, with the request ids at hand. */
  readonly callScope: CallScope
  /** Told of each batch that has run. */
  onBatch?(batch: BatchReport): void
  /** Where batches and the items of streams are counted. */
  readonly figures?: PredictorFigures | undefined
  /** Makes the problem that ends a failed stream. */
  describe(thrown: unknown, call: PredictCall): Problem
}

/** One instance of a predictor and the life it leads, in whichever process it is. */
export class HostedPredictor {
  readonly #options: HostedPredictorOptions
  #predictor: BasePredictor | undefined
  #host: PredictHost | undefined
  #bound: Bound | undefined

  constructor(options: HostedPredictorOptions) {
    this.#options = options
  }

  /**
   * Makes the predictor, runs its `setup()` and has it predict what it is warmed up with.
   *
   * @throws {StartupError} `setup_failed`, `setup_timeout`, `warmup_failed`.
   */
  async setup(): Promise<void> {
    const { setupTimeout } = this.#options
    const deadline = performance.now() + setupTimeout
    const predictor = this.#make()
    const work = async (): Promise<void> => {
      await predictor.setup()
      await this.#warmUp(deadline)
    }
    try {
      await withTimeLimit(setupTimeout, work, () => setupTimedOut(setupTimeout))
    } catch (thrown) {
      throw setupFailed('setup()', thrown)
    }
  }

  /**
   * Calls predict and writes the result.
   *
   * @param onEnd - Called once when the answer no longer needs the predictor; not when this throws.
   * @throws The error of predict, or the reason of the cancellation as soon as it fires.
   */
  run(call: PredictCall, onEnd: () => void): PredictAnswer | Promise<PredictAnswer> {
    const { callScope } = this.#options
    const scope: Scope = work => callScope(call.id, work, call.report)
    return call.trace === undefined ? this.#run(call, scope, onEnd) : this.#runTraced(call, scope, onEnd)
  }

  /** Separate from {@link run}, which thereby creates nothing for untraced calls. */
  #runTraced(call: PredictCall, scope: Scope, onEnd: () => void): PredictAnswer | Promise<PredictAnswer> {
    const { trace } = call
    if (trace === undefined) return this.#run(call, scope, onEnd)
    return traceRun(trace, scope, (traced, over) =>
      this.#run(call, traced, () => {
        over()
        onEnd()
      }),
    )
  }

  #run(call: PredictCall, scope: Scope, onEnd: () => void): PredictAnswer | Promise<PredictAnswer> {
    const host = this.#host
    const { cancellation } = call
    if (host === undefined) throw new RequestError('unavailable', RETRY_LATER)
    if (cancellation.reason !== undefined) throw cancellation.reason
    cancellation.scope = scope
    const { figures } = this.#options
    const options = { call, scope, onEnd, figures, describe: (thrown: unknown) => this.#options.describe(thrown, call) }
    const value = scope(() => callPredict(host, call, scope))
    // A synchronous result cannot be cancelled: there is no promise between predict and its answer.
    const output = isThenable(value) ? writeSettled(value, options) : writeOutput(value, options)
    return output instanceof Promise ? untilCancelled(cancellation, output) : output
  }

  /**
   * @throws {RequestError} `unavailable` before setup, and where `health()` throws or does not answer in time.
   * @throws {HTTPException} Where `health()` chooses a status itself.
   */
  async health(): Promise<unknown> {
    const predictor = this.#predictor
    if (predictor === undefined) throw new RequestError('unavailable', RETRY_LATER)
    const { healthTimeout, logger } = this.#options
    try {
      return await withTimeLimit(healthTimeout, async () => predictor.health(), healthTimedOut)
    } catch (thrown) {
      if (asHTTPException(thrown) !== undefined) throw thrown
      logger.log('error', 'health() failed', { error: describeThrown(thrown) })
      throw new RequestError('unavailable', RETRY_LATER)
    }
  }

  /** Live sequences. Undefined where the predictor computes none. */
  get sequences(): SequenceCounts | undefined {
    return this.#bound?.counts?.()
  }

  /** Runs the predictor's `close()`. */
  async close(): Promise<void> {
    await this.#bound?.close?.()
    await this.#predictor?.close()
  }

  #warmUp(deadline: number): Promise<void> {
    const { predictor, roles, warmup = readWarmup(predictor) } = this.#options
    // The application has turned examples into payloads; a predictor hosted without one has no types.
    const payloads = warmup === 'examples' ? [] : warmup
    const together = isBatchPredictor(predictor) || isSequencePredictor(predictor)
    return warmUp({ payloads, roles, together, deadline, run: call => this.run(call, () => {}) })
  }

  #make(): BasePredictor {
    const { predictor: Predictor, config, modelInfo, roles, logger } = this.#options
    // The class was checked against its constructor's type through the signature; here its parameter is `never`.
    const predictor = construct({ config, modelInfo }, () => instantiate(Predictor, config as never))
    const { callScope: scope, onBatch, figures } = this.#options
    const bound = bindPredict(predictor, Predictor, {
      scope,
      onFailure: (method, thrown, requestIds) =>
        logger.log('error', `${method} failed`, { requestIds, error: describeThrown(thrown) }),
      onStep: step => figures?.countStep(step),
      onBatch: batch => {
        figures?.countBatch(batch)
        onBatch?.(batch)
      },
    })
    this.#predictor = predictor
    this.#bound = bound
    this.#host = { predict: bound.predict, roles, modelInfo, logger }
    return predictor
  }
}

async function writeSettled(pending: PromiseLike<unknown>, options: OutputOptions): Promise<PredictAnswer> {
  const { cancellation } = options.call
  const value = await pending
  if (cancellation.reason === undefined) return writeOutput(value, options)
  discardOutput(value)
  throw cancellation.reason
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
    instead: 'Raise --setup-timeout (setupTimeout), or find what it waits for.',
  })
}

function instantiate(Predictor: PredictorClass, config: never): BasePredictor {
  try {
    return new Predictor(config)
  } catch (thrown) {
    throw setupFailed('the constructor', thrown)
  }
}

function setupFailed(where: string, cause: unknown): StartupError {
  if (StartupError.is(cause)) return cause
  return new StartupError({
    code: 'setup_failed',
    found: `${where} threw: ${describeThrown(cause).message}`,
    instead: 'Fix the line above; --debug shows the whole stack.',
    cause,
  })
}

function healthTimedOut(): Error {
  return new Error('health() did not answer in time')
}

const RETRY_LATER = { headers: { 'Retry-After': '5' } }
