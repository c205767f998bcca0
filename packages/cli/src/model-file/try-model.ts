import { isSourceFile } from '../files/file-kind.ts'
import type { ModelFile } from './module.ts'

/**
 * Opens a model file and runs it on generated inputs, for `--validate`: only then is it known whether the runtime supports every operator.
 * Nothing is run from a source file.
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
