import { type LogFields, type Logger, type LogLevel, silentLogger } from '../../log/logger.ts'
import { formatJSON } from './json.ts'
import { formatPretty } from './pretty.ts'
import { type Importance, type LineStream, type LogOutput, standardOutput } from './standard-output.ts'

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
  const isPretty = format === 'pretty' || (format === 'auto' && onTerminal)
  const write: Format = isPretty ? (...line) => formatPretty(...line, onTerminal) : formatJSON
  return makeLogger(level, write, options.stream)
}

/** Writes an event as a line. */
type Format = (level: LogLevel, message: string, fields: LogFields) => string

function makeLogger(least: LogLevel, format: Format, stream: LineStream | undefined): Logger {
  const output: LogOutput =
    stream === undefined
      ? standardOutput(({ reason, lost }) =>
          format('warn', 'the log could not be written for a while', { reason, lost }),
        )
      : { write: line => void stream.write(line) }
  return {
    level: least,
    log(level, message, fields = {}) {
      if (RANKS[level] >= RANKS[least]) output.write(format(level, message, fields), weigh(level, message, fields))
    },
  }
}

/** Where lines have to be dropped, those go last that say who was not served. */
function weigh(level: LogLevel, message: string, { status, reason }: LogFields): Importance {
  if (message === 'request' && ((typeof status === 'number' && status >= 400) || reason !== undefined)) return 'failure'
  return RANKS[level] >= RANKS.warn ? 'fault' : 'plain'
}

const RANKS: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 }
