import type { Logger, LogLevel } from '../../log/logger.ts'
import { currentCall, describeRequest, leaveCall, noteWriting } from './current-call.ts'

/** Where something that is written now goes. */
export interface Destination {
  /** Whose words these are: those of one request stay together. */
  readonly key: string
  log(level: LogLevel, message: string): void
}

/** Finds out where something that is written now goes. */
export interface Writing {
  /** Undefined where it is none of the log's business. */
  destination(): Destination | undefined
}

/** @param outside - The logger of output outside of every call; undefined leaves that output alone. */
export function makeWriting(outside: () => Logger | undefined): Writing {
  let busy = false
  /** Outside of the call, since a logger may itself write to the console. */
  const log = (logger: Logger, ...line: Parameters<Logger['log']>): void => {
    busy = true
    try {
      leaveCall(() => logger.log(...line))
    } finally {
      busy = false
    }
  }
  return {
    destination() {
      if (busy) return undefined
      noteWriting()
      const call = currentCall()
      if (call !== undefined) {
        const fields = describeRequest(call)
        return { key: String(call.requestId), log: (level, message) => log(call.logger, level, message, fields) }
      }
      const logger = outside()
      return logger && { key: '', log: (level, message) => log(logger, level, message) }
    },
  }
}
