import type { Logger } from './logger.ts'

/** A logger whose lines name the model they are about: of a server that has several. */
export function modelLogger(logger: Logger, model: string): Logger {
  return {
    get level() {
      return logger.level
    },
    log: (level, message, fields) => logger.log(level, message, { model, ...fields }),
  }
}
