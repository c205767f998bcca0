import { type Logger, type LogLevel, silentLogger } from '../../log/logger.ts'
import { formatJSON } from './json.ts'
import { formatPretty } from './pretty.ts'
import { type LineStream, standardOutput } from './standard-output.ts'

/** What a log is to look like. */
export interface LoggerOptions {
  /** JSON lines, or lines for people. `auto`: pretty on a terminal, else JSON. @defaultValue 'auto' */
  readonly format?: 'auto' | 'json' | 'pretty' | undefined
  /** The least level that is written. @defaultValue 'info' */
  readonly level?: LogLevel | 'silent' | undefined
  /** @defaultValue standard output, written without waiting and flushed when the process exits */
  readonly stream?: LineStream | undefined
}

/**
 * A logger that writes one line an event: `time`, `level`, `msg` and the fields. No control character of a message or
 * field reaches the output as it is, so nothing a caller sends can look like a line of its own.
 *
 * @example
 * ```ts
 * const logger = createLogger({ format: 'json' })
 * logger.log('info', 'model loaded', { ms: 412 })
 * ```
 */
export function createLogger(options: LoggerOptions = {}): Logger {
  const { level = 'info', format = 'auto' } = options
  if (level === 'silent') return silentLogger
  const onTerminal = options.stream === undefined && process.stdout.isTTY === true
  const stream = options.stream ?? standardOutput()
  return format === 'pretty' || (format === 'auto' && onTerminal)
    ? prettyLogger(level, stream, onTerminal)
    : jsonLogger(level, stream)
}

function jsonLogger(least: LogLevel, stream: LineStream): Logger {
  return {
    level: least,
    log(level, message, fields) {
      if (RANKS[level] >= RANKS[least]) stream.write(formatJSON(level, message, fields))
    },
  }
}

function prettyLogger(least: LogLevel, stream: LineStream, colors: boolean): Logger {
  return {
    level: least,
    log(level, message, fields = {}) {
      if (RANKS[level] >= RANKS[least]) stream.write(formatPretty(level, message, fields, colors))
    },
  }
}

const RANKS: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 }
