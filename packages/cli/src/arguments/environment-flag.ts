import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { StartupError } from 'incant/internal/signature'
import type { Environment } from './environment.ts'
import { resolvePath } from './path.ts'

const PAIR = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/
const SECRET_NAME = /TOKEN|SECRET|PASSWORD|PASSPHRASE|CREDENTIAL|(^|_)KEY(_|$)/i

/** The variables that `--env` and `INCANT_ENV` set. */
export interface EnvironmentChanges {
  readonly variables: Environment
  /** Names that look like secrets on the command line, for a warning. Never values. */
  readonly exposed: readonly string[]
}

/**
 * The variables of `--env KEY=VALUE` and `--env FILE`, in their order: the last one wins. `INCANT_ENV` contains the
 * same, one a line, and counts only where the flag is not given.
 *
 * @throws {StartupError} `file_not_found`, `invalid_option`; a message never contains a value.
 */
export function readEnvironmentFlags(
  flags: readonly string[] | undefined,
  variable: string | undefined,
): EnvironmentChanges {
  const entries = flags ?? (variable ?? '').split('\n').filter(line => line.trim() !== '')
  const variables = Object.assign({}, ...entries.map(readEntry))
  if (Object.hasOwn(variables, 'INCANT_ENV')) refuseNested()
  const names = (flags ?? []).flatMap(entry => PAIR.exec(entry)?.[1] ?? [])
  return { variables, exposed: names.filter(looksSecret) }
}

/** Whether a variable of this name contains a secret, as far as the name says. */
export function looksSecret(name: string): boolean {
  return SECRET_NAME.test(name)
}

function readEntry(entry: string): Environment {
  const [, name, value] = PAIR.exec(entry) ?? []
  return name === undefined ? readFile(entry) : { [name]: value }
}

function readFile(entry: string): Environment {
  const file = resolvePath(entry)
  try {
    return { ...parseEnv(readFileSync(file, 'utf8')) }
  } catch (cause) {
    throw new StartupError({
      code: 'file_not_found',
      found: `--env is neither KEY=VALUE nor a readable file: ${describeEntry(entry)}`,
      instead: 'Write --env KEY=VALUE, or --env FILE with one KEY=VALUE a line.',
      cause,
    })
  }
}

/** The text before an equals sign: the rest may be a secret. */
function describeEntry(entry: string): string {
  const [name] = entry.split('=')
  return name === entry ? entry : `${name}=…`
}

function refuseNested(): never {
  throw new StartupError({
    code: 'invalid_option',
    found: '--env sets INCANT_ENV, which cannot load itself',
    instead: 'Add the other file as a second --env.',
  })
}
