import type { LogFields, LogLevel } from './logger.ts'

/** The fields that a caller knows, or that say nothing to one. */
const OURS: readonly string[] = ['requestId', 'requestIds', 'traceId', 'spanId']

/**
 * A line of the log as plain text, for the caller of a job: the message, and its fields as JSON. An error among the fields is
 * its message, without a stack.
 */
export function describeLine(level: LogLevel, message: string, fields: LogFields = {}): string {
  const rest = Object.entries(fields).filter(([name]) => !OURS.includes(name))
  const json = rest.length === 0 ? '' : ` ${stringify(Object.fromEntries(rest))}`
  return `${level === 'info' ? '' : `${level}: `}${message}${json}\n`
}

/** A line never fails the call that writes it: fields that JSON cannot carry are left out. */
function stringify(fields: LogFields): string {
  try {
    return JSON.stringify(fields, (_name, value: unknown) => {
      if (value instanceof Error) return value.message
      return typeof value === 'bigint' ? String(value) : value
    })
  } catch {
    return ''
  }
}
