import { APP_OPTIONS, type OptionDefinition, SERVER_OPTIONS } from 'incant/internal/options'

/** An option of the command line itself, beside the settings of the server and of the application. */
export type CommandOption = { readonly doc: string } & (
  | { readonly kind: 'switch' }
  | { readonly kind: 'value'; readonly placeholder: string; readonly repeatable?: true }
)

/** One option as the command line takes it. */
export interface Flag {
  /** `maxBodySize` */
  readonly name: string
  /** `--max-body-size` */
  readonly flag: string
  /** `p`, where it can be written `-p` too. */
  readonly short?: string
  readonly definition: CommandOption | OptionDefinition
}

/** One option that can also be given as an environment variable. */
export interface Option extends Flag {
  /** `INCANT_MAX_BODY_SIZE` */
  readonly variable: string
}

/** The options that only the command line has. */
export const COMMAND_OPTIONS = {
  settings: {
    kind: 'value',
    placeholder: 'FILE',
    doc: 'YAML or JSON with settings, and the models to serve with settings of each. Flags and variables win over it.',
  },
  split: {
    kind: 'value',
    placeholder: 'NAME=VERSION:SHARE,...',
    repeatable: true,
    doc: 'The share of the calls of a model that each of its versions gets, such as words=v1:90,v2:10. The same caller always gets the same version. May be given more than once.',
  },
  config: {
    kind: 'value',
    placeholder: 'FILE',
    doc: "YAML or JSON for the predictor's constructor, checked against its type before the model loads.",
  },
  className: {
    kind: 'value',
    placeholder: 'NAME',
    doc: 'Which class to serve, where the file has several predictors.',
  },
  modelPath: {
    kind: 'value',
    placeholder: 'DIR',
    doc: "The folder of the model's files: modelInfo.path. Default: the folder of the predictor file.",
  },
  trustModelFiles: {
    kind: 'switch',
    doc: "Compare the sizes of the model's files with the list of them at the start, and not every byte.",
  },
  env: {
    kind: 'value',
    placeholder: 'KEY=VALUE|FILE',
    repeatable: true,
    doc: 'An environment variable, or a file of them (dotenv), set before the predictor loads. May be given more than once; the last one wins. Other users can see a command line: secrets belong in a file.',
  },
  validate: {
    kind: 'switch',
    doc: 'Check the predictor, its signature and --config, then exit: 0 when they are right, 1 when not. Nothing is served and no model loads.',
  },
  watch: {
    kind: 'switch',
    doc: 'Serve new code when a file in the folder of the predictor changes, as SIGHUP does. Code that does not start changes nothing.',
  },
  as: {
    kind: 'value',
    placeholder: 'FILE',
    doc: 'Write the class that serves a model file as TypeScript, to be changed: --as predictor.ts. An existing file is not replaced.',
  },
  json: { kind: 'switch', doc: 'Print the signature as data: what the signature option of createApp takes.' },
  debug: { kind: 'switch', doc: 'Show stacks of start-up errors and how long each step of the start took.' },
} as const

/** How model files are read and run. */
export const MODEL_FILE_OPTIONS: Readonly<Record<'runtime' | 'modelThreads' | 'maxModelSize', OptionDefinition>> = {
  runtime: {
    kind: 'text',
    default: '',
    doc: 'What runs a model file: onnx, or a package for another format. Default: by the ending of the file.',
  },
  modelThreads: {
    kind: 'integer',
    default: 1,
    minimum: 1,
    maximum: 1024,
    doc: 'Threads that each process may use to run a model file. Processes share the processors.',
  },
  maxModelSize: {
    kind: 'size',
    default: 2 * 1024 ** 3,
    minimum: 1,
    doc: 'Maximum size of a model file, with the files that it refers to.',
  },
}

/** An option that belongs to the command line itself. */
export type CommandOptionName = keyof typeof COMMAND_OPTIONS | keyof typeof MODEL_FILE_OPTIONS

type Definition = Option['definition']

const DEFINITIONS: Readonly<Record<string, Definition>> = {
  ...COMMAND_OPTIONS,
  ...MODEL_FILE_OPTIONS,
  ...SERVER_OPTIONS,
  ...APP_OPTIONS,
}

/** One letter for what is written most, as everywhere. */
const SHORT: Readonly<Record<string, string>> = { port: 'p' }

/** Every option there is, by name. Flags and variables are derived from the name: there is no second list. */
export const OPTIONS: ReadonlyMap<string, Option> = new Map(
  Object.entries(DEFINITIONS).map(([name, definition]) => {
    // A flag that may be given more than once names one at a time.
    const spoken = definition.kind === 'list' ? definition.singular : name
    const short = SHORT[name]
    return [name, { name, ...optionForms(spoken), ...(short === undefined ? {} : { short }), definition }]
  }),
)

function optionForms(name: string): { flag: string; variable: string } {
  const words = toWords(name)
  return { flag: `--${words}`, variable: `INCANT_${words.replaceAll('-', '_').toUpperCase()}` }
}

/** `max-body-size` */
function toWords(name: string): string {
  return name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}

/** A definition as a flag that is no environment variable: of a list one at a time. */
export function toFlag(name: string, definition: Flag['definition']): Flag {
  const spoken = definition.kind === 'list' ? definition.singular : name
  return { name, flag: `--${toWords(spoken)}`, definition }
}

/** Whether an option is a switch, with no value after it. */
export function isSwitch(option: Flag): boolean {
  return option.definition.kind === 'switch' || option.definition.kind === 'boolean'
}
