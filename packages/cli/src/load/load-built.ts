import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import type { PredictSignature } from 'incant'
import { attachSignature } from 'incant/internal/signature'
import type { Stopwatch } from '../report/stopwatch.ts'
import { choosePredictor, type ModuleExports } from './choose-predictor.ts'
import { readExports } from './exports.ts'
import { toLoadError } from './load-error.ts'
import { type LoadedPredictor, nameOf } from './loaded-predictor.ts'
import { watchLoading } from './watch-loading.ts'

/** How to load a file that was built. */
export interface LoadBuiltOptions {
  readonly stopwatch: Stopwatch
  readonly className: string | undefined
  /** The file with its signature: JSON, or `null` where decorators say what predict takes. */
  readonly signatureFile: string
  /** Whether the file was loaded before, and may have changed. */
  readonly afresh?: boolean
  /** Where to say that loading takes long. Default: standard error. */
  readonly warn?: ((message: string) => void) | undefined
}

/**
 * Loads a predictor that `incant build` has built: JavaScript, with its signature as data.
 *
 * @throws {StartupError} `import_failed`, `no_predictor`.
 */
export async function loadBuilt(
  file: string,
  { stopwatch, className, signatureFile, afresh = false, warn }: LoadBuiltOptions,
): Promise<LoadedPredictor> {
  const load = () => watchLoading(file, () => importBuilt(file, afresh), { warn })
  const [exports, signature] = await Promise.all([
    stopwatch.time('loading the file', load),
    readSignature(signatureFile),
  ])
  const predictor = choosePredictor(exports, { file, signature, className })
  if (signature !== undefined) attachSignature(predictor, signature)
  return { predictor, exportName: nameOf(predictor, exports), signature, warnings: [] }
}

let generations = 0

/**
 * Imports JavaScript that Node can load by itself, and gives its exports by name.
 *
 * @param afresh - Whether to import it again: Node never imports the same URL twice.
 * @throws {StartupError} `import_failed`.
 */
export async function importBuilt(file: string, afresh = false): Promise<ModuleExports> {
  const url = pathToFileURL(file)
  if (afresh) {
    generations += 1
    url.searchParams.set('incant-generation', String(generations))
  }
  try {
    return readExports(await import(url.href))
  } catch (thrown) {
    throw toLoadError(file, thrown)
  }
}

async function readSignature(path: string): Promise<PredictSignature | undefined> {
  // Written by incant build, and checked by its digest.
  return JSON.parse(await readFile(path, 'utf8')) ?? undefined
}
