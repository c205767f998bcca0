/** The inputs of jobs that are kept out of the store: in the memory of the front that took them, until they are over. */
export class HeldInputs {
  readonly #inputs: Map<string, string> = new Map()
  #doubtful: ReadonlySet<string> = new Set()

  /** @param input - JSON text. */
  add(key: string, input: string): void {
    this.#inputs.set(key, input)
  }

  get(key: string): string | undefined {
    return this.#inputs.get(key)
  }

  remove(key: string): void {
    this.#inputs.delete(key)
  }

  /**
   * Removes those of jobs that this front no longer has, such as canceled ones. One that is missing for the first time may be
   * on its way into the store.
   */
  keepOnly(held: ReadonlySet<string>): void {
    const missing = [...this.#inputs.keys()].filter(key => !held.has(key))
    for (const key of missing) if (this.#doubtful.has(key)) this.remove(key)
    this.#doubtful = new Set(missing)
  }
}
