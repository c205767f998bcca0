import { format } from 'node:util'
import type { Logger, LogLevel } from 'incant'

const METHODS = ['debug', 'log', 'info', 'warn', 'error', 'dir', 'trace'] as const

/** Does some work during which everything that is written to the console goes to the log. */
export async function logConsole<Result>(
  logger: Logger,
  level: LogLevel,
  work: () => Promise<Result>,
): Promise<Result> {
  const originals = METHODS.map(method => [method, console[method]] as const)
  const write = (...values: unknown[]): void => logger.log(level, format(...values))
  for (const method of METHODS) console[method] = write
  try {
    return await work()
  } finally {
    for (const [method, original] of originals) console[method] = original
  }
}
