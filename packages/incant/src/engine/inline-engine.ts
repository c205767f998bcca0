import { type Link, LinkedList } from '../collections/linked-list.ts'
import { RequestError } from '../errors/request-error.ts'
import { RETRY_SOON } from '../errors/retry-soon.ts'
import type { PredictAnswer } from '../http/predict-io.ts'
import type { Recorder } from '../metrics/recorder.ts'
import type { SequenceCounts } from '../metrics/step-report.ts'
import { CallQueue } from './call-queue.ts'
import type { Cancellation } from './cancellation.ts'
import type { Engine, EngineLoad, EngineState, PredictCall } from './engine.ts'
import { HostedPredictor, type HostedPredictorOptions } from './hosted-predictor.ts'

/** Options of {@link InlineEngine}. */
export interface InlineEngineOptions extends HostedPredictorOptions {
  /** Calls in flight at most. */
  readonly concurrency: number
  /** Calls that may wait for their turn. */
  readonly queue: number
  /** Where waits and the time predict takes are counted. */
  readonly recorder?: Recorder | undefined
}

/** A place in the engine, until it is left. */
interface Place {
  /** As `performance.now()` has it. */
  readonly startedAt: number
  readonly isHeld: boolean
  readonly leave: () => void
  /** Among the calls that run, where it is not over at once. */
  running: Link<Cancellation> | undefined
}

/**
 * Runs the predictor in this process: for embedding, tests, and predictors that only wait for others. One that computes
 * holds up everything else here, and one that never answers cannot be stopped: its call is answered, its work goes on.
 */
export class InlineEngine implements Engine {
  readonly #predictor: HostedPredictor
  readonly #queue: CallQueue
  readonly #recorder: Recorder | undefined
  readonly #running: LinkedList<Cancellation> = new LinkedList()
  #state: EngineState = 'starting'
  #closed: Promise<void> | undefined

  constructor(options: InlineEngineOptions) {
    this.#predictor = new HostedPredictor(options)
    const { concurrency, queue, recorder } = options
    this.#recorder = recorder
    this.#queue = new CallQueue({ capacity: () => concurrency, queue, ...recorder?.waits })
  }

  get state(): EngineState {
    return this.#state
  }

  get load(): EngineLoad {
    return { running: this.#queue.running, waiting: this.#queue.waiting }
  }

  countSequences(): SequenceCounts | undefined {
    return this.#predictor.sequences
  }

  async start(): Promise<void> {
    try {
      await this.#predictor.setup()
      if (this.#state === 'starting') this.#state = 'ready'
    } catch (thrown) {
      if (this.#state === 'starting') this.#state = 'failed'
      throw thrown
    }
  }

  checkAdmission(): void {
    refuseUnlessReady(this.#state)
    this.#queue.check()
  }

  predict(call: PredictCall): PredictAnswer | Promise<PredictAnswer> {
    refuseUnlessReady(this.#state)
    const { trace, cancellation } = call
    const turn = trace === undefined ? this.#queue.enter(cancellation) : this.#queue.enterTraced(cancellation, trace)
    return turn === undefined ? this.#run(call) : turn.then(() => this.#run(call))
  }

  async health(): Promise<unknown> {
    refuseUnlessReady(this.#state)
    return this.#predictor.health()
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    this.#state = 'stopped'
    for (const cancellation of this.#running) cancellation.cancel(new RequestError('interrupted', RETRY_SOON))
    await this.#predictor.close()
  }

  #run(call: PredictCall): PredictAnswer | Promise<PredictAnswer> {
    const place = this.#occupy()
    try {
      // While it waited, the engine may have been closed.
      refuseUnlessReady(this.#state)
      this.#recorder?.wake()
      const output = this.#predictor.run(call, place.leave)
      // What is over already, as that of a predict which returns at once, cannot be closed under.
      if (place.isHeld) place.running = this.#running.add(call.cancellation)
      if (!(output instanceof Promise)) return this.#tell(place, output)
      return output.then(
        written => this.#tell(place, written),
        thrown => this.#fail(place, thrown),
      )
    } catch (thrown) {
      return this.#fail(place, thrown)
    }
  }

  #tell({ startedAt }: Place, written: PredictAnswer): PredictAnswer {
    this.#recorder?.countAnswer(startedAt)
    return written
  }

  #fail({ startedAt, leave }: Place, thrown: unknown): never {
    leave()
    this.#recorder?.countAnswer(startedAt)
    throw thrown
  }

  /** Occupies a place until it is left: once, when the answer is complete or its caller is gone. */
  #occupy(): Place {
    const startedAt = performance.now()
    const place = {
      startedAt,
      isHeld: true,
      running: undefined as Link<Cancellation> | undefined,
      leave: (): void => {
        if (!place.isHeld) return
        place.isHeld = false
        if (place.running !== undefined) this.#running.remove(place.running)
        this.#queue.leave(performance.now() - startedAt)
      },
    }
    return place
  }
}

/** @throws {RequestError} `starting`, `unavailable`: no call can be taken in this state. */
export function refuseUnlessReady(state: EngineState): void {
  if (state === 'starting') throw new RequestError('starting', RETRY_SOON)
  if (state !== 'ready') throw new RequestError('unavailable', { headers: { 'Retry-After': '5' } })
}
