import { isSourceFile } from '../files/file-kind.ts'
import type { ModelFile } from './module.ts'

/**
 * Opens a model file and runs it on inputs of its own, for `--validate`: whether the runtime has every operator is known no sooner.
 * Of a file of code nothing is run.
 *
 * @throws {StartupError} `invalid_model_file`; what the runtime throws.
 */
export async function tryModel({ file, settings }: ModelFile): Promise<void> {
  if (isSourceFile(file)) return
  const { openModel } = await import('incant/runtimes')
  const { runtime, modelThreads, maxModelSize } = settings
  const model = await openModel(file, { runtime: runtime || undefined, threads: modelThreads, maxSize: maxModelSize })
  try {
    await model.warmUp()
  } finally {
    await model.close()
  }
}
