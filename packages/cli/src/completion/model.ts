import { COMMANDS } from '../arguments/command.ts'
import type { Command } from '../arguments/command-definition.ts'
import { valueName } from '../arguments/help.ts'
import { JOBS_COMMANDS } from '../arguments/jobs-command.ts'
import { MODEL_COMMANDS } from '../arguments/model-command.ts'
import { type Flag, isSwitch } from '../arguments/option.ts'
import { SERVER_COMMANDS } from '../arguments/server-command.ts'
import { CERTIFICATE_COMMAND } from '../certificate/command.ts'
import { TOKEN_COMMANDS } from '../token/commands.ts'

/** The completions after a word. */
export type Completed =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'path' }
  | { readonly kind: 'words'; readonly words: readonly string[] }

/** An option as a shell completes it. */
export interface CompletedFlag {
  /** `--log-level` */
  readonly flag: string
  readonly short: string | undefined
  readonly summary: string
  /** The placeholder of the value; empty for a switch. */
  readonly placeholder: string
  readonly value: Completed
}

/** A command as a shell completes it. */
export interface CompletedCommand {
  /** `['token', 'create']` */
  readonly path: readonly string[]
  readonly summary: string
  readonly flags: readonly CompletedFlag[]
  readonly argument: Completed
}

/** Shells that a script is written for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const

/** A shell that a script is written for. */
export type Shell = (typeof SHELLS)[number]

const NOTHING: Completed = { kind: 'nothing' }
const PATH: Completed = { kind: 'path' }
const PATHS: ReadonlySet<string> = new Set(['FILE', 'DIR', 'KEY=VALUE|FILE'])

/** Every command with its options, from the tables that the command line itself is read by. */
export function completedCommands(): readonly CompletedCommand[] {
  return [
    toCompleted(COMMANDS.serve, PATH),
    toCompleted(COMMANDS.inspect, PATH),
    toCompleted(COMMANDS.init, PATH),
    toCompleted(COMMANDS.build, PATH),
    toCompleted(COMMANDS.mcp, PATH),
    toCompleted(COMMANDS.model, NOTHING),
    ...Object.values(MODEL_COMMANDS).map(command => toCompleted(command, PATH)),
    toCompleted(COMMANDS.manifest, NOTHING),
    toCompleted(COMMANDS.deploy, NOTHING),
    toCompleted(COMMANDS.install, PATH),
    toCompleted(COMMANDS.server, NOTHING),
    ...Object.values(SERVER_COMMANDS).map(command => toCompleted(command, NOTHING)),
    toCompleted(COMMANDS.top, NOTHING),
    toCompleted(COMMANDS.jobs, NOTHING),
    ...Object.values(JOBS_COMMANDS).map(command => toCompleted(command, NOTHING)),
    toCompleted(COMMANDS.token, NOTHING),
    ...Object.values(TOKEN_COMMANDS).map(command => toCompleted(command, NOTHING)),
    toCompleted(COMMANDS.cert, NOTHING),
    toCompleted(CERTIFICATE_COMMAND, NOTHING),
    toCompleted(COMMANDS.completion, { kind: 'words', words: SHELLS }),
    toCompleted(COMMANDS.env, NOTHING),
  ]
}

/** The commands that follow a path: the first words, or the actions of one. */
export function commandsBelow(path: readonly string[]): readonly CompletedCommand[] {
  return completedCommands().filter(
    command => command.path.length === path.length + 1 && path.every((word, index) => command.path[index] === word),
  )
}

function toCompleted(command: Command, argument: Completed): CompletedCommand {
  return {
    path: command.name.split(' '),
    summary: firstSentence(command.summary),
    flags: command.options.map(toFlag),
    argument,
  }
}

function toFlag(option: Flag): CompletedFlag {
  const { flag, short, definition } = option
  const isOff = isSwitch(option) && 'default' in definition && definition.default === true
  return {
    flag: isOff ? `--no-${flag.slice(2)}` : flag,
    short,
    summary: firstSentence(definition.doc),
    placeholder: valueName(definition),
    value: completedValue(option),
  }
}

function completedValue({ definition }: Flag): Completed {
  if (definition.kind === 'choice') return { kind: 'words', words: definition.choices }
  if (definition.kind === 'integer' && definition.words !== undefined)
    return { kind: 'words', words: Object.keys(definition.words) }
  return PATHS.has(valueName(definition)) ? PATH : NOTHING
}

function firstSentence(text: string): string {
  return /^.*?[^.](?=\.(?:\s|$)|$)/.exec(text)?.[0] ?? text
}
