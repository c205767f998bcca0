import { describeExpectation, type OptionDefinition } from 'incant/options'
import { COMMANDS } from './command.ts'
import type { Command } from './command-definition.ts'
import { formatDefault } from './format-default.ts'
import { type CommandOption, type Flag, isSwitch, type Option } from './option.ts'

const WIDTH = 100
const INDENT = ' '.repeat(6)

/** What `incant --help` prints. */
export function describeCommands(): string {
  const commands = Object.values(COMMANDS)
  const width = Math.max(...commands.map(command => command.name.length + command.usage.length)) + 3
  return [
    'incant: a predictor file becomes a server.',
    '',
    ...commands.map(({ name, usage, summary }) => `  incant ${`${name} ${usage}`.padEnd(width)} ${summary}`),
    '',
    'incant COMMAND --help lists the options of a command; incant --version prints the version.',
    '',
  ].join('\n')
}

/** What `incant COMMAND --help` prints. */
export function describeCommand(command: Command): string {
  return [
    [`incant ${command.name} ${command.usage}`, ...(command.options.length > 0 ? ['[OPTIONS]'] : [])].join(' '),
    '',
    command.summary,
    '',
    `  ${command.example}`,
    '',
    ...describeOptions(command.options),
  ].join('\n')
}

function describeOptions(options: readonly Flag[]): string[] {
  if (options.length === 0) return []
  const hasVariables = options.some(option => 'variable' in option)
  const head = hasVariables
    ? 'Options, each also an environment variable; the flag wins over the variable:'
    : 'Options:'
  return [head, '', ...options.flatMap(describeOption), '']
}

function describeOption(option: Flag | Option): string[] {
  const { flag, definition } = option
  const form = isSwitch(option) ? switchForm(option) : `${flag} ${valueName(definition)}`
  const variable = 'variable' in option ? `  (${option.variable})` : ''
  return [`  ${form}${variable}`, ...wrap(optionText(definition)).map(line => `${INDENT}${line}`)]
}

/** A switch that is on by default is given to turn it off. */
function switchForm({ flag, definition }: Flag): string {
  return 'default' in definition && definition.default === true ? `--no-${flag.slice(2)}` : flag
}

function optionText(definition: CommandOption | OptionDefinition): string {
  if (!('default' in definition)) return definition.doc
  const takes = SAYS_ITSELF.has(definition.kind) ? '' : ` Takes ${describeExpectation(definition)}.`
  const repeat = definition.kind === 'list' ? ' May be given more than once.' : ''
  const value = formatDefault(definition)
  return `${definition.doc}${takes}${repeat}${value === '' ? '' : ` Default: ${value}.`}`
}

/** Kinds whose values need no more words than the option's own. */
const SAYS_ITSELF: ReadonlySet<string> = new Set(['text', 'path', 'list'])

/** The word that stands for a value. */
export function valueName(definition: CommandOption | OptionDefinition): string {
  if (definition.kind === 'value' || definition.kind === 'list') return definition.placeholder
  return {
    duration: 'DURATION',
    size: 'SIZE',
    integer: 'NUMBER',
    text: 'TEXT',
    path: 'FILE',
    choice: 'CHOICE',
    boolean: '',
    switch: '',
  }[definition.kind]
}

function wrap(text: string): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last !== '' && last.length + word.length >= WIDTH - INDENT.length) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines
}
