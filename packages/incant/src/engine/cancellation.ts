/**
 * Cancels one call: fires once, with the reason, at the deadline, when the caller leaves or when the server stops. An
 * `AbortSignal` is created only on demand, since most calls end without.
 */
export class Cancellation {
  #reason: Error | undefined
  #controller: AbortController | undefined
  #listeners: ((reason: Error) => void)[] | undefined
  #whenHeeded: (() => void) | undefined
  /** Runs the predictor's listeners in a context from which their call is known. */
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

  /** Calls back once there is a listener, at once if there is one already: until then the deadline needs no timer. */
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
