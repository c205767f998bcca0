/** Measures the steps of a start, for `--debug`. */
export class Stopwatch {
  readonly #steps: { readonly name: string; readonly milliseconds: number }[] = [
    { name: 'node and incant', milliseconds: performance.now() },
  ]

  readonly #running: string[] = []

  /** The steps that go on now. */
  get running(): readonly string[] {
    return this.#running
  }

  /** Runs a step and notes how long it took. Steps may overlap. */
  async time<Result>(name: string, step: () => Result | Promise<Result>): Promise<Result> {
    const start = performance.now()
    this.#running.push(name)
    try {
      return await step()
    } finally {
      this.#running.splice(this.#running.indexOf(name), 1)
      this.#steps.push({ name, milliseconds: performance.now() - start })
    }
  }

  /** `ready 412 ms after the process began: node and incant 120, …`. Steps that overlap sum up to more than the whole. */
  describe(): string {
    const steps = this.#steps.map(({ name, milliseconds }) => `${name} ${Math.round(milliseconds)}`)
    return `ready ${Math.round(performance.now())} ms after the process began: ${steps.join(', ')}`
  }
}
