import {
  APP_OPTIONS,
  type AppSettings,
  describeExpectation,
  type OptionTable,
  readOption,
  SERVER_OPTIONS,
  type ServerSettings,
} from 'incant/internal/options'
import { Problems, StartupError } from 'incant/internal/signature'
import { type CommandOptionName, MODEL_FILE_OPTIONS, OPTIONS } from './option.ts'
import type { FlagValues } from './parse.ts'
import { resolvePath } from './path.ts'
import { readSplits, type Splits } from './split.ts'

/** How a model file is read and run; absent: the default of the option. */
export interface ModelFileSettings {
  /** A runtime of ours, or a package. */
  readonly runtime?: string | undefined
  readonly modelThreads?: number | undefined
  /** Bytes. */
  readonly maxModelSize?: number | undefined
}

/** The result of flags and variables: the command's options, and the settings to pass on. */
export interface Settings {
  readonly config: string | undefined
  readonly className: string | undefined
  readonly modelPath: string | undefined
  /** Whether the bytes of the model's files are not compared with their list. */
  readonly trustModelFiles: boolean
  /** How model files are read and run. */
  readonly modelFile: ModelFileSettings
  /** Where to write the class of a model file. */
  readonly as: string | undefined
  readonly validate: boolean
  readonly watch: boolean
  readonly json: boolean
  readonly debug: boolean
  /** The file of `--settings`. */
  readonly settings: string | undefined
  /** By the name of a model, the share of each version. */
  readonly split: Splits
  readonly server: ServerSettings
  readonly app: AppSettings
}

/**
 * Joins flags and variables: the flag wins. Only what is given is in the result; defaults are the tables'.
 *
 * @throws {StartupError} `invalid_option`, naming every flag and variable with an invalid value.
 */
export function readSettings(flags: FlagValues, variables: ReadonlyMap<string, string>): Settings {
  const problems = new Problems()
  const source: Source = { flags, variables, problems }
  const settings: Settings = {
    config: readText(source, 'config'),
    className: readText(source, 'className'),
    modelPath: readText(source, 'modelPath'),
    trustModelFiles: readSwitch(source, 'trustModelFiles'),
    // Read with the definitions of this very table.
    modelFile: readTable(source, MODEL_FILE_OPTIONS) as ModelFileSettings,
    as: readText(source, 'as'),
    validate: readSwitch(source, 'validate'),
    watch: readSwitch(source, 'watch'),
    json: readSwitch(source, 'json'),
    debug: readSwitch(source, 'debug'),
    settings: readText(source, 'settings'),
    split: problems.try(() => readSplits(flags.get('split') ?? variables.get('split')?.split(/\s+/) ?? []), {}),
    // Each table's settings are read with its definitions.
    server: readTable(source, SERVER_OPTIONS) as ServerSettings,
    app: readTable(source, APP_OPTIONS) as AppSettings,
  }
  return problems.finish(() => settings)
}

interface Source {
  readonly flags: FlagValues
  readonly variables: ReadonlyMap<string, string>
  readonly problems: Problems
}

interface Given {
  readonly value: string
  /** The flag or the variable, for messages. */
  readonly origin: string
}

function findGiven({ flags, variables }: Source, name: string): Given | undefined {
  const option = OPTIONS.get(name)
  const flag = option?.definition.kind === 'list' ? flags.get(name)?.join(',') : flags.get(name)?.at(-1)
  if (flag !== undefined) return { value: flag, origin: option?.flag ?? name }
  const variable = variables.get(name)
  return variable === undefined ? undefined : { value: variable, origin: option?.variable ?? name }
}

function readTable(source: Source, table: OptionTable): Record<string, unknown> {
  const entries = Object.entries(table).flatMap(([name, definition]) => {
    const given = findGiven(source, name)
    if (given === undefined) return []
    const read = () => readOption(definition, given.value) ?? refuse(given, describeExpectation(definition))
    const value = source.problems.try(read, undefined)
    return [[name, definition.kind === 'path' ? resolvePath(given.value) : value]]
  })
  return Object.fromEntries(entries)
}

function readText(source: Source, name: CommandOptionName): string | undefined {
  const given = findGiven(source, name)
  const read = () => (given?.value === '' ? refuse(given, 'a non-empty string') : given?.value)
  return source.problems.try(read, undefined)
}

function readSwitch(source: Source, name: CommandOptionName): boolean {
  const given = findGiven(source, name)
  if (given === undefined) return false
  const read = () =>
    ({ true: true, '1': true, false: false, '0': false })[given.value] ?? refuse(given, 'true or false')
  return source.problems.try(read, false)
}

function refuse(given: Given, expectation: string): never {
  throw new StartupError({
    code: 'invalid_option',
    found: `${given.origin} is ${JSON.stringify(given.value)}`,
    instead: `Use ${expectation}.`,
  })
}
