import { Hono } from 'hono'
import type { Result, Router } from 'hono/router'
import type { H, RouterRoute } from 'hono/types'

type Handler = [H, RouterRoute]
type Added = readonly [method: string, path: string, handler: Handler]

/**
 * A router of Hono in which our routes come after all that a person adds, whenever that is: middleware goes around them,
 * and a route of the same path takes their place. Once the first request has been matched Hono takes no more routes, and
 * says so with an error.
 */
export class OwnRoutesLast implements Router<Handler> {
  readonly name = 'OwnRoutesLast'
  readonly #router: Router<Handler> = new Hono().router
  readonly #theirs: Added[] = []
  readonly #ours: Added[] = []
  #isBuilt = false
  #isAddingOurs = false

  /** Whether a person has added anything. */
  get hasOthers(): boolean {
    return this.#theirs.length > 0
  }

  add(method: string, path: string, handler: Handler): void {
    // The matcher is there: it refuses in Hono's own words.
    if (this.#isBuilt) this.#router.add(method, path, handler)
    const added = this.#isAddingOurs ? this.#ours : this.#theirs
    added.push([method, path, handler])
  }

  match(method: string, path: string): Result<Handler> {
    if (!this.#isBuilt) for (const added of [...this.#theirs, ...this.#ours]) this.#router.add(...added)
    this.#isBuilt = true
    return this.#router.match(method, path)
  }

  /** Has our routes added to the application that this is the router of. */
  addOurs<Result>(app: Hono, add: () => Result): Result {
    this.#isAddingOurs = true
    const result = add()
    this.#isAddingOurs = false
    keepLast(app.routes)
    return result
  }
}

/** Keeps routes at the end of the list from which another application takes them when it mounts this one. */
function keepLast(routes: RouterRoute[]): void {
  const ours = routes.length
  routes.push = (...added) => {
    routes.splice(routes.length - ours, 0, ...added)
    return routes.length
  }
}
