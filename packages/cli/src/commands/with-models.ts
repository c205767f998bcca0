import type { ModelInfo } from 'incant'
import { StartupError } from 'incant/internal/signature'
import { BUILD_COMMAND } from '../arguments/build-command.ts'
import { resolvePath } from '../arguments/path.ts'
import type { ModelSource } from '../bundle/build-work.ts'
import { isKnownModelFile, isSourceFile } from '../files/file-kind.ts'
import { FileFinder } from '../models/find-files.ts'
import { userStore } from '../models/store/layout.ts'
import { readModelId } from '../models/store/reference.ts'

/** What `incant build` is given: a file, and models on either side of it. */
export interface BuildWords {
  readonly file: string
  /** `NAME`, `NAME:VERSION` or `NAME:TAG` */
  readonly models: readonly string[]
}

/**
 * Tells the predictor from the models.
 *
 * @throws {StartupError} `missing_argument`
 */
export function splitWords(words: readonly string[]): BuildWords {
  const index = words.findIndex(word => isSourceFile(word) || isKnownModelFile(word))
  const file = words[index] ?? (words.length === 1 ? words[0] : undefined)
  if (file !== undefined) return { file, models: words.filter(word => word !== file) }
  throw new StartupError({
    code: 'missing_argument',
    found: words.length === 0 ? 'no predictor file was given' : `none of ${words.join(', ')} is a predictor file`,
    instead: `Write: incant build ${BUILD_COMMAND.usage}`,
  })
}

/**
 * Does something with the files of models, which are verified first: versions of the store, or the folder of `--model-path`, which a
 * name may be given to.
 *
 * @throws {StartupError} `invalid_option`, `model_not_found`, `model_damaged`, `invalid_model`.
 */
export async function withModels<Result>(
  names: readonly string[],
  path: string | undefined,
  run: (models: readonly ModelSource[]) => Promise<Result>,
): Promise<Result> {
  const finder = new FileFinder(userStore())
  try {
    return await run(toSources(await finder.find({ versions: names.map(readModelId), path, isTrusted: false })))
  } finally {
    await finder.end()
  }
}

function toSources(found: Partial<ModelInfo> | undefined): readonly ModelSource[] {
  if (found?.path === undefined) return []
  const { name, version, path, others = {} } = found
  const rest = Object.values(others).map(other => ({ name: other.name, version: other.version, folder: other.path }))
  return [{ name, version, folder: resolvePath(path) }, ...rest]
}
