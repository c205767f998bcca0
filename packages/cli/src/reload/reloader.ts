import { isatty } from 'node:tty'
import type { Logger } from 'incant'
import { StartupError } from 'incant'
import { formatError, summarizeError } from '../report/print-error.ts'
import { watchFiles } from './watch-files.ts'

/** One predictor that {@link startReloading} loads anew. */
export interface ReloadOptions {
  /** Reads the code anew and serves it. What it throws leaves everything as it was. */
  readonly reload: () => Promise<void>
  readonly logger: Logger
  /** Files whose folders are watched; none without `--watch`. */
  readonly watched: readonly string[]
}

/**
 * Serves new code on SIGHUP, and with `--watch` when a file changes, one change at a time. Code that does not start is
 * reported, and the previous version is still served.
 *
 * @returns What stops it.
 */
export function startReloading(...predictors: readonly ReloadOptions[]): () => void {
  const queues = predictors.map(({ reload, logger }) => new Queue(cause => report(reload, logger, cause)))
  const hadTerminal = isatty(1)
  const onHangUp = (): void => {
    // A terminal that is closed says so with the same signal.
    if (hadTerminal && !isatty(1)) process.kill(process.pid, 'SIGTERM')
    else for (const queue of queues) queue.add('SIGHUP')
  }
  process.on('SIGHUP', onHangUp)
  const watching = predictors.map(({ watched }, index) => watchFiles(watched, () => queues[index]?.add('watch')))
  return () => {
    process.off('SIGHUP', onHangUp)
    for (const stop of watching) stop()
  }
}

async function report(reload: () => Promise<void>, logger: Logger, cause: string): Promise<void> {
  logger.log('info', 'reloading', { cause })
  try {
    await reload()
    logger.log('info', 'reloaded', { cause })
  } catch (thrown) {
    const what = describeReloadFailure(thrown)
    logger.log('error', `reload failed, still serving the previous version: ${what}`, { cause })
  }
}

function describeReloadFailure(thrown: unknown): string {
  return StartupError.is(thrown) ? summarizeError(thrown) : formatError(thrown, { debug: true })
}

/** Runs one job at a time; requests that come meanwhile are served by one more run. */
class Queue {
  readonly #run: (cause: string) => Promise<void>
  #running = false
  #next: string | undefined

  constructor(run: (cause: string) => Promise<void>) {
    this.#run = run
  }

  add(cause: string): void {
    this.#next = cause
    if (!this.#running) void this.#work()
  }

  async #work(): Promise<void> {
    this.#running = true
    for (let cause = this.#next; cause !== undefined; cause = this.#next) {
      this.#next = undefined
      await this.#run(cause)
    }
    this.#running = false
  }
}
