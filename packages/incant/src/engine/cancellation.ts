/**
 * The end of a call's welcome: fired once, with a reason, by a passed deadline, a caller that left or a server that
 * stops. An `AbortSignal` is made only when somebody asks for one, since most calls end without.
 */
export class Cancellation {
  #reason: Error | undefined
  #controller: AbortController | undefined
  #listeners: ((reason: Error) => void)[] | undefined
  #whenHeeded: (() => void) | undefined
  /** Runs the predictor's own listeners where it can be told which call they belong to. */
  scope: (<Result>(work: () => Result) => Result) | undefined

  /** Why it fired, or undefined while it has not. */
  get reason(): Error | undefined {
    return this.#reason
  }

  /** The standard signal, aborted with the same reason. */
  get signal(): AbortSignal {
    this.#heed()
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#reason !== undefined) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  /** Fires. Only the first reason counts. */
  cancel(reason: Error): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    for (const listener of this.#listeners ?? []) listener(reason)
    this.#listeners = undefined
    if (this.#controller !== undefined) this.#abort(this.#controller, reason)
  }

  /** Calls back when it fires; at once if it has. */
  onCancel(listener: (reason: Error) => void): void {
    this.#heed()
    if (this.#reason !== undefined) listener(this.#reason)
    else if (this.#listeners === undefined) this.#listeners = [listener]
    else this.#listeners.push(listener)
  }

  /** Calls back once somebody asks to be told, at once if somebody has: until then there is no need to watch the time. */
  whenHeeded(watch: () => void): void {
    if (this.#controller === undefined && this.#listeners === undefined) this.#whenHeeded = watch
    else watch()
  }

  #abort(controller: AbortController, reason: Error): void {
    if (this.scope === undefined) controller.abort(reason)
    else this.scope(() => controller.abort(reason))
  }

  #heed(): void {
    const watch = this.#whenHeeded
    this.#whenHeeded = undefined
    watch?.()
  }
}
