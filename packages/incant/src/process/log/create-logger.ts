import { type LogFields, type Logger, type LogLevel, silentLogger } from '../../log/logger.ts'
import { formatJSON } from './json.ts'
import { formatEvent } from './pretty.ts'
import { PrettyLog } from './pretty-log.ts'
import { type Importance, type LineStream, type LogOutput, standardOutput } from './standard-output.ts'

/** The format and threshold of a log. */
export interface LoggerOptions {
  /** JSON lines, or lines for people. `auto`: pretty on a terminal, else JSON. @defaultValue 'auto' */
  readonly format?: 'auto' | 'json' | 'pretty' | undefined
  /** The least level that is written. @defaultValue 'info' */
  readonly level?: LogLevel | 'silent' | undefined
  /** Whether lines for people are in colour. @defaultValue on a terminal, unless `NO_COLOR` is set */
  readonly colors?: boolean | undefined
  /** @defaultValue standard output, written without waiting and flushed when the process exits */
  readonly stream?: LineStream | undefined
}

/**
 * A logger that writes one line an event: `time`, `level`, `msg` and the fields. No control character of a message or
 * field reaches the output as it is, so a caller cannot forge a line.
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
  // Node asks NO_COLOR, FORCE_COLOR and TERM.
  const { colors = onTerminal && process.stdout.hasColors() } = options
  const isPretty = format === 'pretty' || (format === 'auto' && onTerminal)
  return makeLogger(level, isPretty ? prettyWriter(colors, options.stream) : jsonWriter(options.stream))
}

/** Writes an event in a format. */
type Writer = (level: LogLevel, message: string, fields: LogFields) => void

function makeLogger(least: LogLevel, write: Writer): Logger {
  return {
    level: least,
    log(level, message, fields = {}) {
      if (RANKS[level] >= RANKS[least]) write(level, message, fields)
    },
  }
}

function jsonWriter(stream: LineStream | undefined): Writer {
  const output = openOutput(stream, formatJSON)
  return (level, message, fields) => output.write(formatJSON(level, message, fields), weigh(level, message, fields))
}

function prettyWriter(colors: boolean, stream: LineStream | undefined): Writer {
  const log = new PrettyLog(colors)
  const output = openOutput(stream, (...event) => formatEvent(...event, colors))
  return (level, message, fields) =>
    log.log({ level, message, fields, write: text => output.write(text, weigh(level, message, fields)) })
}

function openOutput(
  stream: LineStream | undefined,
  format: (level: LogLevel, message: string, fields: LogFields) => string,
): LogOutput {
  if (stream !== undefined) return { write: line => void stream.write(line) }
  return standardOutput(({ reason, lost }) =>
    format('warn', 'the log could not be written for a while', { reason, lost }),
  )
}

/** If lines have to be dropped, those about unserved callers are dropped last. */
function weigh(level: LogLevel, message: string, { status, reason }: LogFields): Importance {
  if (message === 'request' && ((typeof status === 'number' && status >= 400) || reason !== undefined)) return 'failure'
  return RANKS[level] >= RANKS.warn ? 'fault' : 'plain'
}

const RANKS: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 }
