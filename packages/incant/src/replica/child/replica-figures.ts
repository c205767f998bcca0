import { PredictorFigures } from '../../metrics/predictor-figures.ts'
import type { ProcessFigures } from '../../metrics/process-ledger.ts'
import { Publisher } from '../../metrics/publisher.ts'
import { ProcessMonitor } from '../../process/process-monitor.ts'
import type { FromReplica } from '../wire/protocol.ts'

/**
 * The figures of a replica, on their way to the front. The replica sends them unasked, so that one that computes or
 * hangs holds up no scrape.
 */
export class ReplicaFigures {
  readonly predictor: PredictorFigures = new PredictorFigures()
  readonly #send: (message: FromReplica) => void
  readonly #monitor: ProcessMonitor
  readonly #publisher: Publisher

  /** @param isBusy - Whether there is a call. */
  constructor(send: (message: FromReplica) => void, isBusy: () => boolean) {
    this.#send = send
    this.#publisher = new Publisher(changes => send({ type: 'metrics', changes }))
    this.#monitor = new ProcessMonitor(isBusy, { onRest: () => this.#publisher.stop() })
    this.#publisher.follow()
  }

  /** Sends what has changed. Returns a promise if metrics of the predictor itself have changed. */
  publish(): Promise<void> | undefined {
    const counts = this.predictor.take()
    if (counts !== undefined) this.#send({ type: 'counts', counts })
    return this.#publisher.isBehind ? this.#publisher.publish() : undefined
  }

  /** Sends also what changes without being seen to. */
  async publishAll(): Promise<void> {
    await this.publish()
    await this.#publisher.publishAll()
  }

  /** A call begins. */
  wake(): void {
    this.#monitor.wake()
    this.#publisher.follow()
  }

  read(): ProcessFigures {
    return this.#monitor.read()
  }

  restart(): void {
    this.#monitor.restart()
  }
}
