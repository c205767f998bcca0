import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { PredictorClass, PredictSignature } from 'incant'
import { StartupError } from 'incant/internal/signature'
import { displayPath } from '../files/display-path.ts'
import { toPath } from '../files/to-path.ts'
import { Stopwatch } from '../report/stopwatch.ts'
import { loadClass } from './prepare.ts'
import { REPLICA } from './replica-main.ts'

/** Options of {@link loadPredictor}. */
export interface LoadPredictorOptions {
  /** The class to load where the file exports several. */
  readonly className?: string | undefined
}

/** A predictor file that was loaded, and its types that were read. */
export interface LoadedPredictor {
  /** The class, with its types noted on it: `createApp`, `serve` and `testPredictor` find them there. */
  readonly predictor: PredictorClass
  /** The types. Absent where the file is bundled code: its decorators then say what predict takes. */
  readonly signature: PredictSignature | undefined
  /** The `source` option of `serve`: where processes that run the predictor find it. */
  readonly source: { readonly module: string; readonly exportName: string | undefined; readonly main: URL }
  /** Remarks on the types that stop nothing, each with its place. */
  readonly warnings: readonly string[]
}

/**
 * Loads a predictor file in a program of one's own, TypeScript or JavaScript, as `incant serve` does, and reads its types.
 *
 * @param file - A path, from the current folder, or a URL: `import.meta.resolve('./predictor.ts')`.
 * @throws {StartupError} Where the file cannot be served as it is written; as `incant serve`.
 * @example
 * ```ts
 * const { predictor } = await loadPredictor(import.meta.resolve('./predictor.ts'))
 * const app = createApp(predictor)
 * ```
 */
export async function loadPredictor(
  file: string | URL,
  { className }: LoadPredictorOptions = {},
): Promise<LoadedPredictor> {
  const module = resolve(toPath(String(file)))
  if (statSync(module, { throwIfNoEntry: false })?.isFile() !== true) throw fileNotFound(file, module)
  const { exportName, ...loaded } = await loadClass(module, className, { stopwatch: new Stopwatch() })
  return { ...loaded, source: { module, exportName, main: REPLICA } }
}

function fileNotFound(given: string | URL, path: string): StartupError {
  return new StartupError({
    code: 'file_not_found',
    found: `the predictor file does not exist: ${displayPath(path)}`,
    instead: String(given).startsWith('.')
      ? `A path starts at the current folder, ${process.cwd()}. From the file that names it: import.meta.resolve('${given}').`
      : 'Use the path of a file with a class that extends BasePredictor.',
  })
}
