import { AsyncLocalStorage } from 'node:async_hooks'
import { format, inspect } from 'node:util'
import type { CallScope } from '../../app/app-options.ts'
import type { Logger, LogLevel } from '../../log/logger.ts'

/** What predict writes to the console, on its way to the log. */
export interface ConsoleCapture {
  /** Runs a call: what it writes, also later and in what it awaits, becomes log lines with its request id. */
  readonly scope: CallScope
  /** Stops capturing. The console is as it was when the last capture is released. */
  release(): void
}

interface Call {
  readonly requestId: string
  readonly logger: Logger
}

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

const METHODS = Object.keys(LEVELS) as Method[] // The keys of a literal are its own.

const calls = new AsyncLocalStorage<Call>()
let captures = 0
let restore: (() => void) | undefined

/**
 * Turns `console.log` and its like inside calls into log lines. Outside of calls the console works as ever, and
 * several servers of one process have each their own calls.
 */
export function captureConsole(logger: Logger): ConsoleCapture {
  captures += 1
  restore ??= patchConsole()
  let released = false
  return {
    scope: (requestId, call) => calls.run({ requestId, logger }, call),
    release() {
      if (released) return
      released = true
      captures -= 1
      if (captures > 0) return
      restore?.()
      restore = undefined
    },
  }
}

/** The request id of the call that runs now, if one does. */
export function currentRequestId(): string | undefined {
  return calls.getStore()?.requestId
}

function patchConsole(): () => void {
  const originals = new Map(METHODS.map(method => [method, console[method]]))
  const patches = new Map(METHODS.map(method => [method, patch(method, console[method] as Write)]))
  for (const [method, patched] of patches) console[method] = patched
  return () => {
    // What somebody else has patched since is theirs.
    for (const [method, original] of originals) if (console[method] === patches.get(method)) console[method] = original
  }
}

function patch(method: Method, original: Write): Write {
  return (...values) => {
    const call = calls.getStore()
    if (call === undefined) original.apply(console, values)
    // Outside of the call, since a logger may itself write to the console.
    else calls.exit(() => call.logger.log(LEVELS[method], formatValues(method, values), { requestId: call.requestId }))
  }
}

function formatValues(method: Method, values: readonly unknown[]): string {
  if (method === 'dir') return inspect(values[0], typeof values[1] === 'object' && values[1] !== null ? values[1] : {})
  const text = format(...values)
  if (method !== 'trace') return text
  const lines = new Error('here').stack?.split('\n').slice(3) ?? []
  return [`Trace: ${text}`, ...lines].join('\n')
}
