import { inspect } from 'node:util'
import type { ThrownDescription } from '../../errors/describe-thrown.ts'
import type { LogFields, LogLevel } from '../../log/logger.ts'
import { boundText } from './bounded-text.ts'
import { escapeControls } from './control-characters.ts'
import { currentTime } from './current-time.ts'

/** One event as a person reads it: `10:04:05.123 info  request  status=200 ms=1.2`. */
export function formatPretty(level: LogLevel, message: string, fields: LogFields, colors: boolean): string {
  const { error, ...others } = fields
  const paint = colors ? COLORS[level] : PLAIN
  const time = currentTime().slice(11, 23)
  const pairs = Object.entries(others).map(([name, value]) => formatPair(name, value))
  return `${time} ${paint(level.padEnd(5))} ${escapeControls(boundText(message))}${pairs.join('')}\n${formatError(error)}`
}

type Paint = (text: string) => string

const PLAIN: Paint = text => text

const COLORS: Readonly<Record<LogLevel, Paint>> = {
  debug: text => `\u001b[2m${text}\u001b[0m`,
  info: text => `\u001b[32m${text}\u001b[0m`,
  warn: text => `\u001b[33m${text}\u001b[0m`,
  error: text => `\u001b[31m${text}\u001b[0m`,
}

function formatPair(name: string, value: unknown): string {
  if (value === undefined) return ''
  const plain = typeof value === 'string' && /^[^\s"=]+$/.test(value)
  const text = plain ? value : (safeJSON(value) ?? inspect(value, { breakLength: Infinity }))
  return escapeControls(` ${boundText(name)}=${boundText(text)}`)
}

function safeJSON(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

/** A stack keeps its lines, each indented, which no event of ours is. */
function formatError(error: unknown): string {
  if (error === undefined) return ''
  return boundText(describeError(error))
    .split(/\r?\n/)
    .map(line => `    ${escapeControls(line)}\n`)
    .join('')
}

/** An error as describeThrown gives it, or one that a person logs: its stack, what else it holds, and its causes. */
function describeError(error: unknown): string {
  if (typeof error === 'string') return error
  if (typeof error !== 'object' || error === null || !('message' in error)) return inspect(error)
  // What has a message is an error of either kind; the rest of it is a string where it is there.
  const description = error as Partial<ThrownDescription>
  const { stack = describeHead(description), properties, cause } = description
  const parts = [stack, properties, cause === undefined ? undefined : `cause: ${describeError(cause)}`]
  return parts.filter(part => part !== undefined).join('\n')
}

/** What is no error has no name to show. */
function describeHead({ name = '', message }: Partial<ThrownDescription>): string {
  return /^[a-z]/.test(name) ? String(message) : `${name}: ${message}`
}
