import { StartupError } from 'incant/internal/signature'
import { COMMANDS } from '../arguments/command.ts'
import { describeCommand } from '../arguments/help.ts'
import { parseCommand } from '../arguments/parse.ts'
import { bashScript } from '../completion/bash.ts'
import { fishScript } from '../completion/fish.ts'
import { SHELLS, type Shell } from '../completion/model.ts'
import { zshScript } from '../completion/zsh.ts'

const SCRIPTS: Readonly<Record<Shell, () => string>> = { bash: bashScript, zsh: zshScript, fish: fishScript }

/**
 * `incant completion`: prints a script for a shell.
 *
 * @returns The exit code.
 * @throws {StartupError} `missing_argument`.
 */
export function runCompletionCommand(words: readonly string[]): number {
  const parsed = parseCommand(COMMANDS.completion, words)
  if (parsed.kind === 'help') {
    process.stdout.write(`${describeCommand(parsed.command ?? COMMANDS.completion)}\n`)
    return 0
  }
  const shell = SHELLS.find(name => name === parsed.positionals[0])
  if (shell === undefined || parsed.positionals.length > 1) throw refuse()
  process.stdout.write(SCRIPTS[shell]())
  return 0
}

function refuse(): StartupError {
  return new StartupError({
    code: 'missing_argument',
    found: `incant completion takes the name of a shell: ${SHELLS.join(', ')}`,
    instead: `Write: ${COMMANDS.completion.example}`,
  })
}
