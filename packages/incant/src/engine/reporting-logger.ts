import { describeLine } from '../log/describe-line.ts'
import type { Logger } from '../log/logger.ts'
import type { CallReport } from './call-report.ts'

/** A logger whose lines also go to the report of a call: those at level `info` and above, regardless of the log's level. */
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
