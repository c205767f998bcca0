import { isatty } from 'node:tty'
import type { Logger } from 'incant'
import { StartupError } from 'incant'
import { formatError, summarizeError } from '../report/print-error.ts'
import { watchFiles } from './watch-files.ts'

/** What a {@link startReloading} needs to know. */
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
export function startReloading({ reload, logger, watched }: ReloadOptions): () => void {
  const requests = new Queue(async cause => {
    logger.log('info', 'reloading', { cause })
    try {
      await reload()
      logger.log('info', 'reloaded', { cause })
    } catch (thrown) {
      logger.log('error', `reload failed, still serving the previous version: ${describeReloadFailure(thrown)}`, {
        cause,
      })
    }
  })
  const hadTerminal = isatty(1)
  const onHangUp = (): void => {
    // A terminal that is closed says so with the same signal.
    if (hadTerminal && !isatty(1)) process.kill(process.pid, 'SIGTERM')
    else requests.add('SIGHUP')
  }
  process.on('SIGHUP', onHangUp)
  const stopWatching = watchFiles(watched, () => requests.add('watch'))
  return () => {
    process.off('SIGHUP', onHangUp)
    stopWatching()
  }
}

function describeReloadFailure(thrown: unknown): string {
  return StartupError.is(thrown) ? summarizeError(thrown) : formatError(thrown, { debug: true })
}

/** Runs one thing at a time; what is asked for meanwhile is done once, afterwards. */
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
