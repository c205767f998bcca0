import type { DirectEndpoints } from '../endpoint.ts'
import { matchPath } from './match-path.ts'

/** The endpoints of one path, by method. */
type Methods = NonNullable<ReturnType<DirectEndpoints['get']>>

/** Endpoints by path, among them some whose paths have parameters: these are looked at last, in their order. */
export class EndpointTable implements DirectEndpoints {
  readonly #exact: DirectEndpoints
  readonly #patterns: readonly (readonly [pattern: string, methods: Methods])[]

  constructor(exact: DirectEndpoints, patterns: readonly (readonly [pattern: string, methods: Methods])[]) {
    this.#exact = exact
    this.#patterns = patterns
  }

  get(path: string): Methods | undefined {
    return this.#exact.get(path) ?? this.#patterns.find(([pattern]) => matchPath(pattern, path) !== undefined)?.[1]
  }
}
