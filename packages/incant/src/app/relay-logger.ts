import type { Logger, LogLevel } from '../log/logger.ts'

/** A logger whose lines go to another, which may be chosen later. */
export class RelayLogger implements Logger {
  #target: Logger

  constructor(target: Logger) {
    this.#target = target
  }

  get level(): Logger['level'] {
    return this.#target.level
  }

  log(level: LogLevel, message: string, fields?: Parameters<Logger['log']>[2]): void {
    this.#target.log(level, message, fields)
  }

  /** Sends what is logged from now on elsewhere. */
  relayTo(target: Logger): void {
    this.#target = target
  }
}
