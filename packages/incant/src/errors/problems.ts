import { StartupError, type StartupProblem } from './startup-error.ts'

/** The problems of a start, so that it reports them all: a part that is refused is replaced until the rest is read. */
export class Problems {
  readonly #problems = new Map<string, StartupProblem>()

  /** Reads a part. If it is refused the reason is kept, and `otherwise` is used in its place. */
  try<Result>(read: () => Result, otherwise: Result): Result {
    try {
      return read()
    } catch (error) {
      this.#keep(error)
      return otherwise
    }
  }

  /** Whether nothing was refused. */
  get isEmpty(): boolean {
    return this.#problems.size === 0
  }

  /**
   * Reads the last part, or the whole.
   *
   * @throws {StartupError} With every problem, in the order of the source. A type that does not compile is the first: it
   * may be the cause of others.
   */
  finish<Result>(read: () => Result): Result {
    const result = this.try<Result | undefined>(read, undefined)
    const [first, ...others] = [...this.#problems.values()].sort(bySource)
    if (first !== undefined) throw new StartupError({ ...first, others })
    // Nothing was refused, so it is what `read` returned.
    return result as Result
  }

  /** A type that is used twice is refused once. */
  #keep(error: unknown): void {
    if (!StartupError.is(error)) throw error
    for (const problem of error.problems) this.#problems.set(JSON.stringify([problem.location, problem.found]), problem)
  }
}

/**
 * Waits for both of two.
 *
 * @throws {StartupError} With the problems of both; any other error alone.
 */
export async function bothOrProblems<First, Second>(
  first: Promise<First>,
  second: Promise<Second>,
): Promise<[First, Second]> {
  const problems = new Problems()
  const settled = await Promise.allSettled([first, second])
  for (const result of settled) if (result.status === 'rejected') problems.try(() => raise(result.reason), undefined)
  return problems.finish(() => Promise.all([first, second]))
}

function raise(error: unknown): never {
  throw error
}

function bySource(left: StartupProblem, right: StartupProblem): number {
  const isTypeError = ({ code }: StartupProblem) => (code === 'signature_type_error' ? 0 : 1)
  const place = ({ location }: StartupProblem, part: 'line' | 'column') => location?.[part] ?? 0
  return (
    isTypeError(left) - isTypeError(right) ||
    (left.location?.file ?? '').localeCompare(right.location?.file ?? '') ||
    place(left, 'line') - place(right, 'line') ||
    place(left, 'column') - place(right, 'column')
  )
}
