import { StartupError } from 'incant'
import { type CreatedToken, type TokenFile, type TokenTerms, tokenFile } from 'incant/auth'
import { asksForHelp, chooseAction, describeActions } from '../arguments/actions.ts'
import { COMMANDS } from '../arguments/command.ts'
import type { Command } from '../arguments/command-definition.ts'
import { describeCommand } from '../arguments/help.ts'
import { type FlagValues, parseCommand } from '../arguments/parse.ts'
import { resolvePath } from '../arguments/path.ts'
import { TOKEN_COMMANDS, type TokenAction } from '../token/commands.ts'
import { readSelector, readSelectors } from '../token/selection.ts'
import { describeToken, formatTime, formatTokens, tokenToJSON } from '../token/show.ts'
import { readDuration, readTime } from '../token/when.ts'

/** One call of `incant token`, read. */
interface Call {
  readonly command: Command
  readonly ids: readonly string[]
  readonly flags: FlagValues
  readonly store: TokenFile
  readonly now: number
}

const ACTIONS: Readonly<Record<TokenAction, (call: Call) => Promise<void>>> = { create, list, rotate, revoke }

/**
 * `incant token`: the tokens in a file. A secret is only ever written to standard output, once, when it is made.
 *
 * @returns The exit code.
 * @throws {StartupError} If it cannot be done. Nothing has changed then.
 */
export async function runTokenCommand(words: readonly string[]): Promise<number> {
  const [first, ...rest] = words
  if (asksForHelp(first)) {
    process.stdout.write(`${describeActions(COMMANDS.token, TOKEN_COMMANDS)}\n`)
    return 0
  }
  // The word is not repeated: it may be a secret given by mistake.
  const action = chooseAction(TOKEN_COMMANDS, first, 'incant token has no such command')
  const parsed = parseCommand(TOKEN_COMMANDS[action], rest)
  if (parsed.kind !== 'command') {
    process.stdout.write(`${describeCommand(TOKEN_COMMANDS[action])}\n`)
    return 0
  }
  const { command, positionals: ids, flags } = parsed
  await ACTIONS[action]({ command, ids, flags, store: tokenFile(readStore(command, flags)), now: Date.now() })
  return 0
}

async function create({ command, ids, flags, store, now }: Call): Promise<void> {
  refuseIds(command, ids)
  const name = flags.get('name')?.at(-1)
  const scopes = flags.get('scopes')?.flatMap(text => text.split(',')) ?? []
  const terms: TokenTerms = {
    scopes: [...new Set(scopes.map(scope => scope.trim()))],
    ...(name === undefined ? {} : { name }),
    ...readTimes(flags, now),
  }
  show(await store.create(terms), flags, now)
}

async function rotate({ command, ids, flags, store, now }: Call): Promise<void> {
  const grace = flags.get('grace')?.at(-1)
  const { expires } = readTimes(flags, now)
  const rotated = await store.rotate(readSelector(command, ids, flags), {
    ...(grace === undefined ? {} : { grace: readDuration('--grace', grace) }),
    ...(expires === undefined ? {} : { expires }),
  })
  show(rotated, flags, now)
  tell(`token ${rotated.replaces.id} stays valid until ${formatTime(rotated.replaces.expires)}`)
}

async function list({ command, ids, flags, store, now }: Call): Promise<void> {
  refuseIds(command, ids)
  const tokens = await store.list()
  if (flags.has('json')) writeJSON(tokens.map(token => tokenToJSON(token, now)))
  else process.stdout.write(`${formatTokens(tokens, now)}\n`)
}

async function revoke({ command, ids, flags, store }: Call): Promise<void> {
  const revoked = await store.revoke(...readSelectors(command, ids, flags))
  if (flags.has('json')) writeJSON({ revoked })
  else process.stdout.write(revoked.map(id => `revoked ${id}\n`).join(''))
}

/** The token alone goes to standard output, so that `TOKEN=$(incant token create …)` works. */
function show(created: CreatedToken, flags: FlagValues, now: number): void {
  if (flags.has('json')) writeJSON({ ...tokenToJSON(created, now), token: created.token })
  else process.stdout.write(`${created.token}\n`)
  tell(`${describeToken(created)}; it is shown only this once`)
}

function tell(message: string): void {
  process.stderr.write(`incant: ${message}\n`)
}

function writeJSON(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}

function readTimes(flags: FlagValues, now: number): { readonly expires?: number; readonly notBefore?: number } {
  const expires = flags.get('expires')?.at(-1)
  const notBefore = flags.get('notBefore')?.at(-1)
  return {
    ...(expires === undefined ? {} : { expires: readTime('--expires', expires, now) }),
    ...(notBefore === undefined ? {} : { notBefore: readTime('--not-before', notBefore, now) }),
  }
}

function readStore(command: Command, flags: FlagValues): string {
  const store = flags.get('store')?.at(-1)
  if (store !== undefined && store !== '') return resolvePath(store)
  throw new StartupError({
    code: 'missing_argument',
    found: 'no token file was given',
    instead: `Write: incant ${command.name} ${command.usage}`,
  })
}

/** The argument is not repeated: it may be a secret given by mistake. */
function refuseIds(command: Command, ids: readonly string[]): void {
  if (ids.length === 0) return
  throw new StartupError({
    code: 'invalid_option',
    found: `incant ${command.name} takes options only, but ${ids.length} more were given`,
    instead: `Write: incant ${command.name} ${command.usage}`,
  })
}
