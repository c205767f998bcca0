import { existsSync, statSync } from 'node:fs'
import type { ModelInfo } from 'incant'
import { MODEL_ID_RULE, type ModelName, parseModelId, StartupError } from 'incant/internal/signature'
import { isKnownModelFile, isSourceFile } from '../files/file-kind.ts'
import type { Command } from './command-definition.ts'
import { resolvePath } from './path.ts'

/** The target of the arguments: a file, and the model that it serves. */
export interface Target {
  /** Absolute. */
  readonly file: string
  readonly model: ModelName | undefined
  /** The versions that are named before the file, whose files the predictor gets. The first one is `model`. */
  readonly wanted?: readonly ModelName[]
  /** The files that were found for it, and what they are. */
  readonly modelInfo?: Partial<ModelInfo>
  /** The file with its signature, where `incant build` has built it. Absent: its types are read. */
  readonly signatureFile?: string | undefined
}

/** The facts that decide which files can be served. */
export interface TargetOptions {
  /** The value of `--runtime`: it runs files of endings that are not known here. */
  readonly runtime?: string | undefined
}

/**
 * Reads `FILE`, or `MODEL[:VERSION] ... FILE`.
 *
 * @throws {StartupError} `missing_argument`, `invalid_option`, `file_not_found`.
 */
export function readTarget(command: Command, positionals: readonly string[], options: TargetOptions = {}): Target {
  const file = positionals.at(-1)
  if (file === undefined) return refuseMissing(command, 'no predictor file was given')
  const named = positionals.slice(0, -1)
  if (named.length > mostModels(command)) return refuseExtra(command, positionals)
  if (named.length === 0 && isVersioned(file) && !isFile(file, options))
    return refuseMissing(command, `"${file}" names a model, but no predictor file follows it`)
  const wanted = named.map(given => readModel(command, given, file))
  return { file: readFile(command, file, options), model: wanted[0], ...(wanted.length === 0 ? {} : { wanted }) }
}

/** Only a predictor that is run gets files of several models. */
function mostModels({ name }: Command): number {
  if (name === 'inspect') return 0
  return STARTS.has(name) ? Number.POSITIVE_INFINITY : 1
}

/** Commands that run a predictor with versions of the store. */
const STARTS: ReadonlySet<string> = new Set(['serve', 'mcp'])

/**
 * Every predictor that the arguments name, each as `FILE`, `NAME=FILE`, `NAME:VERSION=FILE` or `NAME[:VERSION] ... FILE`.
 *
 * @throws {StartupError} As {@link readTarget}.
 */
export function readTargets(
  command: Command,
  positionals: readonly string[],
  options: TargetOptions = {},
): readonly Target[] {
  const [first, second, ...rest] = positionals
  if (first === undefined || positionals.length === 1) return [readOne(command, positionals, options)]
  // The order is wrong, and is said to be.
  if (rest.length === 0 && isFile(first, options) && isVersioned(second ?? ''))
    return [readTarget(command, positionals, options)]
  const end = positionals.findIndex(word => isFile(word, options) || NAMED.test(word))
  const taken = end === -1 ? positionals.length : end + 1
  const others = positionals.slice(taken)
  const target = readOne(command, positionals.slice(0, taken), options)
  return others.length === 0 ? [target] : [target, ...readTargets(command, others, options)]
}

const NAMED = /^([^=/\\]+)=(.+)$/

function readOne(command: Command, positionals: readonly string[], options: TargetOptions): Target {
  const [, id, file] = NAMED.exec(positionals[0] ?? '') ?? []
  if (id === undefined || file === undefined || existsSync(positionals[0] ?? ''))
    return readTarget(command, positionals, options)
  const model = parseModelId(id)
  if (model !== undefined) return { file: readFile(command, file, options), model }
  throw new StartupError({
    code: 'invalid_option',
    found: `"${id}" is not the name of a model`,
    instead: `Write NAME=FILE or NAME:VERSION=FILE, with ${MODEL_ID_RULE}.`,
  })
}

function isFile(given: string, options: TargetOptions): boolean {
  return isServable(given, options) && !NAMED.test(given)
}

/** Whether a file of this name is code, or a model with a runtime. */
function isServable(file: string, { runtime = '' }: TargetOptions): boolean {
  return isSourceFile(file) || isKnownModelFile(file) || (runtime !== '' && existsSync(resolvePath(file)))
}

function isVersioned(given: string): boolean {
  return parseModelId(given)?.version !== undefined
}

function readModel(command: Command, given: string, file: string): ModelName {
  const model = parseModelId(given)
  const isKnown = STARTS.has(command.name) && !isSourceFile(given) && !isKnownModelFile(given)
  if (model !== undefined && (isKnown || model.version !== undefined)) return model
  throw new StartupError({
    code: 'invalid_option',
    found: `"${given}" is not MODEL:VERSION`,
    instead: modelAdvice(given, file),
  })
}

function modelAdvice(given: string, file: string): string {
  if (isSourceFile(given) || isKnownModelFile(given))
    return `The model comes first: incant serve ${isVersioned(file) ? file : 'somemodel:v1'} ${given}`
  if (parseModelId(given) !== undefined) return `Say which version, such as ${given}:v1.`
  return 'Write a name and a version of at most 128 letters, digits, ".", "_" and "-" each, such as somemodel:v1.'
}

function readFile(command: Command, given: string, options: TargetOptions): string {
  const file = resolvePath(given)
  const found = statSync(file, { throwIfNoEntry: false })
  if (found?.isFile() && isServable(file, options)) return file
  throw new StartupError({ code: 'file_not_found', ...describeFile(command, given, found) })
}

function describeFile(
  command: Command,
  given: string,
  found: ReturnType<typeof statSync>,
): { found: string; instead: string } {
  if (found === undefined) {
    return {
      found: `there is no file ${given}`,
      instead: `Check the path: incant ${command.name} ${command.usage}`,
    }
  }
  if (found.isDirectory())
    return {
      found: `${given} is a folder`,
      instead: `Name the file in it: incant ${command.name} ${given.replace(/\/+$/, '')}/predictor.ts`,
    }
  return {
    found: `${given} is neither a JavaScript or TypeScript file nor a model file`,
    instead:
      'A predictor file ends in .ts, .mts, .cts, .js, .mjs or .cjs, and a model file in .onnx; --runtime names what runs others.',
  }
}

function refuseMissing(command: Command, found: string): never {
  throw new StartupError({ code: 'missing_argument', found, instead: `Write: incant ${command.name} ${command.usage}` })
}

function refuseExtra(command: Command, positionals: readonly string[]): never {
  throw new StartupError({
    code: 'invalid_option',
    found: `incant ${command.name} takes ${command.usage}, and ${positionals.length} arguments were given: ${positionals.join(' ')}`,
    instead: 'Name one predictor file; options start with two dashes.',
  })
}
