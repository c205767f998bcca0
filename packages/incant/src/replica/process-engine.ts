import { CallQueue } from '../engine/call-queue.ts'
import type { Cancellation } from '../engine/cancellation.ts'
import type { Engine, EngineLoad, EngineState, PredictCall } from '../engine/engine.ts'
import { RequestError } from '../errors/request-error.ts'
import { RETRY_SOON } from '../errors/retry-soon.ts'
import type { PredictOutput } from '../http/predict-io.ts'
import type { Recorder, ReplicaCounts } from '../metrics/recorder.ts'
import { Fleet, type FleetOptions } from './fleet.ts'
import { NotStartedError } from './front-call.ts'
import { predictTraced } from './predict-traced.ts'
import type { ReplicaProcess } from './replica-process.ts'
import { type EncodedCall, encodeCall } from './wire/wire-call.ts'

/** What a {@link ProcessEngine} is made of. */
export interface ProcessEngineOptions extends FleetOptions {
  /** Calls in flight at most on each replica. */
  readonly concurrency: number
  /** Calls that may wait for their turn. */
  readonly queue: number
}

/** Time the last known health may stand in for a replica's own word, in milliseconds. */
const HEALTH_PATIENCE = 250

/** How often calls are looked for that wait in one replica while another is free, in milliseconds. */
const BALANCE_INTERVAL = 25

/**
 * Runs the predictor in processes of its own, so that one that computes, crashes or hangs takes nothing else along. The
 * queue is here, in the front: a replica has no more calls than it may have in flight, and those that predict has not
 * begun are taken back when it is held up and another is not.
 */
export class ProcessEngine implements Engine {
  readonly #concurrency: number
  readonly #fleet: Fleet
  readonly #recorder: Recorder | undefined
  readonly #queue: CallQueue
  /** Of the calls that wait, and of those a replica has. */
  readonly #cancellations: Set<Cancellation> = new Set()
  #phase: 'starting' | 'running' | 'stopped' | 'failed' = 'starting'
  #balancing: ReturnType<typeof setInterval> | undefined
  #lastHealth: unknown = { status: 'ok' }

  constructor(options: ProcessEngineOptions) {
    this.#concurrency = options.concurrency
    this.#recorder = options.recorder
    this.#fleet = new Fleet(options, () => this.#queue.admit())
    this.#queue = new CallQueue({
      capacity: () => this.#countPlaces(),
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
      if (this.#phase === 'starting') this.#phase = 'running'
    } catch (thrown) {
      if (this.#phase === 'starting') this.#phase = 'failed'
      throw thrown
    }
  }

  checkAdmission(): void {
    refuseUnlessServing(this.state)
    this.#queue.check()
  }

  async predict(call: PredictCall): Promise<PredictOutput | Response> {
    refuseUnlessServing(this.state)
    this.#cancellations.add(call.cancellation)
    try {
      const turn =
        call.trace === undefined
          ? this.#queue.enter(call.cancellation)
          : this.#queue.enterTraced(call.cancellation, call.trace)
      if (turn !== undefined) await turn
      const encoding = this.#encode(call)
      const encoded = encoding instanceof Promise ? await encoding : encoding
      return await this.#dispatch(call, encoded)
    } catch (thrown) {
      this.#cancellations.delete(call.cancellation)
      throw thrown
    }
  }

  async health(): Promise<unknown> {
    refuseUnlessServing(this.state)
    const replica = this.#choose()
    if (replica === undefined) return this.#lastHealth
    const asked = replica.health().then(value => {
      this.#lastHealth = value
      return value
    })
    // A replica that computes answers late; that it does is no illness.
    return Promise.race([asked, patience(HEALTH_PATIENCE).then(() => this.#lastHealth)])
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
    clearInterval(this.#balancing)
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
  async #dispatch(call: PredictCall, encoded: EncodedCall): Promise<PredictOutput | Response> {
    for (;;) {
      try {
        return await this.#send(call, encoded)
      } catch (thrown) {
        if (!(thrown instanceof NotStartedError)) throw thrown
        if (call.cancellation.reason !== undefined) throw call.cancellation.reason
        this.#cancellations.add(call.cancellation)
        // Its replica died or was held up, through no fault of its own: it goes first.
        await this.#queue.enterAgain(call.cancellation)
      }
    }
  }

  #send(call: PredictCall, encoded: EncodedCall): Promise<PredictOutput | Response> {
    const replica = this.#choose()
    if (replica === undefined) {
      this.#queue.leave()
      return Promise.reject(new NotStartedError('no replica is free'))
    }
    this.#watchBalance()
    const startedAt = performance.now()
    const onDone = (): void => {
      this.#cancellations.delete(call.cancellation)
      this.#queue.leave(performance.now() - startedAt)
    }
    const answer =
      call.trace === undefined
        ? replica.predict(call, encoded, onDone)
        : predictTraced(replica, { call, encoded, onDone, trace: call.trace })
    const recorder = this.#recorder
    return recorder === undefined ? answer : told(answer, () => recorder.countAnswer(startedAt))
  }

  /** The least loaded replica that has room; one that is held up only where there is no other. */
  #choose(): ReplicaProcess | undefined {
    let chosen: ReplicaProcess | undefined
    for (const replica of this.#fleet.ready) {
      if (replica.inFlight >= this.#concurrency) continue
      if (chosen === undefined || compareLoad(replica, chosen) < 0) chosen = replica
    }
    return chosen
  }

  /** Places of the replicas that take calls, and those still held by others. One that is held up has none to offer. */
  #countPlaces(): number {
    const { all, ready } = this.#fleet
    const isAnyFree = ready.size > 1 && this.#isAnyFree()
    let places = 0
    for (const replica of all) {
      const offers = ready.has(replica) && !(isAnyFree && replica.stalled)
      places += offers ? this.#concurrency : replica.inFlight
    }
    return places
  }

  #isAnyFree(): boolean {
    for (const replica of this.#fleet.ready) if (!replica.stalled) return true
    return false
  }

  /** Only where there are several, and while there is work. */
  #watchBalance(): void {
    if (this.#balancing !== undefined || this.#fleet.ready.size < 2) return
    this.#balancing = setInterval(() => this.#balance(), BALANCE_INTERVAL)
  }

  #balance(): void {
    if (this.#queue.running === 0) {
      clearInterval(this.#balancing)
      this.#balancing = undefined
      return
    }
    const stalled = [...this.#fleet.ready].filter(replica => replica.stalled)
    if (stalled.length === 0 || stalled.length === this.#fleet.ready.size) return
    for (const replica of stalled) replica.takeBackWaiting()
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

function compareLoad(one: ReplicaProcess, other: ReplicaProcess): number {
  const load = one.inFlight - other.inFlight
  // One with nothing in flight cannot be held up.
  if (one.inFlight === 0 || other.inFlight === 0) return load
  return Number(one.stalled) - Number(other.stalled) || load
}

function refuseUnlessServing(state: EngineState): void {
  if (state === 'ready' || state === 'recovering') return
  throw new RequestError(state === 'starting' ? 'starting' : 'unavailable', RETRY_SOON)
}

function patience(milliseconds: number): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, milliseconds).unref()
  })
}
