import { StartupError } from 'incant'
import type { TokenSelector } from 'incant/auth'
import type { Command } from '../arguments/command-definition.ts'
import type { FlagValues } from '../arguments/parse.ts'

/**
 * The tokens that a command line names: by their ids, or by `--name`.
 *
 * @throws {StartupError} `missing_argument`, `invalid_option`.
 */
export function readSelectors(command: Command, ids: readonly string[], flags: FlagValues): readonly TokenSelector[] {
  const name = flags.get('name')?.at(-1)
  if (name === undefined && ids.length > 0) return ids.map(id => ({ id }))
  if (name !== undefined && ids.length === 0) return [{ name }]
  throw new StartupError({
    code: name === undefined ? 'missing_argument' : 'invalid_option',
    found: name === undefined ? 'no token is named' : 'ids and --name are given',
    instead: `Write: incant ${command.name} ${command.usage}`,
  })
}

/** As {@link readSelectors}, where only one can be meant. */
export function readSelector(command: Command, ids: readonly string[], flags: FlagValues): TokenSelector {
  const [selector, ...others] = readSelectors(command, ids, flags)
  if (selector !== undefined && others.length === 0) return selector
  throw new StartupError({
    code: 'invalid_option',
    found: `${ids.length} ids are given, and one token is rotated at a time`,
    instead: `Write: incant ${command.name} ${command.usage}`,
  })
}
