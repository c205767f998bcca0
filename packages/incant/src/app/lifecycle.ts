import type { Engine } from '../engine/engine.ts'

/**
 * starting → ready → draining → stopping → stopped, or failed.
 *
 * - `draining`: asked to stop, still listening: `/ready` says 503, everything else is served.
 * - `stopping`: no longer listening: work begun before is finished, anything new is a 503.
 */
export type LifecycleState = 'starting' | 'ready' | 'draining' | 'stopping' | 'stopped' | 'failed'

/** The life of one application: owns its state and knows what is not finished. */
export class Lifecycle {
  readonly #engine: Pick<Engine, 'start' | 'close'>
  readonly #prepare: () => Promise<void>
  #ready: Promise<void> | undefined
  #state: LifecycleState = 'starting'
  #unfinished = 0
  #whenFinished: (() => void)[] = []

  /** @param prepare - Begun with the engine, and done before the application is ready, which it keeps from that where it fails. */
  constructor(engine: Pick<Engine, 'start' | 'close'>, prepare: () => Promise<void>) {
    this.#engine = engine
    this.#prepare = prepare
  }

  /** Whether the engine was started. */
  get isStarted(): boolean {
    return this.#ready !== undefined
  }

  /** Settles when setup has finished, which begins with the first look at this. */
  get ready(): Promise<void> {
    this.#ready ??= this.#start()
    return this.#ready
  }

  get state(): LifecycleState {
    return this.#state
  }

  get unfinished(): number {
    return this.#unfinished
  }

  /** Counts one exchange in, or one background task. */
  begin(): void {
    this.#unfinished += 1
  }

  /** Counts it out. */
  end(): void {
    this.#unfinished -= 1
    if (this.#unfinished > 0) return
    for (const tell of this.#whenFinished.splice(0)) tell()
  }

  drain(): void {
    if (this.#state === 'starting' || this.#state === 'ready') this.#state = 'draining'
  }

  stop(): Promise<void> {
    if (this.#state !== 'stopped' && this.#state !== 'failed') this.#state = 'stopping'
    if (this.#unfinished === 0) return Promise.resolve()
    return new Promise(resolve => this.#whenFinished.push(resolve))
  }

  async close(): Promise<void> {
    if (this.#state !== 'failed') this.#state = 'stopped'
    await this.#engine.close()
  }

  #start(): Promise<void> {
    // Closed before it began.
    if (this.#state === 'stopped') return Promise.resolve()
    const ready = Promise.all([this.#engine.start(), this.#prepare()]).then(
      () => this.#advance('starting', 'ready'),
      thrown => {
        this.#advance('starting', 'failed')
        throw thrown
      },
    )
    // Code that awaits `ready` gets the error; it need not be awaited.
    ready.catch(() => {})
    return ready
  }

  #advance(from: LifecycleState, to: LifecycleState): void {
    if (this.#state === from) this.#state = to
  }
}
