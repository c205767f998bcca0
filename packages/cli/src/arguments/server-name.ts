import { StartupError } from 'incant/internal/signature'
import type { Command } from './command-definition.ts'

/**
 * The one argument of a command about a server: its name.
 *
 * @throws {StartupError} `missing_argument`, `invalid_option`.
 */
export function readServerName(command: Command, [name, ...rest]: readonly string[]): string {
  if (name !== undefined && rest.length === 0) return name
  throw new StartupError({
    code: name === undefined ? 'missing_argument' : 'invalid_option',
    found:
      name === undefined
        ? 'no name of a server was given'
        : `incant ${command.name} takes one name, and ${rest.length + 1} were given`,
    instead: `Write: incant ${command.name} ${command.usage}`,
  })
}
