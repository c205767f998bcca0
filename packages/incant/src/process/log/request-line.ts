import type { LogFields } from '../../log/logger.ts'
import { escapeControls } from './control-characters.ts'
import { paintStatus, paintWith } from './paint.ts'
import { localTime } from './pretty.ts'

/** Characters of the longest line. */
const WIDTH = 100

/** Whether fields are those of the line that ends a request. */
export function isRequestLine(message: string, fields: LogFields): boolean {
  return message === 'request' && typeof fields['status'] === 'number' && typeof fields['method'] === 'string'
}

/**
 * The line of a request for people: `16:23:40 POST /predict 200 53 ms 248 B  48506aa4`. After the id come the reason of
 * a refusal, the principal, and the number of requests that the line represents. A caller on this machine is not named,
 * since every line would say so; lines of JSON have everything.
 */
export function formatRequestLine(fields: LogFields, colors: boolean): string {
  const { method, route, requestId } = fields
  const status = Number(fields['status'])
  const size = typeof fields['bytes'] === 'number' ? ` ${formatBytes(fields['bytes'])}` : ''
  const what = clip(escapeControls(`${method} ${route}`), WIDTH / 2)
  const measured = `${formatTime(Number(fields['ms']))}${size}`
  const id = shortId(String(requestId ?? ''))
  const used = `${localTime()} ${what} ${status} ${measured}  ${id}`.length
  const dim = paintWith('dim', colors)
  const line = `${dim(localTime())} ${what} ${paintStatus(status, colors)(String(status))} ${measured}  ${dim(id)}`
  return `${line}${clip(remarks(fields), WIDTH - used)}\n`
}

/** The part of an id that distinguishes the requests on one screen. */
export function shortId(id: string): string {
  return escapeControls(id.length <= 12 ? id : id.slice(0, 8))
}

function remarks({ reason, issue, principal, client, count }: LogFields): string {
  const known = typeof client === 'string' && !/^(?:127\.|::1$|::ffff:127\.)/.test(client) ? client : undefined
  const times = typeof count === 'number' ? `×${count}` : undefined
  const parts = [reason, issue, principal, known, times].filter(part => part !== undefined)
  return parts.map(part => `  ${escapeControls(String(part))}`).join('')
}

function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`
}

/** `0.4 ms`, `53 ms`, `1.20 s`. */
function formatTime(ms: number): string {
  if (ms >= 999.5) return `${(ms / 1000).toFixed(2)} s`
  return `${ms < 9.95 ? ms.toFixed(1) : ms.toFixed(0)} ms`
}

/** `248 B`, `12.4 KiB`. */
function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB']
  const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  return step === 0 ? `${bytes} B` : `${(bytes / 1024 ** step).toFixed(1)} ${units[step]}`
}
