import { type LogFields, type Logger, type LogLevel, levelsFrom } from '../../log/logger.ts'
import { ProbeLevels } from './probe-levels.ts'
import { isRefusal, Refusals } from './refusals.ts'
import { Sampler } from './sampler.ts'

/**
 * Writes one line for each request, with two exceptions that keep a flood of requests from flooding the log: of
 * successful requests only a number per second are written, each with the count that it represents; and repeated
 * refusals of a caller for the same reason are counted.
 */
export class AccessLog {
  readonly #logger: Logger
  readonly #written: ReadonlySet<LogLevel>
  readonly #sampler: Sampler | undefined
  readonly #refusals: Refusals
  readonly #probes = new ProbeLevels()

  /** @param rate - Lines a second of requests that went well. 0: all. */
  constructor(logger: Logger, rate: number) {
    this.#logger = logger
    this.#written = levelsFrom(logger.level)
    this.#sampler = rate === 0 ? undefined : new Sampler(rate)
    this.#refusals = new Refusals(logger)
  }

  /** The level of the line of a request. */
  levelOf(route: string, status: number): LogLevel {
    return this.#probes.levelOf(route, status)
  }

  /**
   * How many requests the line of this one represents. 0: no line is written.
   *
   * @param isPlain - Whether the request was successful; others are always written.
   * @param now - The clock, in milliseconds.
   */
  weigh(level: LogLevel, isPlain: boolean, now: number): number {
    if (!this.#written.has(level)) return 0
    return isPlain && this.#sampler !== undefined ? this.#sampler.take(now) : 1
  }

  /** Writes the line of a request, unless the same caller has just been refused in the same way. */
  log(level: LogLevel, fields: LogFields): void {
    if (!isRefusal(fields) || this.#refusals.isFirst(fields)) this.#logger.log(level, 'request', fields)
  }

  /** Writes what has only been counted so far. */
  close(): void {
    this.#refusals.close()
    const count = this.#sampler?.takeLeft() ?? 0
    if (count > 0) this.#logger.log('info', 'requests without a separate line', { count })
  }
}
