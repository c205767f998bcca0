import { APP_OPTIONS } from 'incant'
import { SERVER_OPTIONS } from 'incant/node'
import { type CommandOptionName, OPTIONS, type Option } from './option.ts'

/** A command of `incant`. */
export interface Command {
  readonly name: 'serve' | 'inspect'
  /** The arguments, as the help shows them. */
  readonly usage: string
  readonly summary: string
  readonly example: string
  readonly options: readonly Option[]
}

const SERVE_OPTIONS: readonly CommandOptionName[] = ['config', 'classname', 'modelPath', 'env', 'validate', 'debug']
const INSPECT_OPTIONS: readonly CommandOptionName[] = ['json', 'classname', 'debug']

/** Every command, by name. */
export const COMMANDS: Readonly<Record<Command['name'], Command>> = {
  serve: {
    name: 'serve',
    usage: '[MODEL:VERSION] FILE',
    summary: 'Serve the predictor in a file.',
    example: 'incant serve predictor.ts --port 8080 --max-body-size 20MiB',
    options: select([...SERVE_OPTIONS, ...Object.keys(SERVER_OPTIONS), ...Object.keys(APP_OPTIONS)]),
  },
  inspect: {
    name: 'inspect',
    usage: 'FILE',
    summary: "Print a predictor's signature, schema and routes without running the model.",
    example: 'incant inspect predictor.ts --json',
    options: select(INSPECT_OPTIONS),
  },
}

/** The command of this name. */
export function findCommand(name: string): Command | undefined {
  return Object.values(COMMANDS).find(command => command.name === name)
}

function select(names: readonly string[]): readonly Option[] {
  return names.flatMap(name => OPTIONS.get(name) ?? [])
}
