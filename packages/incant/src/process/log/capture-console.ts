import { format, inspect } from 'node:util'
import type { LogLevel } from '../../log/logger.ts'
import { boundText } from './bounded-text.ts'
import type { Writing } from './writing.ts'

const LEVELS = {
  debug: 'debug',
  log: 'info',
  info: 'info',
  dir: 'info',
  warn: 'warn',
  trace: 'debug',
  error: 'error',
} as const satisfies Record<string, LogLevel>

type Method = keyof typeof LEVELS
type Write = (...values: unknown[]) => void

const METHODS = Object.keys(LEVELS) as Method[] // The keys of a literal are its known ones.

/**
 * Turns calls of the console's methods into log lines, also of methods that build on them, such as `table` and `group`.
 *
 * @returns A function that restores the console.
 */
export function captureConsole(writing: Writing): () => void {
  const originals = new Map(METHODS.map(method => [method, console[method]]))
  // Each of these methods takes any arguments.
  const patches = new Map(METHODS.map(method => [method, patch(method, console[method] as Write, writing)]))
  for (const [method, patched] of patches) console[method] = patched
  return () => {
    // A later patch by other code stays.
    for (const [method, original] of originals) if (console[method] === patches.get(method)) console[method] = original
  }
}

function patch(method: Method, original: Write, { destination }: Writing): Write {
  return (...values) => {
    const write = destination()
    if (write === undefined) original.apply(console, values)
    else write.log(LEVELS[method], boundText(formatValues(method, values)))
  }
}

function formatValues(method: Method, values: readonly unknown[]): string {
  if (method === 'dir') return inspect(values[0], typeof values[1] === 'object' && values[1] !== null ? values[1] : {})
  const text = format(...values)
  if (method !== 'trace') return text
  const lines = new Error('here').stack?.split('\n').slice(3) ?? []
  return [`Trace: ${text}`, ...lines].join('\n')
}
