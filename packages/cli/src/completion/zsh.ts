import { type Completed, type CompletedCommand, type CompletedFlag, commandsBelow } from './model.ts'

/** A script for `eval`, and for a file named `_incant` in a folder of `fpath`. */
export function zshScript(): string {
  return `#compdef incant
# zsh completion for incant. Load it with: eval "$(incant completion zsh)"
_incant() {
  local curcontext="$curcontext" state line
${describe([], '  ')}
}
if [[ "\${funcstack[1]}" == _incant ]]; then
  _incant "$@"
elif (( $+functions[compdef] )); then
  compdef _incant incant
fi
`
}

/** The choice among the commands that follow a path, and what each completes. */
function describe(path: readonly string[], indent: string): string {
  const below = commandsBelow(path)
  const list = below.map(({ path: words, summary }) => quote(`${words.at(-1)}:${summary.replaceAll(':', '\\:')}`))
  const cases = below.flatMap(command => [
    `${indent}  ${command.path.at(-1)})`,
    // What follows is completed as if the command were the first word.
    `${indent}    shift words; (( CURRENT-- ))`,
    commandsBelow(command.path).length > 0
      ? describe(command.path, `${indent}    `)
      : `${indent}    _arguments -s ${specifications(command).join(' ')}`,
    `${indent}    ;;`,
  ])
  return [
    `${indent}if (( CURRENT == 2 )); then`,
    `${indent}  local -a choices=(${list.join(' ')})`,
    `${indent}  _describe command choices`,
    `${indent}  return`,
    `${indent}fi`,
    `${indent}case "\${words[2]}" in`,
    ...cases,
    `${indent}esac`,
  ].join('\n')
}

function specifications({ flags, argument }: CompletedCommand): readonly string[] {
  const options = [...flags.flatMap(specification), quote('--help[Show the options]')]
  return argument.kind === 'nothing' ? options : [...options, quote(`*:argument:${action(argument)}`)]
}

/** \`--flag=[summary]:PLACEHOLDER:action\`; the equals sign allows the value in the same word. */
function specification({ flag, short, summary, placeholder, value }: CompletedFlag): readonly string[] {
  const text = `[${summary.replace(/[[\]\\]/g, '\\$&')}]`
  if (placeholder === '') return [quote(`${flag}${text}`)]
  const rest = `${text}:${placeholder.replaceAll(':', '\\:')}:${action(value)}`
  const spellings = short === undefined ? [`${flag}=`] : [`${flag}=`, `-${short}+`]
  return spellings.map(spelling => quote(`${spelling}${rest}`))
}

function action(value: Completed): string {
  if (value.kind === 'words') return `(${value.words.join(' ')})`
  return value.kind === 'path' ? '_files' : ' '
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
