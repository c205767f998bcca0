import { NumberMap } from '../../collections/number-map.ts'
import { HostedPredictor } from '../../engine/hosted-predictor.ts'
import { describeThrown } from '../../errors/describe-thrown.ts'
import { StartupError } from '../../errors/startup-error.ts'
import { describeFailure } from '../../http/failure.ts'
import { toJSON } from '../../http/to-json.ts'
import { isPredictorClass } from '../../predictor/base-predictor.ts'
import { captureOutput, type OutputCapture } from '../../process/log/capture-output.ts'
import { currentRequest } from '../../process/log/current-call.ts'
import { collectAfterStart } from '../../process/memory/collect-after-start.ts'
import { findTracing } from '../../process/telemetry/find-tracing.ts'
import { startTelemetry, type Telemetry } from '../../process/telemetry/start-telemetry.ts'
import { ownValidator } from '../../signature/resolve.ts'
import { Channel } from '../wire/channel.ts'
import { fromMachineClock } from '../wire/machine-clock.ts'
import { decodeToReplica, encodeFromReplica } from '../wire/message-codec.ts'
import type { CallMessage, FromReplica, ReplicaSettings, ToReplica, WireError } from '../wire/protocol.ts'
import { encodeError } from '../wire/wire-error.ts'
import { decodeSettings } from '../wire/wire-settings.ts'
import { blockOutput } from './blocking-output.ts'
import { openChannel } from './channel-sockets.ts'
import { type ForwardedLog, forwardLog } from './forwarded-log.ts'
import { laterReader } from './later-reader.ts'
import { ReplicaCall, type ReplicaCallHost } from './replica-call.ts'
import { ReplicaFigures } from './replica-figures.ts'
import { ReplicaSender } from './replica-sender.ts'
import { type SideThread, startSideThread } from './side-thread.ts'

/** Imports the module of the predictor class. */
export type LoadModule = (url: string) => Promise<Readonly<Record<string, unknown>>>

/**
 * Runs a replica in this process, for the front that started it: the whole of a replica's main module.
 *
 * @param load - How the predictor's module is imported; `url => import(url)` where it is JavaScript.
 */
export function runReplica(load: LoadModule): void {
  // A terminal signals the whole group; when a replica ends is for the front to say.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
  blockOutput()
  new Replica(load, startSideThread()).dieOfStrays()
}

class Replica {
  readonly #load: LoadModule
  readonly #channel: Channel<FromReplica, ToReplica>
  readonly #logger: ForwardedLog
  readonly #side: SideThread
  readonly #output: OutputCapture
  readonly #calls: NumberMap<ReplicaCall> = new NumberMap()
  #host: ReplicaCallHost
  #telemetry: Telemetry | undefined
  readonly #sender: ReplicaSender
  #predictor: HostedPredictor | undefined

  constructor(load: LoadModule, side: SideThread) {
    this.#load = load
    this.#side = side
    const output = openChannel(piece => this.#channel.read(piece))
    this.#channel = new Channel(output, message => this.#receive(message), {
      guarded: true,
      encode: encodeFromReplica,
      decode: decodeToReplica,
    })
    this.#sender = new ReplicaSender(this.#channel)
    this.#logger = forwardLog(message => this.#sayAtOnce(message))
    this.#output = captureOutput(this.#logger, { everything: true })
    this.#host = {
      ownValidator: undefined,
      readBody: () => Promise.reject(new Error('the replica has not been set up')),
      logger: this.#logger,
      tracing: undefined,
      send: message => this.#sender.send(message),
      onOver: n => this.#calls.delete(n),
    }
  }

  /** A stray error or rejection leaves an unknown state: the front gets it, and starts another replica. */
  dieOfStrays(): void {
    const die = (thrown: unknown): void => {
      this.#logger.log('error', 'an error was thrown outside any call', {
        ...currentRequest(),
        error: describeThrown(thrown),
      })
      this.#end()
      process.exit(1)
    }
    process.on('uncaughtException', die)
    process.on('unhandledRejection', die)
  }

  #receive(message: ToReplica): void {
    switch (message.type) {
      case 'load':
        void this.#start(decodeSettings(message.attached))
        return
      case 'call':
        this.#run(message)
        return
      case 'cancel':
        this.#calls.get(message.n)?.cancel(message.code)
        // Also for a call that is over: the answer shows that the replica still reads its messages.
        this.#channel.send({ type: 'cancelled', n: message.n })
        return
      case 'told':
      case 'refused':
        this.#calls.get(message.n)?.told(message)
        return
      case 'over':
        void this.#calls.get(message.n)?.over()
        return
      case 'health':
        void this.#answerHealth()
        return
      case 'ping':
        this.#answerPing()
        return
      case 'restart':
        this.#sender.figures?.restart()
        return
      case 'close':
        void this.#close()
        return
      default:
        this.#calls.get(message.n)?.stream(message)
    }
  }

  async #start(settings: ReplicaSettings): Promise<void> {
    this.#logger.limit(settings.logLevel)
    if (settings.counts) this.#sender.figures = this.#makeFigures()
    try {
      this.#predictor = await this.#makePredictor(settings)
      await this.#predictor.setup()
      this.#sender.send({ type: 'loaded' })
      collectAfterStart()
    } catch (thrown) {
      this.#sender.send({ type: 'failed', error: await encodeError(thrown) })
    }
  }

  #makeFigures(): ReplicaFigures {
    return new ReplicaFigures(
      message => this.#channel.send(message),
      () => this.#calls.size > 0,
    )
  }

  async #makePredictor(settings: ReplicaSettings): Promise<HostedPredictor> {
    const { module, tracedAs: serviceName } = settings
    // Before the predictor is loaded, so that what it imports can be instrumented.
    if (serviceName !== undefined)
      this.#telemetry = startTelemetry({ module: new URL(module), serviceName, logger: this.#logger })
    const predictor = (await this.#load(module))[settings.exportName]
    if (!isPredictorClass(predictor)) {
      const found = `${settings.module} has no predictor under the name ${settings.exportName}`
      throw new StartupError({ code: 'no_predictor', found })
    }
    const tracing = await findTracing()
    const logger = tracing?.identify(this.#logger) ?? this.#logger
    const readBody = laterReader(settings.reading)
    this.#host = { ...this.#host, logger, tracing, ownValidator: ownValidator(predictor), readBody }
    const { scope: callScope } = captureOutput(logger, { predictor })
    const describe = (thrown: unknown, call: { readonly id: string }) => describeFailure(thrown, call.id, logger)
    const figures = this.#sender.figures?.predictor
    return new HostedPredictor({ ...settings, predictor, logger, callScope, describe, figures })
  }

  #run(message: CallMessage): void {
    const { n, sentAt, call } = message
    const predictor = this.#predictor
    // Now, since the next line may be the last this process runs: the front must know whose fault that was.
    if (!this.#side.start(n, sentAt)) return
    // It may have waited here while another call held up the event loop, and its caller is gone.
    if (predictor === undefined || fromMachineClock(call.deadline) < performance.now()) {
      this.#refuse(n)
      return
    }
    this.#sender.figures?.wake()
    const running = new ReplicaCall(message, this.#host)
    this.#calls.set(n, running)
    void running.run(predictor)
  }

  /** Written before this returns, since the next thing this process does may be its last. */
  #sayAtOnce(message: FromReplica): void {
    this.#channel.send(message)
    this.#channel.flush()
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

  #answerPing(): void {
    const { figures } = this.#sender
    if (figures === undefined) {
      this.#channel.send({ type: 'pong', rss: process.memoryUsage.rss() })
      return
    }
    const read = { ...figures.read(), sequences: this.#predictor?.sequences }
    this.#channel.send({ type: 'pong', rss: read.residentMemory, figures: read })
    void figures.publishAll()
  }

  async #answerHealth(): Promise<void> {
    try {
      this.#channel.send({ type: 'health', json: toJSON(await this.#predictor?.health()) })
    } catch (thrown) {
      this.#sender.send({ type: 'unhealthy', error: await encodeError(thrown) })
    }
  }

  async #close(): Promise<void> {
    try {
      await this.#predictor?.close()
    } catch (thrown) {
      this.#logger.log('error', 'close() threw', { error: describeThrown(thrown) })
    }
    await this.#sender.figures?.publish()
    await this.#telemetry?.close()
    this.#end()
  }

  /** Also half lines are heard. */
  #end(): void {
    this.#output.flush()
    this.#channel.end()
  }
}
