import { relative } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { StartupError } from 'incant/internal/signature'
import { describeCommand } from '../arguments/help.ts'
import { INIT_COMMAND } from '../arguments/init-command.ts'
import { parseCommand } from '../arguments/parse.ts'
import { resolvePath } from '../arguments/path.ts'
import { displayPath } from '../files/display-path.ts'
import { suggest } from '../report/suggest.ts'
import { isKind, KINDS, type Kind } from '../scaffold/kinds.ts'
import { scaffold } from '../scaffold/scaffold.ts'

/**
 * `incant init`: a new project.
 *
 * @returns The exit code.
 * @throws {StartupError} `invalid_option`, `file_exists`, `permission_denied`.
 */
export async function runInitCommand(words: readonly string[]): Promise<number> {
  const parsed = parseCommand(INIT_COMMAND, words)
  if (parsed.kind === 'help') {
    process.stdout.write(`${describeCommand(INIT_COMMAND)}\n`)
    return 0
  }
  const [given = '.', ...others] = parsed.positionals
  if (others.length > 0) throw refuse(`incant init takes one folder, and got ${parsed.positionals.join(' ')}`)
  const kind = readKind(parsed.flags.get('kind')?.at(-1) ?? (await askKind()))
  const folder = resolvePath(given)
  const files = scaffold(folder, kind)
  const enter = relative(process.cwd(), folder) === '' ? '' : `cd ${given} && `
  process.stdout.write(`${displayPath(folder)}: ${files.join(', ')}\n  ${enter}npm install && npm test && npm start\n`)
  return 0
}

function readKind(text: string): Kind {
  if (isKind(text)) return text
  const names = Object.keys(KINDS)
  const nearest = suggest(text, names)
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`
  throw refuse(`--kind is ${JSON.stringify(text)}`, `The kinds are ${names.join(', ')}.${hint}`)
}

function refuse(found: string, instead = `Write: incant init ${INIT_COMMAND.usage} [--kind KIND]`): StartupError {
  return new StartupError({ code: 'invalid_option', found, instead })
}

/** Nobody answers where input or output is no terminal. */
async function askKind(): Promise<string> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return 'plain'
  const lines = Object.entries(KINDS).map(([name, { summary }]) => `  ${name.padEnd(7)} ${summary}`)
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const answer = await terminal.question(`${lines.join('\n')}\nKind (plain): `)
    return answer.trim() || 'plain'
  } finally {
    terminal.close()
  }
}
