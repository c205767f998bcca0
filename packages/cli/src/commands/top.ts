import { StartupError } from 'incant'
import type { Environment } from '../arguments/environment.ts'
import { describeCommand } from '../arguments/help.ts'
import { parseCommand } from '../arguments/parse.ts'
import { TOP_COMMAND } from '../arguments/top-command.ts'
import { ConnectionFailure } from '../connection/failure.ts'
import { hasColors } from '../terminal/colors.ts'
import { reportServer } from '../top/report.ts'
import { readTopSettings, type TopSettings } from '../top/settings.ts'
import { Terminal } from '../top/terminal.ts'
import { watchServer } from '../top/watch.ts'

/**
 * `incant top`: a running server, as its metrics show it.
 *
 * @returns The exit code.
 * @throws {StartupError} `missing_argument`, `invalid_option`, `file_not_found`, `metrics_unavailable`.
 */
export async function runTopCommand(words: readonly string[], environment: Environment): Promise<number> {
  const parsed = parseCommand(TOP_COMMAND, words)
  if (parsed.kind === 'help') {
    process.stdout.write(`${describeCommand(TOP_COMMAND)}\n`)
    return 0
  }
  const settings = readTopSettings(parsed.positionals, parsed.flags, environment)
  try {
    return await run(settings, environment)
  } catch (thrown) {
    throw thrown instanceof ConnectionFailure ? toStartupError(thrown, settings) : thrown
  }
}

async function run(settings: TopSettings, environment: Environment): Promise<number> {
  const isTerminal = process.stdout.isTTY === true && environment['TERM'] !== 'dumb'
  if (!settings.once && isTerminal) return watchServer(settings, openTerminal(environment))
  process.stdout.write(await reportServer(settings))
  return 0
}

function openTerminal(environment: Environment): Terminal {
  return new Terminal(process.stdout, process.stdin, hasColors(process.stdout, environment))
}

function toStartupError(failure: ConnectionFailure, { url }: TopSettings): StartupError {
  return new StartupError({
    code: 'metrics_unavailable',
    found: `${url.origin}${url.pathname}: ${failure.message}`,
    instead: failure.instead,
    cause: failure,
  })
}
