import type { CallLogger, LogFields, Logger } from './logger.ts'

/** The fields of every line. A payload that is logged as fields must not replace them. */
const OURS: readonly string[] = ['level', 'time', 'msg', 'requestId', 'requestIds', 'replica', 'traceId', 'spanId']

/** The log as predict gets it: each line has the request id. Fields with a name of {@link OURS} get a `_` after it. */
export function callLogger(logger: Logger, requestId: string): CallLogger {
  const log: Logger['log'] = (level, message, fields = {}) =>
    logger.log(level, message, { requestId, ...renameOurs(fields) })
  return {
    level: logger.level,
    log,
    debug: (message, fields) => log('debug', message, fields),
    info: (message, fields) => log('info', message, fields),
    warn: (message, fields) => log('warn', message, fields),
    error: (message, fields) => log('error', message, fields),
  }
}

function renameOurs(fields: LogFields): LogFields {
  if (!OURS.some(name => Object.hasOwn(fields, name))) return fields
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [OURS.includes(name) ? `${name}_` : name, value]),
  )
}
