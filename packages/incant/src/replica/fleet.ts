import { describeThrown } from '../errors/describe-thrown.ts'
import type { Logger } from '../log/logger.ts'
import type { ReplicaCounts } from '../metrics/recorder.ts'
import { CrashGuard } from './crash-guard.ts'
import { type DeathReason, describeDeath, type ReplicaDeath } from './replica-death.ts'
import { ReplicaProcess, type ReplicaProcessOptions } from './replica-process.ts'
import { SpawnError } from './spawn-replica.ts'

/** Options of {@link Fleet}. */
export interface FleetOptions extends Omit<ReplicaProcessOptions, 'index' | 'env'> {
  /** How many replicas. */
  readonly workers: number
  /** Calls after which a replica is replaced by a fresh one. 0: never. */
  readonly maxRequests: number
  /** Bytes of resident memory past which a replica is replaced by a fresh one. 0: never. */
  readonly maxMemory: number
  /** Added to the environment of a replica: its accelerator, for example. */
  env(index: number): Readonly<Record<string, string>>
  readonly logger: Logger
}

/** The last replica that died, for operators. */
export interface LastDeath {
  readonly replica: number
  readonly reason: string
  readonly at: Date
}

/** Time a replica has for the predictor's `close()`, in milliseconds. */
const CLOSE_TIMEOUT = 5000

/** How often replicas are looked over for recycling, in milliseconds. */
const REVIEW_INTERVAL = 500

/** Time after a successor that did not get ready before the next is tried, in milliseconds. */
const RECYCLE_PAUSE = 30_000

/**
 * Keeps the configured number of replicas alive: replaces those that die, and those that have reached their age limit.
 */
export class Fleet {
  /** Those that are set up and take calls. */
  readonly ready: Set<ReplicaProcess> = new Set()
  /** Those that start or end, too. */
  readonly all: Set<ReplicaProcess> = new Set()
  /** How many replicas were replaced, by the reason. */
  readonly restarts: Map<DeathReason | 'max_requests' | 'max_memory', number> = new Map()
  lastDeath: LastDeath | undefined
  readonly #options: FleetOptions
  readonly #onReady: () => void
  /** Those that finish what they have, and whose successors are there. */
  readonly #retired: Set<ReplicaProcess> = new Set()
  readonly #guards: Map<number, CrashGuard> = new Map()
  readonly #restarting: Set<ReturnType<typeof setTimeout>> = new Set()
  #review: ReturnType<typeof setInterval> | undefined
  #phase: 'starting' | 'running' | 'closed' = 'starting'
  /** When to look for the next one to recycle. */
  #recycleAt = 0

  /** @param onReady - Called whenever one more replica takes calls. */
  constructor(options: FleetOptions, onReady: () => void) {
    this.#options = options
    this.#onReady = onReady
  }

  /** Whether every replica died so often that the next one has to wait. */
  get failed(): boolean {
    return this.ready.size === 0 && [...this.#guards.values()].some(guard => guard.tripped)
  }

  /**
   * Starts all replicas.
   *
   * @throws {StartupError} What kept one of them from being set up; the others are gone then.
   */
  async start(): Promise<void> {
    const indexes = Array.from({ length: this.#options.workers }, (_, index) => index)
    try {
      await Promise.all(indexes.map(index => this.#launch(index)))
    } catch (thrown) {
      this.#phase = 'closed'
      for (const replica of this.all) replica.kill('closed')
      throw thrown
    }
    if (this.#phase !== 'starting') return
    this.#phase = 'running'
    const { maxRequests, maxMemory } = this.#options
    if (maxRequests > 0 || maxMemory > 0) this.#review = setInterval(() => this.#recycle(), REVIEW_INTERVAL)
    // One may have died while others were still being set up.
    for (const index of indexes) this.#relaunch(index, 0)
  }

  /** How many there are, by state. */
  countStates(): ReplicaCounts {
    const ready = this.ready.size
    const retiring = [...this.#retired].filter(replica => !this.ready.has(replica)).length
    return { starting: this.all.size - ready - retiring, ready, retiring }
  }

  /** Ends all replicas, each after the predictor's `close()`. */
  async close(): Promise<void> {
    this.#phase = 'closed'
    clearInterval(this.#review)
    for (const timer of this.#restarting) clearTimeout(timer)
    this.ready.clear()
    await Promise.all([...this.all].map(replica => replica.close(CLOSE_TIMEOUT)))
  }

  /** Starts one replica and, once it is set up, gives it calls. */
  async #launch(index: number): Promise<void> {
    const replica = new ReplicaProcess({ ...this.#options, index, env: this.#options.env(index) })
    this.all.add(replica)
    void replica.death.then(death => this.#mourn(replica, death))
    await replica.load()
    if (this.#phase === 'closed') return
    this.ready.add(replica)
    this.#options.logger.log('debug', 'a replica is ready', { replica: index, pid: replica.pid })
    this.#onReady()
  }

  #mourn(replica: ReplicaProcess, death: ReplicaDeath): void {
    this.all.delete(replica)
    this.ready.delete(replica)
    this.#retired.delete(replica)
    if (death.reason === 'closed' || this.#phase === 'closed') return
    const reason = describeDeath(death)
    this.#count(death.reason)
    this.lastDeath = { replica: replica.index, reason, at: new Date() }
    const restartIn = this.#guardOf(replica.index).note()
    const { index, pid, served } = replica
    const fields = { replica: index, pid, served, reason: death.reason, code: death.code, signal: death.signal }
    const isFollowed = this.#phase === 'running'
    this.#options.logger.log('error', `a replica died: ${reason}`, { ...fields, ...(isFollowed ? { restartIn } : {}) })
    if (isFollowed) this.#relaunch(index, restartIn)
  }

  /** Starts another one after a while, if the place is empty: a replica and its successor are two for a time. */
  #relaunch(index: number, delay: number): void {
    if (this.#isTaken(index)) return
    const timer = setTimeout(() => {
      this.#restarting.delete(timer)
      this.#launch(index).catch(thrown => this.#reportFailure(index, thrown))
    }, delay)
    this.#restarting.add(timer)
  }

  #isTaken(index: number): boolean {
    for (const replica of this.all) if (replica.index === index && !this.#retired.has(replica)) return true
    return false
  }

  #reportFailure(index: number, thrown: unknown): void {
    if (this.#phase !== 'running') return
    const fields = { replica: index, error: describeThrown(thrown) }
    this.#options.logger.log('error', 'a replica could not be started', fields)
    // One that never was a process leaves no death to be followed by another.
    if (thrown instanceof SpawnError) this.#relaunch(index, this.#guardOf(index).note())
  }

  #guardOf(index: number): CrashGuard {
    const guard = this.#guards.get(index) ?? new CrashGuard()
    this.#guards.set(index, guard)
    return guard
  }

  #count(reason: DeathReason | 'max_requests' | 'max_memory'): void {
    this.restarts.set(reason, (this.restarts.get(reason) ?? 0) + 1)
    this.#options.recorder?.countRestart(reason)
  }

  /**
   * Replaces replicas that have reached their age limit, one at a time: the successor starts first, so that no call
   * waits.
   */
  #recycle(): void {
    if (performance.now() < this.#recycleAt) return
    for (const replica of this.ready) {
      const reason = this.#judge(replica)
      if (reason === undefined) continue
      this.#recycleAt = Number.POSITIVE_INFINITY
      this.#replace(replica, reason).then(
        () => {
          this.#recycleAt = 0
        },
        thrown => {
          this.#reportFailure(replica.index, thrown)
          this.#recycleAt = performance.now() + RECYCLE_PAUSE
        },
      )
      return
    }
  }

  #judge({ served, rss }: ReplicaProcess): 'max_requests' | 'max_memory' | undefined {
    const { maxRequests, maxMemory } = this.#options
    if (maxRequests > 0 && served >= maxRequests) return 'max_requests'
    return maxMemory > 0 && rss > maxMemory ? 'max_memory' : undefined
  }

  async #replace(worn: ReplicaProcess, reason: 'max_requests' | 'max_memory'): Promise<void> {
    const { index, served, rss } = worn
    await this.#launch(index)
    this.ready.delete(worn)
    this.#retired.add(worn)
    this.#count(reason)
    this.#options.logger.log('info', 'a replica is replaced', { replica: index, reason, served, rss })
    void worn.whenIdle().then(() => worn.close(CLOSE_TIMEOUT))
  }
}
