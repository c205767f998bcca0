import { StartupError } from 'incant'
import { describeExpectation, readOption } from 'incant/internal'
import type { Environment } from '../arguments/environment.ts'
import type { FlagValues } from '../arguments/parse.ts'
import { INTERVAL, TOP_COMMAND } from '../arguments/top-command.ts'
import { type Connection, readConnection } from '../connection/connection.ts'

/** The server that `incant top` reads, and how. Its address is that of the metrics. */
export interface TopSettings extends Connection {
  /** Milliseconds. */
  readonly interval: number
  readonly once: boolean
}

/**
 * Reads the arguments of `incant top`.
 *
 * @throws {StartupError} `missing_argument`, `invalid_option`, `file_not_found`. No message contains a value that may
 * be a secret.
 */
export function readTopSettings(
  [url, ...rest]: readonly string[],
  flags: FlagValues,
  environment: Environment,
): TopSettings {
  if (rest.length > 0) refuse('incant top watches one server', `Write: ${TOP_COMMAND.example}`)
  const connection = readConnection(url, TOP_COMMAND, { flags, environment })
  return {
    ...connection,
    url: withPath(connection.url),
    interval: readInterval(flags.get('interval')?.at(-1)),
    once: flags.get('once')?.at(-1) === 'true',
  }
}

/** The address of a server and that of its metrics are both taken. */
function withPath(url: URL): URL {
  const complete = new URL(url)
  if (!url.pathname.endsWith('/metrics')) complete.pathname = `${url.pathname.replace(/\/+$/, '')}/metrics`
  complete.hash = ''
  return complete
}

function readInterval(given: string | undefined): number {
  const read = given === undefined ? INTERVAL.default : readOption(INTERVAL, given)
  if (typeof read === 'number') return read
  return refuse(`--interval is ${JSON.stringify(given)}`, `Use ${describeExpectation(INTERVAL)}.`)
}

function refuse(found: string, instead: string): never {
  throw new StartupError({ code: 'invalid_option', found, instead })
}
