import { inspect } from 'node:util'
import type { LogFields, LogLevel } from '../../log/logger.ts'
import { boundText } from './bounded-text.ts'
import { escapeControls } from './control-characters.ts'
import { errorLines } from './error-lines.ts'
import { type Paint, paintLevel, paintWith } from './paint.ts'

/** Below the time of an event: where what belongs to it begins. No event begins with a space. */
const INDENT = ' '.repeat(11)

/** An event as a person reads it: `16:23:40 warn the certificate ends in 3 days file=cert.pem`. */
export function formatEvent(level: LogLevel, message: string, fields: LogFields, colors: boolean): string {
  const { error, ...others } = fields
  const text = escapeControls(boundText(message))
  const head = `${paintWith('dim', colors)(localTime())} ${levelWord(level, colors)}${text}`
  return `${head}${pairs(others, colors)}\n${indented(errorLines(error))}`
}

/**
 * Output of predict, to be shown below the line of its request: one line for each line of the text. The request and the
 * process are named there.
 */
export function formatWritten(level: LogLevel, message: string, fields: LogFields, colors: boolean): string {
  const { error, requestId: _request, replica: _replica, ...others } = fields
  const [first = '', ...more] = boundText(message).split(/\r?\n/).map(escapeControls)
  return indented([`${levelWord(level, colors)}${first}${pairs(others, colors)}`, ...more, ...errorLines(error)])
}

/** The reader's clock: `16:23:40`. */
export function localTime(now: Date = new Date()): string {
  return [now.getHours(), now.getMinutes(), now.getSeconds()].map(part => String(part).padStart(2, '0')).join(':')
}

function indented(lines: readonly string[]): string {
  return lines.map(line => `${INDENT}${line}\n`).join('')
}

/** Most events are of level info, which is not worth a word. */
function levelWord(level: LogLevel, colors: boolean): string {
  return level === 'info' ? '' : `${paintLevel(level, colors)(level)} `
}

function pairs(fields: LogFields, colors: boolean): string {
  const dim: Paint = paintWith('dim', colors)
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${dim(`${escapeControls(boundText(name))}=`)}${formatValue(value)}`)
    .join('')
}

function formatValue(value: unknown): string {
  const plain = typeof value === 'string' && /^[^\s"=]+$/.test(value)
  const text = plain ? value : (safeJSON(value) ?? inspect(value, { breakLength: Infinity }))
  return escapeControls(boundText(text))
}

function safeJSON(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}
