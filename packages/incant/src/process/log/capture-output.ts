import type { CallScope } from '../../engine/call-scope.ts'
import { reportingLogger } from '../../engine/reporting-logger.ts'
import type { Logger } from '../../log/logger.ts'
import { listenForMetrics } from '../../metrics/sent-metrics.ts'
import { captureConsole } from './capture-console.ts'
import { captureStreams } from './capture-streams.ts'
import { currentCall, enterCall, followCalls, forgetCalls, noteWriting } from './current-call.ts'
import { makeWriting } from './writing.ts'

/** The output of the console and the standard streams, on its way to the log. */
export interface OutputCapture {
  /** Runs a call: what it writes, also later and in what it awaits, becomes log lines with its request id. */
  readonly scope: CallScope
  /** Ends every unfinished line. */
  flush(): void
  /** Stops capturing. All is as it was when the last capture is released. */
  release(): void
}

/** How to capture. */
export interface CaptureOptions {
  /** What is known to write to the console, or not: the predictor's class. */
  readonly predictor?: { toString(): string } | undefined
  /**
   * Whether what is written outside of every call is captured, too: for a process that is nothing but a server, whose
   * standard output is its log.
   *
   * @defaultValue false
   */
  readonly everything?: boolean | undefined
}

/** The loggers of output outside of calls; the last one is used. */
const everywhere = new Set<Logger>()
let captures = 0
let installed: { flush(): void; release(): void } | undefined

/**
 * Turns `console.log` and its like, `process.stdout.write` and `process.stderr.write` inside calls into log lines. Several
 * servers of one process have each their own calls.
 *
 * Where calls are not followed from the start (see {@link followCalls}), what is written first, after an `await`, by code
 * outside of the predictor's class may lack its request id.
 *
 * @example
 * ```ts
 * const capture = captureOutput(logger, { everything: true })
 * process.stdout.write('a line of the log\n')
 * capture.release()
 * ```
 */
export function captureOutput(logger: Logger, { predictor, everything = false }: CaptureOptions = {}): OutputCapture {
  captures += 1
  installed ??= install()
  followCalls(predictor)
  // A separate object, since several captures may share a logger.
  const outside: Logger = { log: (...line) => logger.log(...line) }
  if (everything) everywhere.add(outside)
  let released = false
  return {
    scope: (requestId, call, report) => enterCall({ requestId, logger: reportingLogger(logger, report), report }, call),
    flush: () => installed?.flush(),
    release() {
      if (released) return
      released = true
      installed?.flush()
      everywhere.delete(outside)
      captures -= 1
      if (captures === 0) uninstall()
    },
  }
}

function install(): { flush(): void; release(): void } {
  const writing = makeWriting(() => [...everywhere].at(-1))
  const restoreConsole = captureConsole(writing)
  const streams = captureStreams(writing)
  process.on('exit', streams.flush)
  const forgetMetrics = listenForMetrics(reportMetric)
  return {
    flush: streams.flush,
    release() {
      forgetMetrics()
      process.off('exit', streams.flush)
      streams.release()
      restoreConsole()
    },
  }
}

/** A figure belongs to the call that sends it, if one does and it is known. */
function reportMetric(name: string, value: number, tag: string): void {
  noteWriting()
  currentCall()?.report?.metric(tag === '' ? name : `${name}.${tag}`, value)
}

function uninstall(): void {
  installed?.release()
  installed = undefined
  forgetCalls()
}
