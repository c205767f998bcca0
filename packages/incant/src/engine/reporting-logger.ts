import { describeLine } from '../log/describe-line.ts'
import type { Logger } from '../log/logger.ts'
import type { CallReport } from './call-report.ts'

/** A logger whose lines go to the report of a call, too: those of the level `info` and above, whatever the log's own level is. */
export function reportingLogger(logger: Logger, report: CallReport | undefined): Logger {
  if (report === undefined) return logger
  return {
    get level() {
      return logger.level
    },
    log(level, message, fields) {
      if (level !== 'debug') report.log(describeLine(level, message, fields))
      logger.log(level, message, fields)
    },
  }
}
