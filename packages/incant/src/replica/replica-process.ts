import type { PredictCall } from '../engine/engine.ts'
import { RequestError } from '../errors/request-error.ts'
import { StartupError } from '../errors/startup-error.ts'
import type { PredictAnswer } from '../http/predict-io.ts'
import type { Logger, LogLevel } from '../log/logger.ts'
import type { ProcessIdentity } from '../metrics/ledger.ts'
import type { Recorder } from '../metrics/recorder.ts'
import { FrontCalls } from './front-calls.ts'
import { awaitEnd, type DeathReason, describeDeath, type ReplicaDeath } from './replica-death.ts'
import { readLines, type SpawnedReplica, type SpawnOptions } from './spawn-replica.ts'
import { Channel } from './wire/channel.ts'
import { decodeFromReplica, encodeToReplica } from './wire/message-codec.ts'
import type { FromReplica, ReplicaSettings, ToReplica } from './wire/protocol.ts'
import type { EncodedCall } from './wire/wire-call.ts'
import { decodeError } from './wire/wire-error.ts'
import { encodeSettings } from './wire/wire-settings.ts'

/** How a replica is started. */
export interface ReplicaProcessOptions extends SpawnOptions {
  /** Starts a process, or takes one that has been started. */
  spawn(options: SpawnOptions): SpawnedReplica
  readonly settings: ReplicaSettings
  readonly logger: Logger
  /** The longest time in which a replica must confirm a cancelled call, in milliseconds. */
  readonly hangTimeout: number
  /** Where what it counts is kept. */
  readonly recorder?: Recorder | undefined
}

/** How many processes there have been. */
let generations = 0

/** The front's side of one replica's process; what it does with calls is with {@link FrontCalls}. */
export class ReplicaProcess {
  readonly index: number
  /** Settles when the process is gone, and all it had to say has been read. */
  readonly death: Promise<ReplicaDeath>
  readonly startedAt: Date = new Date()
  readonly #identity: ProcessIdentity
  readonly #options: ReplicaProcessOptions
  readonly #spawned: SpawnedReplica
  readonly #channel: Channel<ToReplica, FromReplica>
  readonly #calls: FrontCalls
  readonly #questions: ((value: unknown, error?: Error) => void)[] = []
  #loaded: ((error?: Error) => void) | undefined
  #ending: DeathReason | undefined

  /** @throws {SpawnError} Where the system has no file descriptor left. */
  constructor(options: ReplicaProcessOptions) {
    this.#options = options
    this.index = options.index
    generations += 1
    this.#identity = { replica: String(options.index), generation: generations }
    this.#spawned = options.spawn(options)
    const { channel, claims, begun, child } = this.#spawned
    this.#channel = new Channel(channel.output, message => this.#receive(message), {
      guarded: false,
      encode: encodeToReplica,
      decode: decodeFromReplica,
    })
    channel.input.on('data', (piece: Buffer) => this.#channel.read(piece))
    const { hangTimeout } = options
    const onHang = () => this.kill('hang')
    this.#calls = new FrontCalls({ channel: this.#channel, claims, begun, hangTimeout, onHang })
    readLines(child.stdout, line => this.#forward(line, 'info'))
    readLines(child.stderr, line => this.#forward(line, 'warn'))
    this.death = this.#awaitDeath()
  }

  get pid(): number | undefined {
    return this.#spawned.child.pid
  }

  /** Calls predict is not done with, or has yet to begin. */
  get inFlight(): number {
    return this.#calls.inFlight
  }

  /** Whether nothing is left in it: no call, and no deferred work. */
  get idle(): boolean {
    return this.#calls.idle
  }

  /** Whether calls in it have waited for predict longer than usual. */
  get stalled(): boolean {
    return this.#calls.pulse.stalled
  }

  /** Calls taken so far. */
  get served(): number {
    return this.#calls.served
  }

  /** Resident memory in bytes, as last reported. */
  get rss(): number {
    return this.#calls.pulse.rss
  }

  /**
   * Loads the predictor and runs its setup.
   *
   * @throws {StartupError} `setup_failed`, `setup_timeout`; what loading threw; a death before the end of it.
   */
  load(): Promise<void> {
    const { settings, hangTimeout } = this.#options
    this.#channel.send({ type: 'load', attached: encodeSettings(settings) })
    return new Promise<void>((resolve, reject) => {
      // The replica has its own timer; this one is for a setup that holds up its event loop.
      const timer = setTimeout(() => finish(hungSetup(settings.setupTimeout)), settings.setupTimeout + hangTimeout)
      const finish = (error?: Error): void => {
        clearTimeout(timer)
        this.#loaded = undefined
        if (error === undefined) resolve()
        else reject(error)
      }
      this.#loaded = finish
    }).then(
      () => this.#calls.pulse.start(),
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
  predict(call: PredictCall, encoded: EncodedCall, onDone: () => void): Promise<PredictAnswer> {
    return this.#calls.predict(call, encoded, onDone)
  }

  /** Sends calls at the end of this tick, instead of with all those of this turn of the event loop. */
  sendSoon(): void {
    this.#channel.flushSoon()
  }

  /** Its figures have been read: those that are since then start over. */
  restartFigures(): void {
    this.#channel.send({ type: 'restart' })
  }

  /** Asks for all calls back that predict has not begun. They fail with {@link NotStartedError} as they come. */
  takeBackWaiting(): void {
    this.#calls.takeBackWaiting()
  }

  /** The predictor's own `health()`. */
  health(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#questions.push((value, error) => (error === undefined ? resolve(value) : reject(error)))
      // One answer serves all questions that come meanwhile.
      if (this.#questions.length === 1) this.#channel.send({ type: 'health' })
    })
  }

  /** Runs the predictor's `close()` and ends the process; by force when that takes too long. */
  async close(milliseconds: number): Promise<void> {
    this.#ending ??= 'closed'
    // What has not been set up has nothing to close.
    if (this.#loaded !== undefined) this.kill('closed')
    this.#channel.send({ type: 'close' })
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
    return this.#calls.whenIdle()
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
        this.#calls.pulse.answer(message.rss)
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
        this.#calls.receive(message)
    }
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
    this.#options.recorder?.forget(this.#identity)
    const death = { ...end, reason: this.#ending ?? (end.signal === null ? 'exited' : 'killed') }
    this.#bury(describeDeath(death))
    return death
  }

  #bury(end: string): void {
    this.#loaded?.(endedSetup(end))
    this.#answerQuestions(undefined, new RequestError('unavailable'))
    this.#calls.bury(new Error(`the replica was gone before it answered: ${end}`))
  }
}

function endedSetup(end: string): StartupError {
  return new StartupError({
    code: 'setup_failed',
    found: `the process ended during setup() or while the file loaded: ${end}`,
    instead: 'Look for process.exit(), or for native code that crashes.',
  })
}

function hungSetup(milliseconds: number): StartupError {
  return new StartupError({
    code: 'setup_timeout',
    found: `setup() did not finish within ${milliseconds / 1000} s and blocks its process`,
    instead: 'Raise --setup-timeout (setupTimeout), or find what it waits for.',
  })
}
