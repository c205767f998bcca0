import { unansweredFiles } from '../files/patient-reader.ts'
import { flushLogs } from '../process/log/standard-output.ts'
import { catchStrays } from './catch-strays.ts'
import type { RunningServer } from './predictor-server.ts'
import { type Signals, watchSignals } from './signals.ts'

/** The longest time for an end that should be immediate, in milliseconds. */
const AT_ONCE = 1000

/**
 * Runs a server as the only purpose of this process: until SIGTERM or SIGINT, then until it has stopped.
 *
 * The first signal turns `/ready` to 503; after `drainDelay` the server stops listening and has `gracePeriod` to finish
 * its calls. A second signal ends it at once, as does one during setup.
 *
 * SIGHUP reads the certificate again, if there is one.
 *
 * An error that no code can catch, such as in a timer of predict, and a rejection that no code awaits are logged and do
 * not end the process: all calls still get their answers.
 *
 * @example
 * ```ts
 * process.exit(await runUntilSignal(await serve(Predictor)))
 * ```
 * @returns The exit code: 0 if no call was cut off, else 1.
 * @throws {StartupError} `setup_failed`, `setup_timeout`; the server is closed by then.
 */
export async function runUntilSignal(server: RunningServer): Promise<number> {
  const signals = watchSignals()
  const releaseStrays = catchStrays(server.logger)
  const releaseReload = reloadOnSignal(server)
  let ending: Ending | undefined
  try {
    const begun = await Promise.race([server.ready.then(() => true), signals.first.then(() => false)])
    ending = begun ? await end(server, signals, await signals.first) : await endAtOnce(server)
    return ending === 'in order' ? 0 : 1
  } catch (failure) {
    await endAtOnce(server)
    throw failure
  } finally {
    if (ending !== undefined) tellEnding(server, ending)
    const unanswered = unansweredFiles()
    if (unanswered.length > 0)
      server.logger.log('error', 'files do not respond: ending the process with SIGKILL', { files: unanswered })
    await Promise.race([flushLogs(), patience()])
    signals.release()
    releaseStrays()
    releaseReload()
    // Node waits for its threads when it exits, and theirs cannot be stopped.
    if (unanswered.length > 0) process.kill(process.pid, 'SIGKILL')
  }
}

/** Without a certificate SIGHUP keeps its meaning: the terminal is gone. */
function reloadOnSignal(server: RunningServer): () => void {
  if (server.certificateExpires === undefined) return () => {}
  const reload = () => void server.reloadCertificate()
  process.on('SIGHUP', reload)
  return () => process.off('SIGHUP', reload)
}

/** How a server has ended: `late` is one that was still at it when its time was up. */
type Ending = 'in order' | 'late' | { readonly cut: number }

/** The last line of the log. */
function tellEnding({ logger }: RunningServer, ending: Ending): void {
  if (ending === 'in order') logger.log('info', 'stopped in order: nothing was cut off')
  else if (ending === 'late') logger.log('error', 'stopped at once: what was still open was cut off')
  else logger.log('warn', 'stopped: what had not finished in time was cut off', { cut: ending.cut })
}

async function end(server: RunningServer, signals: Signals, signal: NodeJS.Signals): Promise<Ending> {
  const { drainDelay } = server.settings
  server.logger.log('info', 'stopping', { signal })
  server.drain()
  const hurried = signals.second.then(() => endAtOnce(server))
  return Promise.race([hurried, endInOrder(server, drainDelay)])
}

async function endInOrder(server: RunningServer, drainDelay: number): Promise<Ending> {
  await new Promise(resolve => setTimeout(resolve, drainDelay))
  return toEnding(await server.close())
}

async function endAtOnce(server: RunningServer): Promise<Ending> {
  const late = new Promise<Ending>(resolve => setTimeout(resolve, AT_ONCE, 'late'))
  return Promise.race([server.close({ gracePeriod: 0 }).then(toEnding), late])
}

/** A stalled reader of the log delays the end no longer than this. */
function patience(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, AT_ONCE))
}

function toEnding({ cut }: { readonly cut: number }): Ending {
  return cut === 0 ? 'in order' : { cut }
}
