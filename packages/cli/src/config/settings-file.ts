import { statSync } from 'node:fs'
import { dirname, extname, resolve } from 'node:path'
import { StartupError } from 'incant'
import {
  APP_OPTIONS,
  type AppSettings,
  describeExpectation,
  MODEL_OPTIONS,
  type ModelSettings,
  type OptionDefinition,
  readOption,
  SERVER_OPTIONS,
  type ServerSettings,
} from 'incant/internal/options'
import { MODEL_ID_RULE, type ModelName, Problems, parseModelId } from 'incant/internal/signature'
import type { Splits } from '../arguments/split.ts'
import type { Target } from '../arguments/target.ts'
import { suggest } from '../report/suggest.ts'
import { type ConfigFile, readConfigFile } from './config-file.ts'

/** The settings of one predictor, beside those of its server. */
export interface PredictorSettings {
  readonly className?: string
  /** The path of a file. */
  readonly config?: string
  readonly modelPath?: string
  /** Variables of its environment. */
  readonly env?: Readonly<Record<string, string>>
}

/** One model that a settings file names. */
export interface ModelEntry extends PredictorSettings {
  readonly target: Target & { readonly model: ModelName }
  readonly options: ModelSettings
}

/** The file that `--settings` names: settings of the server, and models with their settings. */
export interface SettingsFile extends PredictorSettings {
  readonly server: ServerSettings
  readonly app: AppSettings
  readonly split: Splits
  readonly models: readonly ModelEntry[]
}

const PREDICTOR_MEMBERS = ['className', 'config', 'modelPath', 'env'] as const
const TABLE: Readonly<Record<string, OptionDefinition>> = { ...APP_OPTIONS, ...SERVER_OPTIONS }
const SERVER_MEMBERS: readonly string[] = [...Object.keys(TABLE), ...PREDICTOR_MEMBERS, 'split', 'models']
const MODEL_MEMBERS: readonly string[] = ['file', 'versions', ...PREDICTOR_MEMBERS, ...MODEL_OPTIONS]

/**
 * Reads a settings file. Paths in it start at its own folder.
 *
 * @throws {StartupError} `file_not_found`, `invalid_config`, `unknown_option`, `invalid_option`: every mistake, with file,
 * line and column.
 */
export function readSettingsFile(path: string): SettingsFile {
  const reader = new Reader(readConfigFile(path, '--settings'), dirname(resolve(path)))
  return reader.problems.finish(() => readMembers(reader))
}

function readMembers(reader: Reader): SettingsFile {
  const members = reader.members([], SERVER_MEMBERS)
  return {
    // Each table's settings are read by its own definitions.
    server: reader.options(members, Object.keys(SERVER_OPTIONS)) as ServerSettings,
    app: reader.options(members, Object.keys(APP_OPTIONS)) as AppSettings,
    ...reader.predictor([], members),
    split: reader.splits(members['split']),
    models: reader.models(members['models']),
  }
}

type Members = Readonly<Record<string, unknown>>
type Path = readonly string[]

/** Reads values of one file, and refuses them with their places. */
class Reader {
  readonly problems = new Problems()
  readonly #file: ConfigFile
  readonly #folder: string

  constructor(file: ConfigFile, folder: string) {
    this.#file = file
    this.#folder = folder
  }

  /** The members of a mapping, which are among those that are known. */
  members(path: Path, known?: readonly string[], value: unknown = this.#file.value ?? {}): Members {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return this.#refuse(path, `${nameOf(path)} is no mapping`, 'Write NAME: VALUE, one a line.')
    }
    const members: Members = Object.fromEntries(Object.entries(value))
    const unknown = known === undefined ? [] : Object.keys(members).filter(name => !known.includes(name))
    for (const name of unknown) this.problems.try(() => this.#refuseMember([...path, name], known ?? []), undefined)
    return members
  }

  /** The settings among some members, each as its definition has it. */
  options(members: Members, names: readonly string[], path: Path = []): Readonly<Record<string, unknown>> {
    const given = names.filter(name => members[name] !== undefined)
    return Object.fromEntries(
      given.map(name => [name, this.problems.try(() => this.#option([...path, name], members[name]), undefined)]),
    )
  }

  predictor(path: Path, members: Members): PredictorSettings {
    const text = (name: 'className' | 'config' | 'modelPath', read: (text: string) => string = same) =>
      members[name] === undefined ? {} : { [name]: read(this.#text([...path, name], members[name])) }
    const toPath = (given: string) => resolve(this.#folder, given)
    const env = members['env'] === undefined ? {} : { env: this.#env([...path, 'env'], members['env']) }
    return { ...text('className'), ...text('config', toPath), ...text('modelPath', toPath), ...env }
  }

  splits(value: unknown): Splits {
    if (value === undefined) return {}
    const names = Object.keys(this.members(['split'], undefined, value))
    return Object.fromEntries(
      names.map(name => [name, this.#shares(['split', name], Reflect.get(Object(value), name))]),
    )
  }

  models(value: unknown): readonly ModelEntry[] {
    if (value === undefined) return []
    return Object.entries(this.members(['models'], undefined, value)).flatMap(([id, given]) =>
      this.problems.try(() => [this.#model(id, given)], []),
    )
  }

  #model(id: string, given: unknown): ModelEntry {
    const path = ['models', id]
    const model = parseModelId(id)
    if (model === undefined) return this.#refuse(path, `"${id}" is not the name of a model`, `Use ${MODEL_ID_RULE}.`)
    const members = typeof given === 'string' ? { file: given } : this.members(path, MODEL_MEMBERS, given)
    const options = this.options(members, MODEL_OPTIONS, path)
    const target = { file: this.#source(path, members), model, ...this.#versions(path, members) }
    return { target, options, ...this.predictor(path, members) }
  }

  /** Versions of the store: one, or a list. */
  #versions(path: Path, { versions }: Members): Pick<Target, 'wanted'> {
    if (versions === undefined) return {}
    const given: readonly unknown[] = Array.isArray(versions) ? versions : [versions]
    const wanted = given.map(one => {
      const id = parseModelId(this.#text([...path, 'versions'], one))
      return (
        id ??
        this.#refuse([...path, 'versions'], `${describeGiven(one)} is not the name of a model`, `Use ${MODEL_ID_RULE}.`)
      )
    })
    return { wanted }
  }

  #source(path: Path, { file }: Members): string {
    if (file === undefined) return this.#refuse(path, `${nameOf(path)} names no file`, 'Add file: predictor.ts.')
    const given = this.#text([...path, 'file'], file)
    const source = resolve(this.#folder, given)
    // What is no code is a model file, which is judged when it is read.
    if (extname(source) !== '' && statSync(source, { throwIfNoEntry: false })?.isFile() === true) return source
    return this.#refuse(
      [...path, 'file'],
      `there is no predictor file ${given}`,
      'Name a .ts or .js file, or a model file, from the folder of the settings file.',
    )
  }

  #option(path: Path, given: unknown): unknown {
    const definition = TABLE[path.at(-1) ?? '']
    const value = definition && readOption(definition, given)
    if (definition === undefined || value === undefined) {
      const expectation = definition === undefined ? 'another value' : describeExpectation(definition)
      return this.#refuse(path, `${nameOf(path)} is ${describeGiven(given)}`, `Use ${expectation}.`)
    }
    return definition.kind === 'path' ? resolve(this.#folder, String(value)) : value
  }

  #text(path: Path, given: unknown): string {
    if (typeof given === 'string' && given !== '') return given
    return this.#refuse(path, `${nameOf(path)} is ${describeGiven(given)}`, 'Use a non-empty string.')
  }

  #env(path: Path, given: unknown): Readonly<Record<string, string>> {
    const variables = Object.entries(this.members(path, undefined, given))
    return Object.fromEntries(variables.map(([name, value]) => [name, this.#variable([...path, name], value)]))
  }

  /** Values of an environment are text, which numbers and switches are written as. Messages never hold one. */
  #variable(path: Path, value: unknown): string {
    const name = path.at(-1) ?? ''
    if (!/^[A-Za-z_]\w*$/.test(name) || name.startsWith('INCANT_')) {
      return this.#refuse(path, `env cannot set ${name}`, 'Write settings beside env, and variables as NAME: VALUE.')
    }
    if (['string', 'number', 'boolean'].includes(typeof value)) return String(value)
    return this.#refuse(path, `${nameOf(path)} is no text`, 'Write NAME: VALUE.')
  }

  #shares(path: Path, given: unknown): Readonly<Record<string, number>> {
    const shares = Object.entries(this.members(path, undefined, given))
    return Object.fromEntries(
      shares.map(([version, share]) => {
        const isShare = typeof share === 'number' && share >= 0
        return [version, isShare ? share : this.#refuse([...path, version], 'a share is no number', 'Write v1: 90.')]
      }),
    )
  }

  #refuseMember(path: Path, known: readonly string[]): never {
    const name = path.at(-1) ?? ''
    const camel = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
    const nearest = known.includes(camel) ? camel : suggest(name, known)
    const shared = path.length > 1 && SERVER_MEMBERS.includes(name)
    const advice = shared
      ? 'It is a setting of the server: write it at the top of the file.'
      : nearest === undefined
        ? `Use one of ${known.join(', ')}.`
        : `Did you mean ${nearest}?`
    throw new StartupError({
      code: 'unknown_option',
      found: shared ? `${name} is no setting of one model` : `there is no setting ${name}`,
      instead: advice,
      location: this.#file.locate(path),
    })
  }

  #refuse(path: Path, found: string, instead: string): never {
    throw new StartupError({ code: 'invalid_option', found, instead, location: this.#file.locate(path) })
  }
}

function nameOf(path: Path): string {
  return path.length === 0 ? 'the file' : path.join('.')
}

function describeGiven(given: unknown): string {
  if (typeof given === 'string') return JSON.stringify(given)
  return typeof given === 'number' || typeof given === 'boolean' ? String(given) : 'no single value'
}

function same(text: string): string {
  return text
}
