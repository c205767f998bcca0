import { describeThrown } from '../../errors/describe-thrown.ts'
import type { LogFields, LogLevel } from '../../log/logger.ts'
import { RequestFields } from '../../log/request-fields.ts'
import { boundText } from './bounded-text.ts'
import { escapeControls } from './control-characters.ts'
import { currentTime } from './current-time.ts'

/** Characters of a line past which its texts are cut, so that log collectors accept it whole. */
const LONGEST_LINE = 128 * 1024

/** Characters of each text in a line that would be too long. */
const SHORTENED = 4 * 1024

/** One event as a line of JSON: `level`, `time`, `msg` and the fields. */
export function formatJSON(level: LogLevel, message: string, fields: LogFields | undefined): string {
  const line =
    fields instanceof RequestFields ? formatRequest(level, message, fields) : formatLine(level, message, fields)
  if (line.length <= LONGEST_LINE) return line
  const shortened = formatLine(level, boundText(message, SHORTENED), shortenTexts(fields))
  if (shortened.length <= LONGEST_LINE) return shortened
  const { requestId, replica } = fields ?? {}
  return formatLine(level, boundText(message, SHORTENED), { ...{ requestId, replica }, truncated: true })
}

function shortenTexts(fields: LogFields = {}): LogFields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, shortenText(value)]))
}

function shortenText(value: unknown): unknown {
  if (typeof value === 'string') return boundText(value, SHORTENED)
  if (typeof value !== 'object') return value
  return JSON.parse(formatOther(value) ?? 'null', (_key, inner: unknown) =>
    typeof inner === 'string' ? boundText(inner, SHORTENED) : inner,
  )
}

/** In one piece, which takes half of the time that field by field does: a busy server writes one for each request. */
function formatRequest(level: LogLevel, message: string, fields: RequestFields): string {
  const { requestId, method, route, protocol, status, ms, bytes, client, principal, reason, issue, count } = fields
  const isMore = protocol !== undefined || reason !== undefined || issue !== undefined || count !== undefined
  const isLess = client === undefined || bytes === undefined
  if (isMore || isLess || ![requestId, method, route, client, principal ?? ''].every(needsNoEscape))
    return formatLine(level, message, fields)
  const who = principal === undefined ? '' : `,"principal":"${principal}"`
  return `${formatHead(level, message)},"requestId":"${requestId}","method":"${method}","route":"${route}","status":${status},"ms":${ms},"bytes":${bytes},"client":"${client}"${who}}\n`
}

function formatLine(level: LogLevel, message: string, fields: LogFields | undefined): string {
  return `${formatHead(level, message)}${fields === undefined ? '' : formatFields(fields)}}\n`
}

function formatHead(level: LogLevel, message: string): string {
  return `{"level":"${level}","time":"${currentTime()}","msg":${quote(message)}`
}

/** Field by field: nearly all are short texts and numbers, and a call for all of them at once costs three times as much. */
function formatFields(fields: LogFields): string {
  let members = ''
  for (const name in fields) {
    const value = formatValue(fields[name])
    if (value !== undefined) members += `,${quote(name)}:${value}`
  }
  return members
}

/** Undefined where JSON leaves a member out. */
function formatValue(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return quote(value)
    case 'number':
      return Number.isFinite(value) ? String(value) : 'null'
    case 'undefined':
      return undefined
    default:
      return formatOther(value)
  }
}

/** A bigint, a cycle, a toJSON that throws: the line is written all the same, with what can be said of it. */
function formatOther(value: unknown): string | undefined {
  try {
    const text: string | undefined = JSON.stringify(value, value instanceof Error ? describeErrors : undefined)
    // JSON leaves DEL, C1 and the separators alone. In JSON text they occur in strings only, where escapes are allowed.
    return text === undefined ? undefined : escapeControls(text)
  } catch {
    return quote(describeThrown(value).message)
  }
}

function describeErrors(_name: string, value: unknown): unknown {
  return value instanceof Error ? describeThrown(value) : value
}

/** Visible ASCII that needs no escape: all but the quote and the backslash. */
const PLAIN = /^[ !#-[\]-~]*$/

function needsNoEscape(text: string): boolean {
  return PLAIN.test(text)
}

function quote(text: string): string {
  return needsNoEscape(text) ? `"${text}"` : escapeControls(JSON.stringify(text))
}
