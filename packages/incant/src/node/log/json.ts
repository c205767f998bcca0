import { describeThrown } from '../../errors/describe-thrown.ts'
import type { LogFields, LogLevel } from '../../log/logger.ts'
import { escapeControls } from './control-characters.ts'
import { currentTime } from './current-time.ts'

/** One event as a line of JSON: `level`, `time`, `msg` and the fields. */
export function formatJSON(level: LogLevel, message: string, fields: LogFields | undefined): string {
  const head = `{"level":"${level}","time":"${currentTime()}","msg":${JSON.stringify(message)}`
  const rest = fields === undefined ? '' : formatFields(fields)
  // JSON leaves DEL, C1 and the separators alone. In a line of JSON they stand in strings only, where escapes may.
  return `${escapeControls(`${head}${rest}`)}}\n`
}

function formatFields(fields: LogFields): string {
  // Without the braces it came in.
  const members = stringify(fields).slice(1, -1)
  return members === '' ? '' : `,${members}`
}

function stringify(fields: LogFields): string {
  try {
    return JSON.stringify(fields, fields['error'] instanceof Error ? describeErrors : undefined)
  } catch {
    // A bigint, a cycle, a toJSON that throws: the line is written all the same, with what of it can be.
    return JSON.stringify(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, describe(value)])))
  }
}

function describeErrors(_name: string, value: unknown): unknown {
  return value instanceof Error ? describeThrown(value) : value
}

function describe(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null')
  } catch {
    return describeThrown(value).message
  }
}
