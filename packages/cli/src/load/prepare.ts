import { bothOrProblems } from 'incant/internal/signature'
import { resolvePath } from '../arguments/path.ts'
import type { ModelFileSettings, Settings } from '../arguments/settings.ts'
import { checkConfig } from '../config/check-config.ts'
import type { ConfigFile } from '../config/config-file.ts'
import { isSourceFile } from '../files/file-kind.ts'
import { loadModelFile } from '../model-file/load-model.ts'
import type { Stopwatch } from '../report/stopwatch.ts'
import { loadBuilt } from './load-built.ts'
import type { LoadedPredictor } from './loaded-predictor.ts'

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
  /** The file with the signature of a file that was built: then no types are read. */
  readonly signatureFile?: string | undefined
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
  { modelFile = {}, describeOnly = false, signatureFile, ...options }: PrepareOptions,
): Promise<LoadedPredictor> {
  if (!isSourceFile(file)) {
    const load = () => loadModelFile({ file, settings: modelFile }, describeOnly)
    return { ...(await options.stopwatch.time('reading the model file', load)), exportName: 'default', warnings: [] }
  }
  if (signatureFile !== undefined) return loadBuilt(file, { ...options, className, signatureFile })
  // Only now: what was built is served without the code that reads source.
  const { loadSource } = await import('./load-source.ts')
  return loadSource(file, { ...options, className })
}

/** The parser of YAML is loaded on demand. */
async function readConfig(path: string | undefined): Promise<ConfigFile | undefined> {
  if (path === undefined) return undefined
  const { readConfigFile } = await import('../config/config-file.ts')
  return readConfigFile(resolvePath(path))
}
