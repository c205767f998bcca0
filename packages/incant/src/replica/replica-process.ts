import type { PredictCall, PredictOutput } from '../engine/engine.ts'
import { RequestError } from '../errors/request-error.ts'
import { StartupError } from '../errors/startup-error.ts'
import type { Logger, LogLevel } from '../log/logger.ts'
import type { ProcessIdentity } from '../metrics/ledger.ts'
import type { Recorder } from '../metrics/recorder.ts'
import { Channel } from './channel.ts'
import { ClaimLine } from './claim-line.ts'
import { LAST_NUMBER } from './claims.ts'
import { FrontCall, type FrontCallHost, NotStartedError } from './front-call.ts'
import { type FromReplica, needsClone, type ReplicaSettings, type ToReplica } from './protocol.ts'
import { Pulse } from './pulse.ts'
import { awaitEnd, type DeathReason, describeDeath, type ReplicaDeath } from './replica-death.ts'
import { readLines, type SpawnedReplica, type SpawnOptions, spawnReplica } from './spawn-replica.ts'
import type { EncodedCall } from './wire-call.ts'
import { decodeError } from './wire-error.ts'

/** How a replica is started. */
export interface ReplicaProcessOptions extends SpawnOptions {
  readonly settings: ReplicaSettings
  readonly logger: Logger
  /** Milliseconds a replica may leave a call unanswered that it was told to stop. */
  readonly hangTimeout: number
  /** Where what it counts is kept. */
  readonly recorder?: Recorder | undefined
}

/** How many processes there have been. */
let generations = 0

/** Messages that concern one call. */
type CallMessage = Parameters<FrontCall['receive']>[0]

/** The front's side of one replica: its process and its calls. */
export class ReplicaProcess {
  readonly index: number
  /** Settles when the process is gone, and all it had to say has been read. */
  readonly death: Promise<ReplicaDeath>
  readonly startedAt: Date = new Date()
  readonly #identity: ProcessIdentity
  readonly #options: ReplicaProcessOptions
  readonly #spawned: SpawnedReplica
  readonly #channel: Channel<ToReplica, FromReplica>
  readonly #claims: ClaimLine
  readonly #pulse: Pulse
  readonly #host: FrontCallHost = this.#makeHost()
  readonly #calls: Map<number, FrontCall> = new Map()
  readonly #questions: ((value: unknown, error?: Error) => void)[] = []
  #loaded: ((error?: Error) => void) | undefined
  #onIdle: (() => void) | undefined
  #ending: DeathReason | undefined
  #dead = false
  #next = 0
  #served = 0
  #inFlight = 0

  /** @throws {SpawnError} Where the system has no file descriptor left. */
  constructor(options: ReplicaProcessOptions) {
    this.#options = options
    this.index = options.index
    generations += 1
    this.#identity = { replica: String(options.index), generation: generations }
    this.#spawned = spawnReplica(options)
    const { channel, claims, child } = this.#spawned
    this.#channel = new Channel(channel, message => this.#receive(message), { lend: true })
    this.#claims = new ClaimLine(
      claims,
      n => this.#start(n),
      n => this.#calls.get(n)?.withdraw(),
    )
    readLines(child.stdout, line => this.#forward(line, 'info'))
    readLines(child.stderr, line => this.#forward(line, 'warn'))
    this.#pulse = new Pulse({
      hangTimeout: options.hangTimeout,
      calls: () => this.#calls.values(),
      ask: () => this.#send({ type: 'ping' }),
      onHang: () => this.kill('hang'),
    })
    this.death = this.#awaitDeath()
  }

  get pid(): number | undefined {
    return this.#spawned.child.pid
  }

  /** Calls predict is not done with, or has yet to begin. */
  get inFlight(): number {
    return this.#inFlight
  }

  /** Whether nothing is left in it: no call, and no deferred work. */
  get idle(): boolean {
    return this.#calls.size === 0
  }

  /** Whether calls wait in it that predict has not begun for longer than it takes where nothing holds it up. */
  get stalled(): boolean {
    return this.#pulse.stalled
  }

  /** Calls taken so far. */
  get served(): number {
    return this.#served
  }

  /** Resident memory in bytes, as it last told. */
  get rss(): number {
    return this.#pulse.rss
  }

  /**
   * Loads the predictor and runs its setup.
   *
   * @throws {StartupError} `setup_failed`, `setup_timeout`; what loading threw; a death before the end of it.
   */
  load(): Promise<void> {
    const { settings, hangTimeout } = this.#options
    this.#send({ type: 'load', settings })
    return new Promise<void>((resolve, reject) => {
      // The replica keeps the time itself; this one is for a setup that holds up its event loop.
      const timer = setTimeout(() => finish(hungSetup(settings.setupTimeout)), settings.setupTimeout + hangTimeout)
      const finish = (error?: Error): void => {
        clearTimeout(timer)
        this.#loaded = undefined
        if (error === undefined) resolve()
        else reject(error)
      }
      this.#loaded = finish
    }).then(
      () => this.#pulse.start(),
      error => {
        this.kill('setup_failed')
        throw error
      },
    )
  }

  /**
   * Has the replica call predict.
   *
   * @param onDone - Called once when predict is done with the call, or will never have it.
   * @throws What predict threw; the reason of the cancellation as soon as it fires; {@link NotStartedError}.
   */
  predict(call: PredictCall, encoded: EncodedCall, onDone: () => void): Promise<PredictOutput | Response> {
    if (this.#dead) {
      onDone()
      return Promise.reject(new NotStartedError('the replica was gone already'))
    }
    this.#next = this.#next === LAST_NUMBER ? 1 : this.#next + 1
    const n = this.#next
    const front = new FrontCall({ n, call, encoded, host: this.#host, onDone })
    this.#calls.set(n, front)
    this.#served += 1
    this.#inFlight += 1
    this.#pulse.expect(n)
    try {
      const message: ToReplica = { type: 'call', n, call: encoded.call }
      if (encoded.isJSON) this.#channel.send(message)
      else this.#channel.sendClone(message)
    } catch (thrown) {
      // What @input made of the payload can hold a function.
      front.withdraw()
      return Promise.reject(thrown)
    }
    return front.answer()
  }

  /** Its figures have been read: those that are since then start over. */
  restartFigures(): void {
    if (!this.#dead) this.#send({ type: 'restart' })
  }

  /** Asks for all calls back that predict has not begun. They fail with {@link NotStartedError} as they come. */
  takeBackWaiting(): void {
    for (const call of this.#calls.values()) if (!call.started) this.#claims.takeBack(call.n)
  }

  /** The predictor's own `health()`. */
  health(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#questions.push((value, error) => (error === undefined ? resolve(value) : reject(error)))
      // One answer is enough for all who ask meanwhile.
      if (this.#questions.length === 1) this.#send({ type: 'health' })
    })
  }

  /** Runs the predictor's `close()` and ends the process; by force when that takes too long. */
  async close(milliseconds: number): Promise<void> {
    this.#ending ??= 'closed'
    // What has not been set up has nothing to close.
    if (this.#loaded !== undefined) this.kill('closed')
    this.#send({ type: 'close' })
    const timer = setTimeout(() => this.kill('closed'), milliseconds)
    await this.death
    clearTimeout(timer)
  }

  /** Ends the process at once. */
  kill(reason: DeathReason): void {
    this.#ending ??= reason
    this.#spawned.child.kill('SIGKILL')
  }

  /** Settles when nothing is left in it. */
  whenIdle(): Promise<void> {
    if (this.idle) return Promise.resolve()
    return new Promise(resolve => {
      this.#onIdle = resolve
    })
  }

  #makeHost(): FrontCallHost {
    return {
      send: message => this.#send(message),
      onDone: ({ n }) => {
        this.#inFlight -= 1
        this.#pulse.end(n)
      },
      onOver: ({ n }) => {
        this.#calls.delete(n)
        if (this.idle) this.#onIdle?.()
      },
      onStopping: call => this.#pulse.expectSign(call),
      takeBack: ({ n }) => this.#claims.takeBack(n),
    }
  }

  #send(message: ToReplica): void {
    if (needsClone(message)) this.#channel.sendClone(message)
    else this.#channel.send(message)
  }

  #start(n: number): void {
    this.#pulse.begin(n)
    this.#calls.get(n)?.start()
  }

  #receive(message: FromReplica): void {
    switch (message.type) {
      case 'loaded':
        this.#loaded?.()
        return
      case 'failed':
        this.#loaded?.(decodeError(message.error))
        return
      case 'pong':
        this.#pulse.answer(message.rss)
        if (message.figures !== undefined) this.#options.recorder?.processes.report(this.#identity, message.figures)
        return
      case 'counts':
        this.#options.recorder?.predictor.add(message.counts)
        return
      case 'metrics':
        this.#options.recorder?.ledger.apply(this.#identity, message.changes)
        return
      case 'log':
        this.#options.logger.log(message.level, message.message, { ...message.fields, replica: this.index })
        return
      case 'health':
        this.#answerQuestions(message.json === undefined ? undefined : JSON.parse(message.json))
        return
      case 'unhealthy':
        this.#answerQuestions(undefined, decodeError(message.error))
        return
      default:
        this.#receiveForCall(message)
    }
  }

  #receiveForCall(message: CallMessage): void {
    this.#pulse.hear()
    if (message.type === 'cancelled') this.#pulse.noteSign(message.n)
    this.#calls.get(message.n)?.receive(message)
  }

  #answerQuestions(value: unknown, error?: Error): void {
    for (const answer of this.#questions.splice(0)) answer(value, error)
  }

  /** Lines a replica writes past the console, on their way to the log. */
  #forward(line: string, level: LogLevel): void {
    if (line.includes('heap out of memory')) this.#ending ??= 'out_of_memory'
    this.#options.logger.log(level, line, { replica: this.index })
  }

  async #awaitDeath(): Promise<ReplicaDeath> {
    const end = await awaitEnd(this.#spawned.child)
    this.#dead = true
    this.#pulse.stop()
    this.#options.recorder?.forget(this.#identity)
    const death = { ...end, reason: this.#ending ?? (end.signal === null ? 'exited' : 'killed') }
    this.#bury(new Error(`the replica was gone before it answered: ${describeDeath(death)}`))
    return death
  }

  #bury(error: Error): void {
    this.#loaded?.(new StartupError({ code: 'setup_failed', found: error.message }))
    this.#answerQuestions(undefined, new RequestError('unavailable'))
    for (const call of [...this.#calls.values()]) call.die(error)
    this.#calls.clear()
    this.#onIdle?.()
  }
}

function hungSetup(milliseconds: number): StartupError {
  return new StartupError({
    code: 'setup_timeout',
    found: `setup() did not finish within ${milliseconds / 1000} s, and holds up its process`,
    instead: 'Allow it more with --setup-timeout (setupTimeout), or find what it waits for.',
  })
}
