import type { LogFields, Logger } from './logger.ts'

/** What a line says of itself. A payload that is logged as fields is not to say it in our place. */
const OURS: readonly string[] = ['level', 'time', 'msg', 'requestId', 'requestIds', 'replica', 'traceId', 'spanId']

/** The log as predict gets it: each line has the request id. Fields with a name of {@link OURS} get a `_` after it. */
export function callLogger(logger: Logger, requestId: string): Logger {
  return {
    level: logger.level,
    log: (level, message, fields = {}) => logger.log(level, message, { requestId, ...renameOurs(fields) }),
  }
}

function renameOurs(fields: LogFields): LogFields {
  if (!OURS.some(name => Object.hasOwn(fields, name))) return fields
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [OURS.includes(name) ? `${name}_` : name, value]),
  )
}
