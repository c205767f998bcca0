import { type CompletedCommand, type CompletedFlag, commandsBelow, completedCommands } from './model.ts'

/** Completes words with the function of the script; file names where that has none. */
export function bashScript(): string {
  const commands = completedCommands()
  return `# bash completion for incant. Load it with: eval "$(incant completion bash)"
_incant() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}" path="\${COMP_WORDS[1]}" words=
  # Bash splits --flag=value into three words.
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous="\${COMP_WORDS[COMP_CWORD - 2]}"
  fi
  case "$path" in ${actionHolders().join('|')}) path="$path \${COMP_WORDS[2]}" ;; esac
  case "$previous" in
${valueCases(commands).join('\n')}
  esac
  if [[ $COMP_CWORD -eq 1 ]]; then
    words='${names([]).join(' ')} --help --version'
  elif [[ $current == -* ]]; then
    case "$path" in
${commands.map(flagCase).join('\n')}
    esac
  else
    case "\${COMP_CWORD} \${COMP_WORDS[1]}" in
${argumentCases(commands).join('\n')}
    esac
  fi
  # No word has a space. The mapfile of newer shells is not in the bash of macOS.
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _incant incant
`
}

/** Commands whose next word is a command, too. */
function actionHolders(): readonly string[] {
  return names([]).filter(name => names([name]).length > 0)
}

function names(path: readonly string[]): readonly string[] {
  return commandsBelow(path).flatMap(command => command.path.slice(-1))
}

/** A flag has the values of the first command that has it. With no reply bash completes the name of a file. */
function valueCases(commands: readonly CompletedCommand[]): readonly string[] {
  const flags = new Map(commands.toReversed().flatMap(command => command.flags.map(flag => [flag.flag, flag] as const)))
  const withValue = [...flags.values()].filter(({ placeholder }) => placeholder !== '')
  const open = withValue.filter(({ value }) => value.kind !== 'words').flatMap(spellings)
  const chosen = withValue.flatMap(flag =>
    flag.value.kind === 'words'
      ? [
          `    ${spellings(flag).join('|')}) COMPREPLY=($(compgen -W '${flag.value.words.join(' ')}' -- "$current")); return ;;`,
        ]
      : [],
  )
  return [...chosen, `    ${open.join('|')}) COMPREPLY=(); return ;;`]
}

function spellings({ flag, short }: CompletedFlag): readonly string[] {
  return short === undefined ? [flag] : [flag, `-${short}`]
}

function flagCase({ path, flags }: CompletedCommand): string {
  return `      '${path.join(' ')}') words='${[...flags.map(({ flag }) => flag), '--help'].join(' ')}' ;;`
}

function argumentCases(commands: readonly CompletedCommand[]): readonly string[] {
  const actions = actionHolders().map(name => `      '2 ${name}') words='${names([name]).join(' ')}' ;;`)
  const words = commands.flatMap(({ path, argument }) =>
    argument.kind === 'words' ? [`      '2 ${path.join(' ')}') words='${argument.words.join(' ')}' ;;`] : [],
  )
  return [...actions, ...words]
}
