import { AsyncLocalStorage } from 'node:async_hooks'
import { format, inspect } from 'node:util'
import type { CallScope } from '../../engine/call-scope.ts'
import type { LogFields, Logger, LogLevel } from '../../log/logger.ts'

/** What predict writes to the console, on its way to the log. */
export interface ConsoleCapture {
  /** Runs a call: what it writes, also later and in what it awaits, becomes log lines with its request id. */
  readonly scope: CallScope
  /** Stops capturing. The console is as it was when the last capture is released. */
  release(): void
}

interface Call {
  /** Of a batch, those of all its calls. */
  readonly requestId: string | readonly string[]
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

/** Calls and everything they cause. */
const calls = new AsyncLocalStorage<Call>()
/** The call whose synchronous part runs now, while calls are not followed further. */
let running: Call | undefined
/** Whether calls are followed through what they await. */
let following = false
let captures = 0
let restore: (() => void) | undefined

/** How to capture. */
export interface CaptureOptions {
  /** What is known to write to the console, or not: the predictor's class. */
  readonly predictor?: { toString(): string } | undefined
}

/**
 * Turns `console.log` and its like inside calls into log lines. Outside of calls the console works as ever, and
 * several servers of one process have each their own calls.
 *
 * To follow a call through what it awaits costs a third of a small call before Node 24. There it begins only when it is
 * known to be needed: when the class mentions the console, else with the first thing that is written. What is written
 * first, after an `await`, by code outside of the class, may therefore lack its request id.
 */
export function captureConsole(logger: Logger, options: CaptureOptions = {}): ConsoleCapture {
  captures += 1
  restore ??= patchConsole()
  following ||= FOLLOWING_IS_CHEAP || /\bconsole\b/.test(String(options.predictor))
  let released = false
  return {
    scope: (requestId, call) => enter({ requestId, logger }, call),
    release() {
      if (released) return
      released = true
      captures -= 1
      if (captures === 0) stopCapturing()
    },
  }
}

/** From 24 on Node hands the context from frame to frame, and does not watch every promise for it. */
const FOLLOWING_IS_CHEAP = Number.parseInt(process.versions.node, 10) >= 24

function enter<Result>(entered: Call, call: () => Result): Result {
  if (following) return calls.run(entered, call)
  const outer = running
  running = entered
  try {
    return call()
  } finally {
    running = outer
  }
}

function stopCapturing(): void {
  restore?.()
  restore = undefined
  following = false
  calls.disable()
}

/** What a line of the log says of the call that runs now, or the batch of them, if one does and it is known. */
export function currentRequest(): LogFields {
  const call = currentCall()
  return call === undefined ? {} : describeRequest(call)
}

function describeRequest({ requestId }: Call): LogFields {
  if (typeof requestId === 'string') return { requestId }
  return requestId.length === 1 ? { requestId: requestId[0] } : { requestIds: requestId }
}

function currentCall(): Call | undefined {
  return calls.getStore() ?? running
}

function patchConsole(): () => void {
  const originals = new Map(METHODS.map(method => [method, console[method]]))
  // Each of these methods takes whatever it is given.
  const patches = new Map(METHODS.map(method => [method, patch(method, console[method] as Write)]))
  for (const [method, patched] of patches) console[method] = patched
  return () => {
    // What somebody else has patched since is theirs.
    for (const [method, original] of originals) if (console[method] === patches.get(method)) console[method] = original
  }
}

function patch(method: Method, original: Write): Write {
  return (...values) => {
    const call = currentCall()
    following = true
    if (call === undefined) return original.apply(console, values)
    // Outside of the call, since a logger may itself write to the console.
    leave(() => call.logger.log(LEVELS[method], formatValues(method, values), describeRequest(call)))
  }
}

function leave(work: () => void): void {
  const outer = running
  running = undefined
  try {
    calls.exit(work)
  } finally {
    running = outer
  }
}

function formatValues(method: Method, values: readonly unknown[]): string {
  if (method === 'dir') return inspect(values[0], typeof values[1] === 'object' && values[1] !== null ? values[1] : {})
  const text = format(...values)
  if (method !== 'trace') return text
  const lines = new Error('here').stack?.split('\n').slice(3) ?? []
  return [`Trace: ${text}`, ...lines].join('\n')
}
