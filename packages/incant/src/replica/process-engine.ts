import { type Link, LinkedList } from '../collections/linked-list.ts'
import { CallQueue } from '../engine/call-queue.ts'
import type { Cancellation } from '../engine/cancellation.ts'
import type { Engine, EngineLoad, EngineState, PredictCall } from '../engine/engine.ts'
import { RequestError } from '../errors/request-error.ts'
import { RETRY_SOON } from '../errors/retry-soon.ts'
import { BodyPieces } from '../http/body-pieces.ts'
import type { PredictAnswer } from '../http/predict-io.ts'
import type { Recorder, ReplicaCounts } from '../metrics/recorder.ts'
import { Balancer } from './balancer.ts'
import { Fleet, type FleetOptions } from './fleet.ts'
import { KnownHealth } from './known-health.ts'
import { NotStartedError } from './not-started-error.ts'
import { predictTraced } from './predict-traced.ts'
import type { ReplicaProcess } from './replica-process.ts'
import { type EncodedCall, encodeCall } from './wire/wire-call.ts'

/** Options of {@link ProcessEngine}. */
export interface ProcessEngineOptions extends FleetOptions {
  /** Calls in flight at most on each replica. */
  readonly concurrency: number
  /** Calls that may wait for their turn. */
  readonly queue: number
}

/** A call that waits or that a replica has, and its place among those that the end of the engine cancels. */
interface HeldCall {
  readonly call: PredictCall
  link: Link<Cancellation>
}

/**
 * Runs the predictor in separate processes, so that one that computes, crashes or hangs affects nothing else. The queue
 * is here, in the front: a replica has no more calls than it may have in flight, and those that predict has not begun
 * are taken back when it is held up and another is not.
 */
export class ProcessEngine implements Engine {
  readonly takesPieces = true
  readonly #fleet: Fleet
  readonly #balancer: Balancer
  readonly #recorder: Recorder | undefined
  readonly #queue: CallQueue
  /** Of the calls that wait, and of those a replica has. */
  readonly #cancellations: LinkedList<Cancellation> = new LinkedList()
  #phase: 'starting' | 'running' | 'stopped' | 'failed' = 'starting'
  readonly #health = new KnownHealth()

  constructor(options: ProcessEngineOptions) {
    this.#recorder = options.recorder
    this.#fleet = new Fleet(options, () => this.#queue.admit())
    this.#balancer = new Balancer({
      fleet: this.#fleet,
      concurrency: options.concurrency,
      isIdle: () => this.#queue.running === 0,
    })
    this.#queue = new CallQueue({
      capacity: () => this.#balancer.countPlaces(),
      queue: options.queue,
      ...options.recorder?.waits,
    })
  }

  get state(): EngineState {
    if (this.#phase !== 'running') return this.#phase
    if (this.#fleet.ready.size > 0) return 'ready'
    return this.#fleet.failed ? 'failed' : 'recovering'
  }

  get load(): EngineLoad {
    return { running: this.#queue.running, waiting: this.#queue.waiting }
  }

  /** The processes there are: for logs and metrics. */
  get replicas(): readonly ReplicaProcess[] {
    return [...this.#fleet.all]
  }

  /** How many replicas were replaced, by the reason. */
  get restarts(): Fleet['restarts'] {
    return this.#fleet.restarts
  }

  async start(): Promise<void> {
    try {
      await this.#fleet.start()
      if (this.#phase !== 'starting') return
      this.#phase = 'running'
      // So that there is a word to give while the first call is computed. A failure is in the log.
      this.health().catch(() => {})
    } catch (thrown) {
      if (this.#phase === 'starting') this.#phase = 'failed'
      throw thrown
    }
  }

  checkAdmission(): void {
    refuseUnlessServing(this.state)
    this.#queue.check()
  }

  async predict(call: PredictCall): Promise<PredictAnswer> {
    refuseUnlessServing(this.state)
    const held: HeldCall = { call, link: this.#cancellations.add(call.cancellation) }
    try {
      const turn =
        call.trace === undefined
          ? this.#queue.enter(call.cancellation)
          : this.#queue.enterTraced(call.cancellation, call.trace)
      if (turn !== undefined) await turn
      const encoding = this.#encode(call)
      const encoded = encoding instanceof Promise ? await encoding : encoding
      return await this.#dispatch(held, encoded)
    } catch (thrown) {
      this.#cancellations.remove(held.link)
      throw thrown
    }
  }

  async health(): Promise<unknown> {
    refuseUnlessServing(this.state)
    const replica = this.#balancer.choose()
    return this.#health.ask(replica, () => replica !== undefined && this.#fleet.ready.has(replica))
  }

  describe(): object {
    const replicas = [...this.#fleet.all].map(replica => this.#describeReplica(replica))
    const { restarts, lastDeath } = this.#fleet
    return { state: this.state, ...this.load, replicas, restarts: Object.fromEntries(restarts), lastDeath }
  }

  countReplicas(): ReplicaCounts {
    return this.#fleet.countStates()
  }

  restartFigures(): void {
    for (const replica of this.#fleet.all) replica.restartFigures()
  }

  async close(): Promise<void> {
    if (this.#phase === 'stopped') return
    this.#phase = 'stopped'
    this.#balancer.stop()
    const reason = new RequestError('draining')
    for (const cancellation of this.#cancellations) cancellation.cancel(reason)
    await this.#fleet.close()
  }

  /** A payload that cannot cross gives its place back. */
  #encode(call: PredictCall): EncodedCall | Promise<EncodedCall> {
    const giveUp = (thrown: unknown): never => {
      this.#queue.leave()
      throw thrown
    }
    try {
      const encoding = encodeCall(call)
      return encoding instanceof Promise ? encoding.catch(giveUp) : encoding
    } catch (thrown) {
      return giveUp(thrown)
    }
  }

  /** Has some replica call predict; another one as long as none has begun to. */
  async #dispatch(held: HeldCall, encoded: EncodedCall): Promise<PredictAnswer> {
    const { cancellation, input } = held.call
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await this.#send(held, encoded)
        // The replica that answers has read it. One that has let another one answer may yet read it.
        if (attempt === 1 && input.body instanceof BodyPieces) input.body.giveBack()
        return answer
      } catch (thrown) {
        if (!(thrown instanceof NotStartedError)) throw thrown
        if (cancellation.reason !== undefined) throw cancellation.reason
        held.link = this.#cancellations.add(cancellation)
        // Its replica died or was held up, which is not the fault of the call: it goes first.
        await this.#queue.enterAgain(cancellation)
      }
    }
  }

  #send(held: HeldCall, encoded: EncodedCall): Promise<PredictAnswer> {
    const { call } = held
    const replica = this.#balancer.choose()
    if (replica === undefined) {
      this.#queue.leave()
      return Promise.reject(new NotStartedError('no replica is free'))
    }
    this.#balancer.watch()
    const startedAt = performance.now()
    const onDone = (): void => {
      this.#cancellations.remove(held.link)
      this.#queue.leave(performance.now() - startedAt)
    }
    const answer =
      call.trace === undefined
        ? replica.predict(call, encoded, onDone)
        : predictTraced(replica, { call, encoded, onDone, trace: call.trace })
    // It has had a turn that others wait for, so that its replica is to have it as soon as may be.
    if (this.#queue.waiting > 0) replica.sendSoon()
    const recorder = this.#recorder
    return recorder === undefined ? answer : told(answer, () => recorder.countAnswer(startedAt))
  }

  #describeReplica(replica: ReplicaProcess): object {
    const { index, pid, inFlight, served, rss, startedAt } = replica
    return { index, pid, ready: this.#fleet.ready.has(replica), inFlight, served, rss, startedAt }
  }
}

/** Tells when a call is answered. One that goes to another replica is not, yet. */
function told<Output>(answer: Promise<Output>, answered: () => void): Promise<Output> {
  answer.then(answered, thrown => {
    if (!(thrown instanceof NotStartedError)) answered()
  })
  return answer
}

function refuseUnlessServing(state: EngineState): void {
  if (state === 'ready' || state === 'recovering') return
  throw new RequestError(state === 'starting' ? 'starting' : 'unavailable', RETRY_SOON)
}
