/** Fields of a log line. Never a credential, a cookie, a query value or a body. */
export type LogFields = { readonly [name: string]: unknown }

/** How severe a line is. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/**
 * Where events go: a message and fields, one line each. What predict gets as `context.log` adds the request id by
 * itself.
 */
export interface Logger {
  /** The least level it writes: what is below need not be made. Default: it takes every line. */
  readonly level?: LogLevel | 'silent' | undefined
  log(level: LogLevel, message: string, fields?: LogFields): void
}

/** A logger that writes nothing. */
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
