/** Fields of a log line. Never a credential, a cookie, a query value or a body. */
export type LogFields = { readonly [name: string]: unknown }

/** How severe a line is. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/**
 * Where log lines go: the one method that a logger of your own must have. What predict writes to is a {@link CallLogger}.
 *
 * @example
 * ```ts
 * const logger: Logger = { log: (level, message, fields) => pino[level](fields, message) }
 * ```
 */
export interface Logger {
  /** The least level it writes: what is below need not be made. Default: it takes every line. */
  readonly level?: LogLevel | 'silent' | undefined
  log(level: LogLevel, message: string, fields?: LogFields): void
}

/**
 * The log of one call, `context.log`: a method for each level, with a message and fields. Each line has the request id.
 *
 * @example
 * ```ts
 * context.log.info('identified', { language, score })
 * ```
 */
export interface CallLogger extends Logger {
  /** Writes a line that is only of interest while something is being looked for. */
  debug(message: string, fields?: LogFields): void
  /** Writes a line about what is as it should be. */
  info(message: string, fields?: LogFields): void
  /** Writes a line about something that needs attention, though the call goes on. */
  warn(message: string, fields?: LogFields): void
  /** Writes a line about what went wrong. */
  error(message: string, fields?: LogFields): void
}

/**
 * A logger that writes nothing.
 *
 * @example
 * ```ts
 * const app = createApp(Predictor, { logger: silentLogger })
 * ```
 */
export const silentLogger: Logger = { level: 'silent', log: () => {} }

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/** The levels that a logger of this level writes. */
export function levelsFrom(least: Logger['level'] = 'debug'): ReadonlySet<LogLevel> {
  return new Set(least === 'silent' ? [] : LEVELS.slice(LEVELS.indexOf(least)))
}

/** JSON lines through `console`, for runtimes without a file descriptor to write to. */
export const consoleLogger: Logger = {
  log(level, message, fields) {
    console[level](stringify({ level, time: new Date().toISOString(), msg: message, ...fields }))
  },
}

/** A log line never fails the call that writes it: what JSON cannot carry is left out. */
function stringify(line: LogFields): string {
  try {
    return JSON.stringify(line, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  } catch {
    const { level, time, msg, requestId } = line
    return JSON.stringify({ level, time, msg, requestId })
  }
}
