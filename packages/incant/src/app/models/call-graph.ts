/**
 * Which models have called which. A model that waits for another one keeps a place in its own queue meanwhile, so models
 * that call each other in a circle could all wait for a place that none of them gives back. A call that would close a circle
 * is refused, whether or not others are running now: what works does not depend on the load.
 */
export class CallGraph {
  readonly #called: Map<string, Set<string>> = new Map()

  /**
   * Notes that one model calls another.
   *
   * @throws {Error} Where the other one, or one that it has called, calls the first.
   */
  add(from: string, to: string): void {
    const known = this.#called.get(from)
    if (known?.has(to) === true) return
    const path = this.#find(to, from, new Set())
    if (path !== undefined) throw circular([from, ...path])
    if (known === undefined) this.#called.set(from, new Set([to]))
    else known.add(to)
  }

  /** The code of a model has changed: it may call others from now on. */
  forget(id: string): void {
    this.#called.delete(id)
  }

  /** The models from one to another, both included. */
  #find(from: string, to: string, seen: Set<string>): readonly string[] | undefined {
    if (from === to) return [to]
    seen.add(from)
    for (const next of this.#called.get(from) ?? []) {
      const path = seen.has(next) ? undefined : this.#find(next, to, seen)
      if (path !== undefined) return [from, ...path]
    }
    return undefined
  }
}

function circular(path: readonly string[]): Error {
  return new Error(`models call each other in a circle, and could wait for each other: ${path.join(' → ')}`)
}
