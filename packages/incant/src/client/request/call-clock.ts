import { TimeoutError } from '../failures/errors.ts'

/** Longer than timers can count (24.8 days): no limit. */
const LONGEST_TIMER = 2 ** 31 - 1

/**
 * The time limit of one call and its caller's signal, as one signal. Everything within a call waits through {@link
 * CallClock.wait}, so that both end it at once.
 */
export class CallClock {
  readonly #controller = new AbortController()
  readonly #timeout: number
  readonly #caller: AbortSignal | undefined
  readonly #onAbort = (): void => this.#controller.abort(this.#caller?.reason)
  #timer: ReturnType<typeof setTimeout> | undefined
  #released = false
  #end = Number.POSITIVE_INFINITY

  /** @param timeout - Milliseconds. */
  constructor(timeout: number, caller: AbortSignal | undefined) {
    this.#timeout = timeout
    this.#caller = caller
    if (caller?.aborted === true) this.#onAbort()
    else caller?.addEventListener('abort', this.#onAbort, { once: true })
  }

  /** Aborted when the time is up, when the caller wishes, or by {@link CallClock.stop}. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Milliseconds that are left. */
  get remaining(): number {
    return this.#end - performance.now()
  }

  /** Starts the time, anew if it ran. */
  start(): void {
    this.pause()
    if (this.#timeout > LONGEST_TIMER) return
    this.#end = performance.now() + this.#timeout
    this.#timer = setTimeout(() => this.#controller.abort(this.#timeoutError()), this.#timeout)
  }

  /** Stops the time; the caller's wish still counts. */
  pause(): void {
    clearTimeout(this.#timer)
    this.#end = Number.POSITIVE_INFINITY
  }

  /** Ends what still runs of the request, and the clock; nothing where it was released. */
  stop(): void {
    if (this.#released) return
    this.release()
    this.#controller.abort()
  }

  /** Lets go of the caller's signal: the answer is complete. */
  release(): void {
    this.#released = true
    this.pause()
    this.#caller?.removeEventListener('abort', this.#onAbort)
  }

  /**
   * Waits for a promise until the call must end.
   *
   * @throws The reason to end the call, in place of the error of an aborted request; else the rejection of the promise.
   */
  async wait<Value>(promise: Promise<Value>): Promise<Value> {
    const { signal } = this
    let refuse = (): void => {}
    const ended = new Promise<never>((_resolve, reject) => {
      refuse = () => reject(signal.reason)
      if (signal.aborted) refuse()
      else signal.addEventListener('abort', refuse, { once: true })
    })
    try {
      return await Promise.race([ended, promise])
    } catch (thrown) {
      throw signal.aborted ? signal.reason : thrown
    } finally {
      signal.removeEventListener('abort', refuse)
    }
  }

  /** Lets time pass. @throws The reason to end the call. */
  async sleep(milliseconds: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const passed = new Promise<void>(resolve => {
      timer = setTimeout(resolve, milliseconds)
    })
    await this.wait(passed).finally(() => clearTimeout(timer))
  }

  #timeoutError(): TimeoutError {
    return new TimeoutError(`The server did not answer within ${this.#timeout} ms.`, { code: 'timeout' })
  }
}
