import { Admission } from '../engine/admission.ts'
import type { Engine, EngineLoad, EngineState, PredictCall, PredictOutput } from '../engine/engine.ts'
import { RequestError } from '../errors/request-error.ts'
import type { Logger } from '../log/logger.ts'
import { CrashGuard } from './crash-guard.ts'
import { NotStartedError } from './front-call.ts'
import { describeDeath, type ReplicaDeath, ReplicaProcess, type ReplicaProcessOptions } from './replica-process.ts'

/** What a {@link ProcessEngine} is made of. */
export interface ProcessEngineOptions extends Omit<ReplicaProcessOptions, 'index' | 'env'> {
  /** How many replicas. */
  readonly workers: number
  /** Calls in flight at most on each. */
  readonly concurrency: number
  /** Calls that may wait for their turn. */
  readonly queue: number
  /** Calls after which a replica is replaced by a fresh one. 0: never. */
  readonly maxRequests: number
  /** Bytes of resident memory past which a replica is replaced by a fresh one. 0: never. */
  readonly maxMemory: number
  /** Added to the environment of a replica: which accelerator is its own, for one. */
  env(index: number): Readonly<Record<string, string>>
  readonly logger: Logger
}

/** Time a replica has for the predictor's `close()`, in milliseconds. */
const CLOSE_TIMEOUT = 5000

/** Time the last known health may stand in for a replica's own word, in milliseconds. */
const HEALTH_PATIENCE = 250

/** How often replicas are looked over for recycling, in milliseconds. */
const REVIEW_INTERVAL = 500

/**
 * Runs the predictor in processes of its own, so that one that computes, crashes or hangs takes nothing else along. The
 * queue is here, in the front: a replica has no more calls than it may have in flight.
 */
export class ProcessEngine implements Engine {
  readonly #options: ProcessEngineOptions
  readonly #admission: Admission
  readonly #guard: CrashGuard = new CrashGuard()
  readonly #ready: Set<ReplicaProcess> = new Set()
  readonly #all: Set<ReplicaProcess> = new Set()
  readonly #restarts: Map<ReplicaDeath['reason'], number> = new Map()
  #review: ReturnType<typeof setInterval> | undefined
  #respawn: Set<ReturnType<typeof setTimeout>> = new Set()
  #phase: 'starting' | 'running' | 'stopped' | 'failed' = 'starting'
  #recycling: ReplicaProcess | undefined
  #lastHealth: unknown = { status: 'ok' }

  constructor(options: ProcessEngineOptions) {
    this.#options = options
    this.#admission = new Admission({ capacity: () => this.#ready.size * options.concurrency, queue: options.queue })
  }

  get state(): EngineState {
    if (this.#phase !== 'running') return this.#phase
    if (this.#ready.size > 0) return 'ready'
    return this.#guard.tripped ? 'failed' : 'recovering'
  }

  get load(): EngineLoad {
    return { running: this.#admission.running, waiting: this.#admission.waiting }
  }

  /** The processes there are: for logs and metrics. */
  get replicas(): readonly ReplicaProcess[] {
    return [...this.#all]
  }

  /** How many replicas were replaced, by the reason. */
  get restarts(): ReadonlyMap<ReplicaDeath['reason'], number> {
    return this.#restarts
  }

  async start(): Promise<void> {
    try {
      const indexes = Array.from({ length: this.#options.workers }, (_, index) => index)
      await Promise.all(indexes.map(index => this.#launch(index)))
      if (this.#phase !== 'starting') return
      this.#phase = 'running'
      this.#review = setInterval(() => this.#recycle(), REVIEW_INTERVAL)
    } catch (thrown) {
      if (this.#phase === 'starting') this.#phase = 'failed'
      for (const replica of this.#all) replica.kill('closed')
      throw thrown
    }
  }

  checkAdmission(): void {
    refuseUnlessServing(this.state)
    this.#admission.check()
  }

  async predict(call: PredictCall): Promise<PredictOutput | Response> {
    refuseUnlessServing(this.state)
    const turn = this.#admission.enter(call.cancellation)
    if (turn !== undefined) await turn
    for (;;) {
      try {
        return await this.#run(call)
      } catch (thrown) {
        if (!(thrown instanceof NotStartedError)) throw thrown
        // Its replica died under it, through no fault of its own: it goes first.
        await this.#admission.enterAgain(call.cancellation)
      }
    }
  }

  async health(): Promise<unknown> {
    refuseUnlessServing(this.state)
    const replica = this.#leastLoaded()
    if (replica === undefined) return this.#lastHealth
    const asked = replica.health().then(value => {
      this.#lastHealth = value
      return value
    })
    // A replica that computes answers late; that it does is no illness.
    return Promise.race([asked, patience(HEALTH_PATIENCE).then(() => this.#lastHealth)])
  }

  async close(): Promise<void> {
    if (this.#phase === 'stopped') return
    this.#phase = 'stopped'
    clearInterval(this.#review)
    for (const timer of this.#respawn) clearTimeout(timer)
    await Promise.all([...this.#all].map(replica => replica.close(CLOSE_TIMEOUT)))
  }

  async #run(call: PredictCall): Promise<PredictOutput | Response> {
    const startedAt = performance.now()
    let held = true
    const leave = (): void => {
      if (!held) return
      held = false
      this.#admission.leave(performance.now() - startedAt)
    }
    const replica = this.#leastLoaded()
    if (replica === undefined) {
      leave()
      throw new NotStartedError('no replica')
    }
    try {
      return await replica.predict(call, leave)
    } catch (thrown) {
      leave()
      throw thrown
    }
  }

  #leastLoaded(): ReplicaProcess | undefined {
    let least: ReplicaProcess | undefined
    for (const replica of this.#ready) if (least === undefined || replica.inFlight < least.inFlight) least = replica
    return least
  }

  /** Starts one replica and, once it is set up, gives it calls. */
  async #launch(index: number): Promise<ReplicaProcess> {
    const replica = new ReplicaProcess({ ...this.#options, index, env: this.#options.env(index) })
    this.#all.add(replica)
    void replica.death.then(death => this.#mourn(replica, death))
    await replica.load()
    this.#ready.add(replica)
    this.#admission.admit()
    this.#options.logger.log('debug', 'a replica is ready', { replica: index, pid: replica.pid })
    return replica
  }

  #mourn(replica: ReplicaProcess, death: ReplicaDeath): void {
    this.#all.delete(replica)
    const served = this.#ready.delete(replica)
    if (this.#phase !== 'running' || death.reason === 'closed') return
    this.#restarts.set(death.reason, (this.#restarts.get(death.reason) ?? 0) + 1)
    const delay = this.#guard.note()
    const fields = {
      replica: replica.index,
      reason: death.reason,
      code: death.code,
      signal: death.signal,
      pid: replica.pid,
    }
    this.#options.logger.log('error', `a replica died: ${describeDeath(death)}`, {
      ...fields,
      restartIn: delay,
      served,
    })
    const timer = setTimeout(() => {
      this.#respawn.delete(timer)
      // A failure here is a death as well, and is mourned as one.
      this.#launch(replica.index).catch(() => {})
    }, delay)
    this.#respawn.add(timer)
  }

  /** Replaces, one at a time, a replica that has served its time: its successor first, so that nobody waits. */
  #recycle(): void {
    const { maxRequests, maxMemory } = this.#options
    if (this.#recycling !== undefined) return
    const worn = [...this.#ready].find(
      replica => (maxRequests > 0 && replica.served >= maxRequests) || (maxMemory > 0 && replica.rss > maxMemory),
    )
    if (worn === undefined) return
    this.#recycling = worn
    this.#replace(worn)
      .catch(() => {})
      .finally(() => {
        this.#recycling = undefined
      })
  }

  async #replace(worn: ReplicaProcess): Promise<void> {
    const reason = worn.rss > this.#options.maxMemory && this.#options.maxMemory > 0 ? 'max_memory' : 'max_requests'
    await this.#launch(worn.index)
    this.#ready.delete(worn)
    this.#options.logger.log('info', 'a replica is replaced', {
      replica: worn.index,
      reason,
      served: worn.served,
      rss: worn.rss,
    })
    await worn.whenIdle()
    await worn.close(CLOSE_TIMEOUT)
  }
}

function refuseUnlessServing(state: EngineState): void {
  if (state === 'ready' || state === 'recovering') return
  throw new RequestError(state === 'starting' ? 'starting' : 'unavailable', { headers: { 'Retry-After': '1' } })
}

function patience(milliseconds: number): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, milliseconds)
  })
}
