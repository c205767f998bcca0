import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Duplex, Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { PredictCall, PredictOutput } from '../engine/engine.ts'
import { RequestError } from '../errors/request-error.ts'
import { StartupError } from '../errors/startup-error.ts'
import type { Logger, LogLevel } from '../log/logger.ts'
import { Channel } from './channel.ts'
import { FrontCall } from './front-call.ts'
import type { FromReplica, ReplicaSettings, ToReplica } from './protocol.ts'
import { encodeCall } from './wire-call.ts'
import { decodeError } from './wire-error.ts'

/** How a replica's process is started. */
export interface ReplicaProcessOptions {
  /** Which of the engine's replicas it is, counted from 0; its successor has the same. */
  readonly index: number
  /** The main module of the process. */
  readonly main: URL
  /** Options of node itself, such as `--max-old-space-size=512`. */
  readonly execArgv: readonly string[]
  /** Added to the environment of the front. */
  readonly env: Readonly<Record<string, string>>
  readonly settings: ReplicaSettings
  readonly logger: Logger
  /** Milliseconds a replica may leave a call unanswered that it was told to stop. */
  readonly hangTimeout: number
}

/** Why a replica is no more. */
export interface ReplicaDeath {
  /** `exited` and `killed` by itself or somebody else, `closed` where it was told to. */
  readonly reason: 'exited' | 'killed' | 'out_of_memory' | 'hang' | 'setup_failed' | 'closed'
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** How often a replica is asked whether it is there, in milliseconds. */
const PING_INTERVAL = 1000

/** How much longer than a call's a replica's own silence is borne: nobody waits for it. */
const SILENCE_FACTOR = 6

/** Time for what a process sent at last to arrive after its exit, in milliseconds. */
const LAST_WORDS = 200

/** The front's side of one replica: its process, its calls, its pulse. */
export class ReplicaProcess {
  readonly index: number
  /** Settles when the process is gone. */
  readonly death: Promise<ReplicaDeath>
  readonly #options: ReplicaProcessOptions
  readonly #child: ChildProcess
  readonly #channel: Channel<ToReplica, FromReplica>
  readonly #calls: Map<number, FrontCall> = new Map()
  readonly #questions: Map<number, (value: unknown, error?: Error) => void> = new Map()
  /** Calls that were told to stop, and when the replica is held to hang if it does not confirm. */
  readonly #signs: Map<number, ReturnType<typeof setTimeout>> = new Map()
  readonly #pulse: ReturnType<typeof setInterval>
  #loaded: ((error?: Error) => void) | undefined
  #onIdle: (() => void) | undefined
  #ending: ReplicaDeath['reason'] | undefined
  #next = 0
  #served = 0
  #inFlight = 0
  #rss = 0
  #lastPong: number = performance.now()

  constructor(options: ReplicaProcessOptions) {
    this.#options = options
    this.index = options.index
    this.#child = spawn(process.execPath, [...options.execArgv, fileURLToPath(options.main)], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env, INCANT_REPLICA: String(options.index) },
    })
    // With 'pipe' the descriptor is a socket, both ways.
    const socket = this.#child.stdio[3] as Duplex
    socket.on('error', () => {})
    this.#channel = new Channel(socket, message => this.#receive(message))
    this.#forward(this.#child.stdout, 'info')
    this.#forward(this.#child.stderr, 'warn')
    this.#pulse = setInterval(() => this.#checkPulse(), PING_INTERVAL)
    this.death = this.#awaitDeath()
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Calls predict is not done with. */
  get inFlight(): number {
    return this.#inFlight
  }

  /** Whether nothing is left in it: no call, and no deferred work. */
  get idle(): boolean {
    return this.#calls.size === 0
  }

  /** Calls taken so far. */
  get served(): number {
    return this.#served
  }

  /** Resident memory in bytes, as it last told. */
  get rss(): number {
    return this.#rss
  }

  /**
   * Loads the predictor and runs its setup.
   *
   * @throws {StartupError} `setup_failed`, `setup_timeout`; what loading threw; a death before the end of it.
   */
  load(): Promise<void> {
    const { settings, hangTimeout } = this.#options
    this.#channel.send({ type: 'load', settings })
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
    }).catch(error => {
      this.kill('setup_failed')
      throw error
    })
  }

  /**
   * Has the replica call predict.
   *
   * @param onDone - Called once when predict is done with the call, or nobody waits for it any more.
   * @throws What predict threw; the reason of the cancellation as soon as it fires; {@link NotStartedError}.
   */
  async predict(call: PredictCall, onDone: () => void): Promise<PredictOutput | Response> {
    const n = this.#number()
    this.#served += 1
    this.#inFlight += 1
    const pending = encodeCall(call)
    const encoded = pending instanceof Promise ? await pending : pending
    const front = new FrontCall(n, call, encoded, {
      send: message => this.#channel.send(message),
      onDone: () => {
        this.#inFlight -= 1
        onDone()
      },
      onOver: () => {
        this.#calls.delete(n)
        this.#onIdle?.()
      },
      onCancel: reason => this.#expectSign(n, front, isDeadline(reason) ? 0 : call.deadline - Date.now()),
    })
    this.#calls.set(n, front)
    this.#channel.send({ type: 'call', n, call: encoded.call })
    return front.answer()
  }

  /** The predictor's own `health()`. */
  health(): Promise<unknown> {
    const n = this.#number()
    this.#channel.send({ type: 'health', n })
    return new Promise((resolve, reject) => {
      this.#questions.set(n, (value, error) => (error === undefined ? resolve(value) : reject(error)))
    })
  }

  /** Runs the predictor's `close()` and ends the process; by force when that takes too long. */
  async close(milliseconds: number): Promise<void> {
    this.#ending ??= 'closed'
    this.#channel.send({ type: 'close' })
    const timer = setTimeout(() => this.kill('closed'), milliseconds)
    await this.death
    clearTimeout(timer)
  }

  /** Ends the process at once. */
  kill(reason: ReplicaDeath['reason']): void {
    this.#ending ??= reason
    this.#child.kill('SIGKILL')
  }

  #number(): number {
    this.#next += 1
    return this.#next
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
        this.#lastPong = performance.now()
        this.#rss = message.rss
        return
      case 'log':
        this.#options.logger.log(message.level, message.message, { ...message.fields, replica: this.index })
        return
      case 'closed':
        return
      case 'health':
        this.#answerQuestion(message.n, message.value)
        return
      default:
        this.#receiveForCall(message)
    }
  }

  #receiveForCall(
    message: Exclude<FromReplica, { type: 'loaded' | 'failed' | 'pong' | 'log' | 'closed' | 'health' }>,
  ): void {
    const call = this.#calls.get(message.n)
    if (message.type === 'cancelled') this.#noteSign(message.n)
    if (call === undefined && message.type === 'thrown')
      this.#answerQuestion(message.n, undefined, decodeError(message.error))
    else call?.receive(message)
  }

  #answerQuestion(n: number, value: unknown, error?: Error): void {
    this.#questions.get(n)?.(value, error)
    this.#questions.delete(n)
  }

  /** A call that predict has was told to stop: the replica has until its deadline, and a little, to say that it heard. */
  #expectSign(n: number, call: FrontCall, remaining: number): void {
    if (!call.started) return
    const timer = setTimeout(() => this.kill('hang'), Math.max(0, remaining) + this.#options.hangTimeout)
    this.#signs.set(n, timer)
  }

  #noteSign(n: number): void {
    clearTimeout(this.#signs.get(n))
    this.#signs.delete(n)
  }

  #checkPulse(): void {
    this.#channel.send({ type: 'ping' })
    const silence = performance.now() - this.#lastPong
    // While predict has a call, that call's deadline is what counts.
    if (this.idle && this.#loaded === undefined && silence > SILENCE_FACTOR * this.#options.hangTimeout)
      this.kill('hang')
  }

  /** Lines a replica writes past the console, on their way to the log. */
  #forward(stream: Readable | null, level: LogLevel): void {
    if (stream === null) return
    const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })
    lines.on('line', line => {
      if (line.includes('heap out of memory')) this.#ending ??= 'out_of_memory'
      this.#options.logger.log(level, line, { replica: this.index })
    })
  }

  async #awaitDeath(): Promise<ReplicaDeath> {
    const death = await new Promise<ReplicaDeath>(resolve => {
      this.#child.on('error', () => resolve({ reason: 'exited', code: null, signal: null }))
      this.#child.on('exit', (code, signal) => {
        // What it sent before may still be on its way.
        setTimeout(
          () => resolve({ reason: this.#ending ?? (signal === null ? 'exited' : 'killed'), code, signal }),
          LAST_WORDS,
        )
      })
    })
    clearInterval(this.#pulse)
    for (const timer of this.#signs.values()) clearTimeout(timer)
    this.#bury(new Error(`the replica was gone before it answered: ${describeDeath(death)}`))
    return death
  }

  #bury(error: Error): void {
    this.#loaded?.(new StartupError({ code: 'setup_failed', found: error.message }))
    for (const answer of this.#questions.values()) answer(undefined, new RequestError('unavailable'))
    for (const call of this.#calls.values()) call.die(error)
    this.#calls.clear()
    this.#onIdle?.()
  }

  /** Settles when nothing is left in it. */
  whenIdle(): Promise<void> {
    if (this.idle) return Promise.resolve()
    return new Promise(resolve => {
      this.#onIdle = () => {
        if (this.idle) resolve()
      }
    })
  }
}

/** A death in words: `out_of_memory (signal SIGABRT)`. */
export function describeDeath({ reason, code, signal }: ReplicaDeath): string {
  if (signal !== null) return `${reason} (signal ${signal})`
  return code === null ? reason : `${reason} (code ${code})`
}

function isDeadline(reason: Error): boolean {
  return reason instanceof RequestError && reason.code === 'deadline_exceeded'
}

function hungSetup(milliseconds: number): StartupError {
  return new StartupError({
    code: 'setup_timeout',
    found: `setup() did not finish within ${milliseconds / 1000} s, and holds up its process`,
    instead: 'Allow it more with --setup-timeout (setupTimeout), or find what it waits for.',
  })
}
