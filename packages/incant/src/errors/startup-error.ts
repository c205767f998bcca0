import type { StartupErrorCode } from './codes.ts'
import type { SourceLocation } from './location.ts'

/** What a {@link StartupError} is made of. */
export interface StartupErrorOptions {
  readonly code: StartupErrorCode
  /** What was found, one sentence, no trailing period needed. */
  readonly found: string
  /** What to write or do instead, one sentence. */
  readonly instead?: string
  readonly location?: SourceLocation
  readonly cause?: unknown
}

const BRAND = Symbol.for('incant.StartupError')

/**
 * A server cannot start as it is written or configured. It speaks to the developer: where, what was found, what to
 * write instead. The command line prints it without a stack and exits with 1.
 */
export class StartupError extends Error {
  override readonly name = 'StartupError'
  readonly code: StartupErrorCode
  readonly found: string
  readonly instead: string | undefined
  readonly location: SourceLocation | undefined

  constructor(options: StartupErrorOptions) {
    const where = options.location === undefined ? '' : `${formatLocation(options.location)}: `
    const instead = options.instead === undefined ? '' : `\n  ${options.instead}`
    super(`${where}${options.found}${instead}`, { cause: options.cause })
    Object.defineProperty(this, BRAND, { value: true })
    this.code = options.code
    this.found = options.found
    this.instead = options.instead
    this.location = options.location
  }

  /** Whether a value is a StartupError, also one from another copy of the package. */
  static is(value: unknown): value is StartupError {
    return typeof value === 'object' && value !== null && BRAND in value
  }
}

/** `file:line:column`, as terminals and editors link it. */
export function formatLocation(location: SourceLocation): string {
  return [location.file, location.line, location.column].filter(part => part !== undefined).join(':')
}
