import type { Logger } from 'incant'
import type { Stopwatch } from './stopwatch.ts'

/** Milliseconds after which a start is worth a line. */
const PATIENCE = 1000
/** Milliseconds between two looks at the clock. */
const INTERVAL = 100
const CLEAR = '\r\u001b[2K'

/** Where the line goes: standard error, past what captures it. */
export interface ProgressStream {
  readonly isTerminal: boolean
  readonly write: (text: string) => unknown
}

/** On a terminal, one line with what a start of more than a second is doing. It is gone when the start is over. */
export class Progress {
  readonly #stopwatch: Stopwatch
  readonly #stream: ProgressStream
  readonly #timer: ReturnType<typeof setInterval> | undefined
  #isShown = false

  constructor(stopwatch: Stopwatch, stream: ProgressStream) {
    this.#stopwatch = stopwatch
    this.#stream = stream
    this.#timer = stream.isTerminal ? setInterval(() => this.#show(), INTERVAL).unref() : undefined
  }

  /** The same logger, whose lines never follow the progress on its line. */
  under(logger: Logger): Logger {
    if (this.#timer === undefined) return logger
    return {
      level: logger.level,
      log: (...line) => {
        this.#clear()
        logger.log(...line)
      },
    }
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#clear()
  }

  #show(): void {
    const now = performance.now()
    const steps = this.#stopwatch.running
    if (now < PATIENCE || steps.length === 0) return
    this.#stream.write(`${CLEAR}${(now / 1000).toFixed(1)} s  ${steps.join(', ')} …`)
    this.#isShown = true
  }

  #clear(): void {
    if (this.#isShown) this.#stream.write(CLEAR)
    this.#isShown = false
  }
}
