import { type PredictorClass, type PredictSignature, StartupError } from 'incant'
import { attachSignature, bothOrProblems } from 'incant/internal/signature'
import { resolvePath } from '../arguments/path.ts'
import type { ModelFileSettings, Settings } from '../arguments/settings.ts'
import { checkConfig } from '../config/check-config.ts'
import type { ConfigFile } from '../config/config-file.ts'
import { isSourceFile } from '../files/file-kind.ts'
import { loadModelFile } from '../model-file/load-model.ts'
import type { Stopwatch } from '../report/stopwatch.ts'
import { describeWarning } from '../report/warning.ts'
import type { SignatureReading } from '../signature/read-signatures.ts'
import { choosePredictor, hasPredictor, type ModuleExports } from './choose-predictor.ts'
import { readTypes } from './read-types.ts'
import { watchLoading } from './watch-loading.ts'

/** A predictor's class, and what its types say. */
export interface LoadedPredictor {
  readonly predictor: PredictorClass
  /** The name the class is exported under. */
  readonly exportName: string | undefined
  /** Absent where no types could be read: decorators then say what predict takes. */
  readonly signature: PredictSignature | undefined
  readonly warnings: readonly string[]
}

/** A predictor and everything that a server of it needs, checked. */
export interface Prepared extends LoadedPredictor {
  /** The content of `--config`. */
  readonly config: unknown
}

/** How to prepare. */
export interface PrepareOptions {
  readonly stopwatch: Stopwatch
  /** Whether the file was loaded before, and may have changed. */
  readonly afresh?: boolean
  /** How a model file is read. */
  readonly modelFile?: ModelFileSettings | undefined
  /** Whether a model file is only described, so that its runtime need not be installed. */
  readonly describeOnly?: boolean
  /** Where to say that loading takes long. Default: standard error. */
  readonly warn?: ((message: string) => void) | undefined
}

/**
 * Reads the types of a predictor and loads it, and checks its configuration.
 *
 * @throws {StartupError} If the predictor cannot be served.
 */
export async function preparePredictor(file: string, settings: Settings, options: PrepareOptions): Promise<Prepared> {
  const [config, loaded] = await bothOrProblems(
    readConfig(settings.config),
    loadClass(file, settings.className, { ...options, modelFile: settings.modelFile }),
  )
  const warnings = [...loaded.warnings, ...checkConfig(loaded.signature, config)]
  return { ...loaded, config: config?.value, warnings }
}

/**
 * Reads the types of a predictor and loads it, both at once, or reads a model file. A mistake that the types show is reported before what
 * loading says of it: they know the place better.
 *
 * @throws {StartupError} If it cannot be read or loaded.
 */
export async function loadClass(
  file: string,
  className: string | undefined,
  { stopwatch, afresh = false, warn, modelFile = {}, describeOnly = false }: PrepareOptions,
): Promise<LoadedPredictor> {
  if (!isSourceFile(file)) {
    const load = () => loadModelFile({ file, settings: modelFile }, describeOnly)
    return { ...(await stopwatch.time('reading the model file', load)), exportName: 'default', warnings: [] }
  }
  const [reading, loading] = await Promise.allSettled([
    stopwatch.time('reading the types', () => readTypes({ file, className })),
    stopwatch.time('loading the file', () => watchLoading(file, () => load(file, afresh), { warn })),
  ])
  const { signatures, warnings } = chooseReading(reading, loading, className)
  const exports = settledValue(loading)
  const [signature] = signatures
  const predictor = choosePredictor(exports, { file, signature, className })
  if (signature !== undefined) attachSignature(predictor, signature)
  return { predictor, exportName: nameOf(predictor, exports), signature, warnings: warnings.map(describeWarning) }
}

function nameOf(predictor: PredictorClass, exports: ModuleExports): string | undefined {
  return [...exports].find(([, value]) => value === predictor)?.[0]
}

/** The parser of YAML is loaded on demand. */
async function readConfig(path: string | undefined): Promise<ConfigFile | undefined> {
  if (path === undefined) return undefined
  const { readConfigFile } = await import('../config/config-file.ts')
  return readConfigFile(resolvePath(path))
}

/** TypeScript's loader is imported when it is needed: the thread that reads types is then under way. */
async function load(file: string, afresh: boolean): Promise<ModuleExports> {
  const { loadModule, loadModuleAfresh } = await import('./load-module.ts')
  return afresh ? loadModuleAfresh(file) : loadModule(file)
}

/**
 * Types that do not show a predictor where the loaded file has one are those of bundled code, which carries a copy of
 * `incant`: its decorators say what predict takes.
 */
function chooseReading(
  reading: PromiseSettledResult<SignatureReading>,
  loading: PromiseSettledResult<ModuleExports>,
  className: string | undefined,
): Pick<SignatureReading, 'signatures' | 'warnings'> {
  const isHidden =
    reading.status === 'rejected' && StartupError.is(reading.reason) && reading.reason.code === 'no_predictor'
  if (isHidden && loading.status === 'fulfilled' && hasPredictor(loading.value, className))
    return { signatures: [], warnings: [] }
  return settledValue(reading)
}

function settledValue<Value>(result: PromiseSettledResult<Value>): Value {
  if (result.status === 'rejected') throw result.reason
  return result.value
}
