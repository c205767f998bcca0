import { Socket } from 'node:net'
import { HostedPredictor } from '../engine/hosted-predictor.ts'
import { describeThrown } from '../errors/describe-thrown.ts'
import { StartupError } from '../errors/startup-error.ts'
import { describeFailure } from '../http/failure.ts'
import type { Logger } from '../log/logger.ts'
import { captureConsole } from '../node/log/capture-console.ts'
import { isPredictorClass } from '../predictor/base-predictor.ts'
import { Channel } from './channel.ts'
import type { FromReplica, ReplicaSettings, ToReplica, WireError } from './protocol.ts'
import { ReplicaCall } from './replica-call.ts'
import { watchFront } from './watchdog.ts'
import { encodeError } from './wire-error.ts'

/** The file descriptor on which a replica and its front talk. */
export const CHANNEL_FD = 3

/** Imports the module of the predictor class. */
export type LoadModule = (url: string) => Promise<Readonly<Record<string, unknown>>>

/**
 * Runs a replica in this process, for the front that started it: the whole of a replica's main module.
 *
 * @param load - How the predictor's module is imported; `url => import(url)` where it is JavaScript.
 */
export function runReplica(load: LoadModule): void {
  const socket = new Socket({ fd: CHANNEL_FD, readable: true, writable: true })
  // Without a front there is nobody to work for.
  socket.on('close', () => process.exit(0))
  socket.on('error', () => process.exit(0))
  // A terminal signals the whole group; when a replica ends is for the front to say.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
  watchFront()
  new Replica(socket, load).dieOfStrays()
}

class Replica {
  readonly #load: LoadModule
  readonly #channel: Channel<FromReplica, ToReplica>
  readonly #logger: Logger
  readonly #calls: Map<number, ReplicaCall> = new Map()
  #predictor: HostedPredictor | undefined

  constructor(socket: Socket, load: LoadModule) {
    this.#load = load
    this.#channel = new Channel(socket, message => this.#receive(message))
    this.#logger = forwardLog(message => this.#channel.send(message))
  }

  /** What is thrown where nobody listens leaves a state nobody knows: the front hears of it, and starts another. */
  dieOfStrays(): void {
    const die = (thrown: unknown): void => {
      this.#logger.log('error', 'something was thrown outside of every call', { error: describeThrown(thrown) })
      this.#channel.end()
      process.exit(1)
    }
    process.on('uncaughtException', die)
    process.on('unhandledRejection', die)
  }

  #receive(message: ToReplica): void {
    switch (message.type) {
      case 'load':
        void this.#start(message.settings)
        return
      case 'call':
        this.#run(message)
        return
      case 'cancel':
        this.#calls.get(message.n)?.cancel(message.code)
        return
      case 'over':
        void this.#calls.get(message.n)?.over()
        return
      case 'health':
        void this.#answerHealth(message.n)
        return
      case 'ping':
        this.#channel.send({ type: 'pong', rss: process.memoryUsage.rss() })
        return
      case 'close':
        void this.#close()
        return
      default:
        this.#calls.get(message.n)?.stream(message)
    }
  }

  async #start(settings: ReplicaSettings): Promise<void> {
    try {
      this.#predictor = await this.#host(settings)
      await this.#predictor.setup()
      this.#channel.send({ type: 'loaded' })
    } catch (thrown) {
      this.#channel.send({ type: 'failed', error: await encodeError(thrown) })
    }
  }

  async #host(settings: ReplicaSettings): Promise<HostedPredictor> {
    const predictor = (await this.#load(settings.module))[settings.exportName]
    if (!isPredictorClass(predictor)) {
      const found = `${settings.module} has no predictor under the name ${settings.exportName}`
      throw new StartupError({ code: 'no_predictor', found })
    }
    const logger = this.#logger
    const { scope: callScope } = captureConsole(logger)
    const describe = (thrown: unknown, call: { readonly id: string }) => describeFailure(thrown, call.id, logger)
    return new HostedPredictor({ ...settings, predictor, logger, callScope, describe })
  }

  #run({ n, call }: ToReplica & { type: 'call' }): void {
    const predictor = this.#predictor
    // It may have waited here while another call held up the event loop: nobody waits for it any more.
    if (predictor === undefined || call.deadline < Date.now()) {
      this.#refuse(n)
      return
    }
    const host = { predictor, logger: this.#logger, send: (message: FromReplica) => this.#channel.send(message) }
    const running = new ReplicaCall(n, call, host, () => this.#calls.delete(n))
    this.#calls.set(n, running)
    // Now, since the next line may be the last this process runs: the front must know whose fault that was.
    this.#channel.sendNow({ type: 'started', n })
    void running.run()
  }

  #refuse(n: number): void {
    const error: WireError = {
      kind: 'request',
      code: 'deadline_exceeded',
      detail: undefined,
      headers: {},
      issues: undefined,
    }
    this.#channel.send({ type: 'thrown', n, error })
  }

  async #answerHealth(n: number): Promise<void> {
    try {
      this.#channel.send({ type: 'health', n, value: await this.#predictor?.health() })
    } catch (thrown) {
      this.#channel.send({ type: 'thrown', n, error: await encodeError(thrown) })
    }
  }

  async #close(): Promise<void> {
    try {
      await this.#predictor?.close()
    } catch (thrown) {
      this.#logger.log('error', 'close() threw', { error: describeThrown(thrown) })
    }
    this.#channel.send({ type: 'closed' })
    this.#channel.end()
  }
}

function forwardLog(send: (message: FromReplica) => void): Logger {
  return {
    log: (level, message, fields) =>
      send({ type: 'log', level, message, ...(fields === undefined ? {} : { fields: clonable(fields) }) }),
  }
}

/** Fields as the log writes them: what structured clone cannot carry, JSON mostly cannot either. */
function clonable(fields: object): Readonly<Record<string, unknown>> {
  try {
    return structuredClone(fields) as Readonly<Record<string, unknown>>
  } catch {
    return JSON.parse(JSON.stringify(fields)) as Readonly<Record<string, unknown>>
  }
}
