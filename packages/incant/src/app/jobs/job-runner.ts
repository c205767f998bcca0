import { Bell } from '../../async/bell.ts'
import { Cancellation } from '../../engine/cancellation.ts'
import type { Job } from '../../jobs/job.ts'
import type { JobStore } from '../../jobs/store.ts'
import type { CallModel } from '../faces/call-model.ts'
import type { RouteHost } from '../route-host.ts'
import { ClockWatch } from './clock-watch.ts'
import type { HeldInputs } from './held-inputs.ts'
import { JobCanceled, JobInterrupted, runJob } from './run-job.ts'
import { LEFT_RUNNING, type Settlement, settleJob } from './settle-job.ts'

/** Milliseconds for which a job is this front's without renewing it, and between two renewals. */
export const LEASE = 15_000
const RENEWAL = 3000

/** Milliseconds after which the store is asked although it did not call. */
const LONGEST_REST = 1000

/** Milliseconds after which a job is claimed again where the engine had no place for one. */
const PAUSE = 100

/** Milliseconds that jobs have to notice that the server ends, before they are given up. */
const LAST_WORDS = 1000

/** Milliseconds between two sweeps at most. */
const SWEEP = 60_000

/** Options of {@link JobRunner}. */
export interface JobRunnerOptions {
  readonly store: JobStore
  readonly host: Pick<RouteHost, 'engine' | 'lifecycle' | 'logger' | 'plainReader' | 'settings'>
  readonly call: CallModel
  readonly inputs: HeldInputs
  readonly model: string
  /** This front, for the store. */
  readonly holder: string
}

/**
 * Runs the jobs of a model: one begins where the engine has a place and no call waits for it, so that calls come first. The
 * front renews the leases of those that run, which no predict can block.
 */
export class JobRunner {
  readonly #options: JobRunnerOptions
  readonly #bell = new Bell()
  readonly #running: Map<string, Cancellation> = new Map()
  readonly #runs = new Set<Promise<void>>()
  readonly #timers: ReturnType<typeof setInterval>[] = []
  #unwatch: (() => void) | undefined
  #isClosed = false
  /** Jobs that still run have been given up. */
  #isOver = false
  #loop: Promise<void> = Promise.resolve()
  readonly #watch = new ClockWatch()
  readonly #settlement: Settlement
  #strays: ReadonlySet<string> = new Set()

  constructor(options: JobRunnerOptions) {
    this.#options = options
    const { store, holder, host } = options
    this.#settlement = { store, holder, logger: host.logger, isClosed: () => this.#isClosed }
  }

  start(): void {
    const { store } = this.#options
    this.#unwatch = store.watch(({ kind, key }) => {
      if (kind === 'waiting') this.#bell.ring()
      else if (kind === 'cancel') this.#cancel(key)
    })
    this.#every(RENEWAL, () => this.#keep())
    const { jobsOutputRetention: outputs, jobsRetention: jobs, jobsExpiry: waiting } = this.#options.host.settings
    this.#every(Math.min(SWEEP, outputs, jobs, waiting), () => store.sweep({ outputs, jobs, waiting }))
    this.#loop = this.#run()
  }

  /** Interrupts the jobs that still run, as the time of the server is over: those that may begin again go back into the queue. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#unwatch?.()
    for (const timer of this.#timers) clearInterval(timer)
    this.#bell.ring()
    await this.#loop
    for (const cancellation of this.#running.values()) cancellation.cancel(new JobInterrupted('the server ends'))
    await waitAtMost(LAST_WORDS, Promise.all(this.#runs))
    // What does not heed its signal is done by nobody once this process is gone.
    this.#isOver = true
    await Promise.all([...this.#running.keys()].map(key => settleJob(key, LEFT_RUNNING, this.#settlement)))
  }

  #every(milliseconds: number, work: () => Promise<unknown>): void {
    const timer = setInterval(() => void work().catch(() => {}), milliseconds)
    timer.unref?.()
    this.#timers.push(timer)
  }

  async #run(): Promise<void> {
    await this.#keep().catch(() => {})
    while (!this.#isClosed) {
      await this.#fill()
      await this.#bell.wait(LONGEST_REST)
    }
  }

  /**
   * Claims jobs until there is none, or no place. A claim takes as long as a commit, so twice as many are made side by side
   * as long as each finds one: an empty queue costs one, and a long one does not wait for them one by one.
   */
  async #fill(): Promise<void> {
    for (let width = 1; ; width *= 2) {
      const claims = Array.from({ length: Math.min(width, this.#countPlaces()) }, () => this.#claim())
      // The store may be away: it is asked again.
      const found = await Promise.all(claims.map(claim => claim.catch(() => false)))
      if (found.length === 0 || found.includes(false)) return
    }
  }

  /** Calls come first: while one waits, or the engine is full, no job begins. */
  #countPlaces(): number {
    const { engine, lifecycle, settings } = this.#options.host
    if (this.#isClosed || lifecycle.state !== 'ready' || engine.state !== 'ready') return 0
    const places = settings.concurrency * Math.max(1, engine.countReplicas?.().ready ?? 1)
    // Jobs that were claimed in this turn are not with the engine yet.
    const taken = Math.max(engine.load.running, this.#running.size)
    return engine.load.waiting === 0 ? Math.max(0, places - taken) : 0
  }

  async #claim(): Promise<boolean> {
    const { store, holder, model } = this.#options
    const job = await store.claim({ lease: { holder, until: store.now() + LEASE }, models: [model] })
    if (job === undefined) return false
    if (this.#isClosed) {
      await settleJob(job.key, { kind: 'notBegun' }, this.#settlement)
      return false
    }
    const run = this.#work(job).finally(() => {
      this.#runs.delete(run)
      this.#bell.ring()
    })
    this.#runs.add(run)
    return true
  }

  /** A job that runs keeps a graceful end of the server waiting, as a call does. */
  async #work(job: Job): Promise<void> {
    const { store, holder, call, host, inputs } = this.#options
    const { jobsTimeout: timeout, jobsOutputSize: output } = host.settings
    const cancellation = new Cancellation()
    this.#running.set(job.key, cancellation)
    host.lifecycle.begin()
    try {
      const input = job.input ?? inputs.get(job.key)
      const { logger, plainReader: reader } = host
      const run = { job: { ...job, input }, cancellation, holder, store, call, reader, logger }
      const outcome = input === undefined ? LEFT_RUNNING : await runJob({ ...run, limits: { timeout, output } })
      if (!this.#isOver) await settleJob(job.key, outcome, this.#settlement)
      if (outcome.kind === 'notBegun') await pause(PAUSE)
    } finally {
      this.#running.delete(job.key)
      host.lifecycle.end()
    }
  }

  /** Renews the leases, cancels what is to be canceled, and takes the jobs of fronts that are gone. */
  async #keep(): Promise<void> {
    const { store, holder } = this.#options
    const wasSet = this.#watch.wasSet(store.now())
    const held = await store.renew({ holder, until: store.now() + LEASE })
    for (const { key, cancelRequested } of held) if (cancelRequested) this.#cancel(key)
    this.#options.inputs.keepOnly(new Set(held.map(({ key }) => key)))
    await this.#returnStray(held.flatMap(({ key, isRunning }) => (isRunning ? [key] : [])))
    // Leases of others look old by a clock that was set ahead, until they are renewed.
    if (!wasSet && (await store.recover(holder)) > 0) this.#bell.ring()
  }

  /** A job whose claim was not answered is this front's, and does not run: nobody else would ever get it. */
  async #returnStray(held: readonly string[]): Promise<void> {
    const stray = held.filter(key => !this.#running.has(key))
    for (const key of stray) if (this.#strays.has(key)) await settleJob(key, { kind: 'notBegun' }, this.#settlement)
    // One that was claimed a moment ago is about to run.
    this.#strays = new Set(stray)
  }

  #cancel(key: string): void {
    this.#running.get(key)?.cancel(new JobCanceled('the job was canceled'))
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds))
}

async function waitAtMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timedOut = new Promise(resolve => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([work, timedOut])
  clearTimeout(timer)
}
