import { type CompletedCommand, type CompletedFlag, commandsBelow, completedCommands } from './model.ts'

/** A script for `source`, and for a file in `~/.config/fish/completions`. */
export function fishScript(): string {
  const lines = [
    '# fish completion for incant. Load it with: incant completion fish | source',
    'complete -c incant -f',
    ...commandsBelow([]).map(command => complete('__fish_use_subcommand', command)),
    ...completedCommands().flatMap(describe),
  ]
  return `${lines.join('\n')}\n`
}

function describe(command: CompletedCommand): readonly string[] {
  const actions = commandsBelow(command.path)
  const names = actions.map(({ path }) => path.at(-1)).join(' ')
  const seen = command.path.map(word => `__fish_seen_subcommand_from ${word}`).join('; and ')
  return [
    ...actions.map(action => complete(`${seen}; and not __fish_seen_subcommand_from ${names}`, action)),
    ...command.flags.map(flag => option(seen, flag)),
    ...argument(seen, command),
  ]
}

function complete(condition: string, { path, summary }: CompletedCommand): string {
  return `complete -c incant -n ${quote(condition)} -a ${path.at(-1)} -d ${quote(summary)}`
}

function option(condition: string, { flag, short, summary, placeholder, value }: CompletedFlag): string {
  const letter = short === undefined ? '' : ` -s ${short}`
  // -x: a value, and no file names. -r -F: a value, a file name by itself.
  const takes = placeholder === '' ? '' : value.kind === 'path' ? ' -r -F' : ' -x'
  const words = value.kind === 'words' ? ` -a ${quote(value.words.join(' '))}` : ''
  return `complete -c incant -n ${quote(condition)} -l ${flag.slice(2)}${letter}${takes}${words} -d ${quote(summary)}`
}

function argument(condition: string, { argument: value }: CompletedCommand): readonly string[] {
  if (value.kind === 'path') return [`complete -c incant -n ${quote(condition)} -F`]
  if (value.kind === 'words') return [`complete -c incant -n ${quote(condition)} -a ${quote(value.words.join(' '))}`]
  return []
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
