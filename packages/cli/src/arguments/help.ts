import { describeExpectation, type OptionDefinition } from 'incant/internal/options'
import { COMMANDS } from './command.ts'
import type { Command } from './command-definition.ts'
import { formatDefault } from './format-default.ts'
import { type CommandOption, type Flag, isSwitch } from './option.ts'
import { commonOptions, findTopic, optionsOf, TOPICS, type Topic } from './topics.ts'

const WIDTH = 100
/** Where the text of an option begins. */
const COLUMN = 30

/** The text of `incant --help`. */
export function describeCommands(): string {
  const commands = Object.values(COMMANDS)
  return [
    'incant serves a predictor file over HTTP.',
    '',
    ...commands.flatMap(({ name, usage, summary }) => row(`  incant ${name} ${usage}`.trimEnd(), summary)),
    '',
    'incant COMMAND --help lists the options of a command; incant --version prints the version.',
    '',
  ].join('\n')
}

/**
 * What `incant COMMAND --help` prints: of a command with many options the common ones.
 *
 * @param topic - The word after `--help`: `all` for every option by topic, or the name of a topic.
 */
export function describeCommand(command: Command, topic?: string): string {
  const options = command.options.length > 0 ? ' [OPTIONS]' : ''
  return [
    `incant ${command.name} ${command.usage}`.trimEnd() + options,
    '',
    ...wrap(command.summary, WIDTH),
    '',
    `  ${command.example}`,
    '',
    ...describeOptions(command, topic),
  ].join('\n')
}

function describeOptions({ name, options }: Command, topic: string | undefined): readonly string[] {
  const common = commonOptions(options)
  const chosen = findTopic(topic)
  if (options.length === 0) return []
  if (chosen !== undefined) return describeTopic(chosen, options)
  // Some commands have more than a person reads at once.
  if (options.length <= COMMON_ENOUGH) return section('Options', options)
  if (topic !== 'all') return [...section('Common options', common), ...describeMore(name, options)]
  const topics = Object.keys(TOPICS) as Topic[] // the keys of a literal are its own
  return [...topics.flatMap(each => describeTopic(each, options)), ...describeVariables(options)]
}

const COMMON_ENOUGH = 15

const VARIABLES: readonly string[] = [
  'Each option is also an environment variable: --max-body-size is INCANT_MAX_BODY_SIZE. The flag wins.',
  '',
]

function describeMore(name: string, options: readonly Flag[]): readonly string[] {
  const topics = Object.keys(TOPICS) as Topic[] // the keys of a literal are its own
  return [
    `incant ${name} --help all lists every option, and --help TOPIC those of a topic:`,
    `${topics.filter(topic => optionsOf(topic, options).length > 0).join(', ')}.`,
    ...describeVariables(options),
  ]
}

/** Options of the commands that start a server are variables, too. */
function describeVariables(options: readonly Flag[]): readonly string[] {
  return options.some(option => 'variable' in option) ? VARIABLES : ['']
}

function describeTopic(topic: Topic, options: readonly Flag[]): readonly string[] {
  const own = optionsOf(topic, options)
  return own.length === 0 ? [] : section(TOPICS[topic], own)
}

function section(title: string, options: readonly Flag[]): readonly string[] {
  return [`${title}:`, ...options.flatMap(describeOption), '']
}

function describeOption(option: Flag): string[] {
  const { flag, short, definition } = option
  const form = isSwitch(option) ? switchForm(option) : `${flag} ${valueName(definition)}`
  const shown = `  ${short === undefined ? '' : `-${short}, `}${form}`
  return row(shown, optionText(definition))
}

/** A name with its text beside it, or below it where the name is long. */
function row(name: string, text: string): string[] {
  const [first = '', ...more] = wrap(text, WIDTH - COLUMN)
  const head = name.length < COLUMN - 1 ? [`${name.padEnd(COLUMN)}${first}`] : [name, indent(first)]
  return [...head, ...more.map(indent)]
}

function indent(line: string): string {
  return `${' '.repeat(COLUMN)}${line}`
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
const SAYS_ITSELF: ReadonlySet<string> = new Set(['text', 'path', 'list', 'boolean'])

/** The placeholder of a value. */
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

function wrap(text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last !== '' && last.length + word.length >= width) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines
}
