import { parseArgs } from 'node:util'
import { Problems, StartupError } from 'incant/internal/signature'
import { suggest } from '../report/suggest.ts'
import { COMMANDS, findCommand } from './command.ts'
import type { Command } from './command-definition.ts'
import { meantCommand, meantOption } from './habits.ts'
import { type Flag, isSwitch } from './option.ts'

/** The words of a command line, names resolved, values unread. */
export type ParsedArguments =
  /** The topic is the word after `--help`: `all`, or the name of one. */
  | { readonly kind: 'help'; readonly command: Command | undefined; readonly topic?: string | undefined }
  | { readonly kind: 'version' }
  | {
      readonly kind: 'command'
      readonly command: Command
      readonly positionals: readonly string[]
      readonly flags: FlagValues
    }

/** What the flags say, by option name: one text a time the flag is given. Switches say `true` or `false`. */
export type FlagValues = ReadonlyMap<string, readonly string[]>

type Token = NonNullable<ReturnType<typeof tokenize>>[number]
type OptionToken = Extract<Token, { kind: 'option' }>

/**
 * Reads a command line.
 *
 * @param problems - As of {@link parseCommand}.
 * @throws {StartupError} `missing_argument`, `unknown_option`, `invalid_option`.
 */
export function parseArguments(words: readonly string[], problems?: Problems): ParsedArguments {
  const [first, ...rest] = words
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    return { kind: 'help', command: findCommand(rest[0] ?? ''), topic: rest[1] }
  }
  if (first === '--version' || first === '-v' || first === '-V') return { kind: 'version' }
  return parseCommand(findCommand(first) ?? refuseCommand(first), rest, problems)
}

function refuseCommand(given: string): never {
  const nearest = suggest(given, Object.keys(COMMANDS))
  const looksLikeFile = /\.[cm]?[jt]s$/.test(given)
  const serve = looksLikeFile ? `Write: incant serve ${given}` : undefined
  const meant = nearest === undefined ? meantCommand(given) : `Did you mean "${nearest}"?`
  throw new StartupError({
    code: given.startsWith('-') ? 'unknown_option' : 'missing_argument',
    found: `there is no command "${given}"`,
    instead: serve ?? meant ?? `The commands are ${Object.keys(COMMANDS).join(', ')}.`,
  })
}

type CommandWords = Exclude<ParsedArguments, { kind: 'version' }>

/**
 * Reads the words that follow a command.
 *
 * @param problems - Keeps what is wrong with the flags, for a caller that reports it with what is wrong with their values.
 * @throws {StartupError} `unknown_option`, `invalid_option`, with everything that is wrong; never with `problems`.
 */
export function parseCommand(command: Command, words: readonly string[], problems?: Problems): CommandWords {
  if (problems !== undefined) return parseWords(command, words, problems)
  const all = new Problems()
  const parsed = parseWords(command, words, all)
  return parsed.kind === 'help' ? parsed : all.finish(() => parsed)
}

function parseWords(command: Command, words: readonly string[], problems: Problems): CommandWords {
  const positionals: string[] = []
  const flags = new Map<string, string[]>()
  for (const token of tokenize(command, words)) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    if (token.name === 'help' || token.name === 'h') return { kind: 'help', command, topic: words[token.index + 1] }
    const flag = problems.try(() => readFlag(command, token), undefined)
    if (flag !== undefined) flags.set(flag.option.name, [...(flags.get(flag.option.name) ?? []), flag.value])
  }
  return { kind: 'command', command, positionals, flags }
}

/** Splits words with Node's parser, which gets only the flags with a value; names are checked here. */
function tokenize(command: Command, words: readonly string[]) {
  const options = Object.fromEntries(command.options.map(option => [flagName(option), tokenKind(option)]))
  return parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true }).tokens
}

function tokenKind(option: Flag): { type: 'boolean' | 'string'; short?: string } {
  const type = isSwitch(option) ? 'boolean' : 'string'
  return option.short === undefined ? { type } : { type, short: option.short }
}

function readFlag(command: Command, token: OptionToken): { option: Flag; value: string } {
  const direct = command.options.find(option => flagName(option) === token.name)
  if (direct !== undefined) return { option: direct, value: flagValue(direct, token) }
  const negated = command.options.find(option => isSwitch(option) && `no-${flagName(option)}` === token.name)
  if (negated !== undefined && token.value === undefined) return { option: negated, value: 'false' }
  return refuseFlag(command, token.rawName)
}

function flagValue(option: Flag, token: OptionToken): string {
  if (isSwitch(option)) return token.value ?? 'true'
  const swallowedFlag = token.inlineValue === false && token.value?.startsWith('-')
  if (token.value !== undefined && !swallowedFlag) return token.value
  throw new StartupError({
    code: 'invalid_option',
    found: `${option.flag} needs a value${swallowedFlag ? `, and ${token.value} follows it` : ''}`,
    instead: `Write ${option.flag}=VALUE.`,
  })
}

function refuseFlag(command: Command, given: string): never {
  const meant = meantOption(command, given)
  const nearest = suggest(
    given,
    command.options.flatMap(option => (isSwitch(option) ? [option.flag, `--no-${flagName(option)}`] : [option.flag])),
  )
  const help = `To see the options, write: incant ${command.name} --help all`
  throw new StartupError({
    code: 'unknown_option',
    found: `incant ${command.name} has no option ${given}`,
    instead: meant ?? (nearest === undefined ? help : `Did you mean ${nearest}? ${help}`),
  })
}

function flagName(option: Flag): string {
  return option.flag.slice(2)
}
