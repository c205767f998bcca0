import type { LifecycleState } from '../app/lifecycle.ts'
import type { PredictorApp } from '../app/predictor-app.ts'
import { describeThrown } from '../errors/describe-thrown.ts'
import { RequestError } from '../errors/request-error.ts'
import type { Logger } from '../log/logger.ts'

/** The life of what is served. */
export type ServedLife = Pick<PredictorApp, 'ready' | 'state' | 'unfinished' | 'drain' | 'stop' | 'close'>

/**
 * The application that a server serves now, and those before it that finish what they have begun: to the server one,
 * whose end is the end of them all.
 */
export class CurrentApp<App extends ServedLife = PredictorApp> {
  #app: App
  readonly #all: Set<App>
  readonly #logger: Logger
  #isEnding = false

  constructor(app: App, logger: Logger) {
    this.#app = app
    this.#all = new Set([app])
    this.#logger = logger
  }

  get app(): App {
    return this.#app
  }

  get state(): LifecycleState {
    return this.#app.state
  }

  /** The work that delays a stop. */
  get unfinished(): number {
    let unfinished = 0
    for (const app of this.#all) unfinished += app.unfinished
    return unfinished
  }

  /**
   * Puts another application in the place of this one, once it is ready. What has begun is finished where it was begun.
   *
   * @param open - Hands new requests to it.
   * @throws {StartupError} What kept it from being ready; this one then goes on.
   */
  async replace(next: App, open: () => void): Promise<void> {
    this.#all.add(next)
    try {
      await next.ready
      if (this.#isEnding) throw new RequestError('draining')
    } catch (thrown) {
      this.#all.delete(next)
      await next.close()
      throw thrown
    }
    const former = this.#app
    this.#app = next
    open()
    void this.#retire(former)
  }

  drain(): void {
    this.#isEnding = true
    this.#app.drain()
  }

  async stop(): Promise<void> {
    this.#isEnding = true
    await Promise.all([...this.#all].map(app => app.stop()))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map(app => app.close()))
  }

  async #retire(former: App): Promise<void> {
    try {
      await former.stop()
      // The end of the server may have closed it already.
      if (former.state !== 'stopped') await former.close()
    } catch (thrown) {
      this.#logger.log('error', "the predictor's close() failed", { error: describeThrown(thrown) })
    } finally {
      this.#all.delete(former)
    }
  }
}
