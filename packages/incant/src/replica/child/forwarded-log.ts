import { describeThrown } from '../../errors/describe-thrown.ts'
import { type LogFields, type Logger, levelsFrom } from '../../log/logger.ts'
import type { FromReplica } from '../wire/protocol.ts'

/** A logger whose lines the front writes. */
export interface ForwardedLog extends Logger {
  /** Leaves out from now on what the front does not write. */
  limit(least: Logger['level']): void
}

/** @param send - Takes a line to the front. */
export function forwardLog(send: (message: FromReplica) => void): ForwardedLog {
  let written = levelsFrom()
  return {
    log(level, message, fields) {
      if (!written.has(level)) return
      send({ type: 'log', level, message, ...(fields === undefined ? {} : { fields: readable(fields) }) })
    },
    limit(least) {
      written = levelsFrom(least)
    },
  }
}

/** Fields as the log writes them, which is as JSON. What it cannot carry is left out. */
function readable(fields: LogFields): LogFields {
  try {
    return JSON.parse(JSON.stringify(fields, toReadable))
  } catch {
    return {}
  }
}

function toReadable(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  return value instanceof Error ? describeThrown(value) : value
}
