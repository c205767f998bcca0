/**
 * Work that runs after the response has been sent. A parameter of this type gets it.
 *
 * A task that throws is logged under the request id and touches nothing else. A stopping server waits for tasks within
 * its grace period.
 *
 * @example
 * ```ts
 * predict(payload: Passage, tasks: BackgroundTasks) {
 *   tasks.add(archive, payload.text)
 *   return { accepted: true }
 * }
 * ```
 */
export class BackgroundTasks {
  readonly #defer: (task: () => unknown) => void

  /** @param defer - Takes a task to be run once the response is over. Incant creates these objects. */
  constructor(defer: (task: () => unknown) => void) {
    this.#defer = defer
  }

  /** Adds a task. Tasks of one call run one after the other, in the order they were added. */
  add<Parameters extends readonly unknown[]>(
    task: (...parameters: Parameters) => unknown,
    ...parameters: Parameters
  ): void {
    this.#defer(() => task(...parameters))
  }
}
