import type { StartupErrorCode } from './codes.ts'
import type { SourceLocation } from './location.ts'

/** One reason a server does not start: what was found, where, and the fix. */
export interface StartupProblem {
  readonly code: StartupErrorCode
  /** The problem in one sentence; no trailing period needed. */
  readonly found: string
  /** The fix in one sentence. */
  readonly instead?: string
  readonly location?: SourceLocation
}

/** The fields of a {@link StartupError}. */
export interface StartupErrorOptions extends StartupProblem {
  /** Further problems found in the same pass, so that all of them can be fixed before the next start. */
  readonly others?: readonly StartupProblem[]
  readonly cause?: unknown
}

const BRAND = Symbol.for('incant.StartupError')

/**
 * A server cannot start as it is written or configured. The message is for the developer: where, what was found, what to
 * write instead. The command line prints it without a stack and exits with 1.
 *
 * @example
 * ```ts
 * await serve(Predictor).catch(error => {
 *   if (StartupError.is(error)) console.error(`${error.code}: ${error.found}\n  ${error.instead}`)
 *   process.exit(1)
 * })
 * ```
 */
export class StartupError extends Error {
  override readonly name = 'StartupError'
  readonly code: StartupErrorCode
  readonly found: string
  readonly instead: string | undefined
  readonly location: SourceLocation | undefined
  /** Every problem found: this one first, then `others`. */
  readonly problems: readonly StartupProblem[]

  constructor(options: StartupErrorOptions) {
    const { others = [], cause, ...problem } = options
    const problems = [problem, ...others]
    super(problems.map(formatProblem).join('\n'), { cause })
    Object.defineProperty(this, BRAND, { value: true })
    this.code = options.code
    this.found = options.found
    this.instead = options.instead
    this.location = options.location
    this.problems = problems
  }

  /** Whether a value is a StartupError, also one from another copy of the package. */
  static is(value: unknown): value is StartupError {
    return typeof value === 'object' && value !== null && BRAND in value
  }
}

function formatProblem({ found, instead, location }: StartupProblem): string {
  const where = location === undefined ? '' : `${formatLocation(location)}: `
  return `${where}${found}${instead === undefined ? '' : `\n  ${instead}`}`
}

/** `file:line:column`, as terminals and editors link it. */
export function formatLocation(location: SourceLocation): string {
  return [location.file, location.line, location.column].filter(part => part !== undefined).join(':')
}
