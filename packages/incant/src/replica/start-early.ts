import { readOptions } from '../options/read.ts'
import { SERVER_OPTIONS, type ServerSettings } from '../options/server-options.ts'
import { describeProcesses } from './describe-processes.ts'
import { EarlyReplica } from './early-replica.ts'

/** Options of {@link startEarly}. */
export interface StartEarlyOptions {
  readonly settings: ServerSettings
  /** The main module of the processes, which calls `runReplica`. */
  readonly main: URL
  /** Added to the environment of this one process, such as what it may load already. */
  readonly env?: Readonly<Record<string, string>>
}

/**
 * Starts the first of the processes in which `serve` will run the predictor, for a program that needs a while to find
 * the predictor. Pass the result as `source.early`.
 *
 * @returns Undefined where no process is needed.
 * @throws {StartupError} `invalid_option`, `unknown_option`.
 */
export function startEarly({ settings, main, env = {} }: StartEarlyOptions): EarlyReplica | undefined {
  const resolved = readOptions(SERVER_OPTIONS, settings)
  if (resolved.workers === 0) return undefined
  const { execArgv, env: envOf } = describeProcesses(resolved)
  return new EarlyReplica({ index: 0, main, execArgv, env: { ...envOf(0), ...env } })
}
