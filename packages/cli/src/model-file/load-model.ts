import type { PredictorClass, PredictSignature } from 'incant'
import { attachedSignature, attachSignature, StartupError } from 'incant/internal/signature'
import { displayPath } from '../files/display-path.ts'
import type { ModelFile } from './module.ts'

/** A model file as a class, and what the file declares. */
export interface LoadedModelFile {
  readonly predictor: PredictorClass
  readonly signature: PredictSignature
}

/**
 * Makes a predictor class of a model file, of which nothing is run.
 *
 * @param describeOnly - Whether the runtime need not be installed.
 * @throws {StartupError} `invalid_model_file`, `runtime_missing`.
 */
export async function loadModelFile({ file, settings }: ModelFile, describeOnly = false): Promise<LoadedModelFile> {
  // Loaded by those who have a model file.
  const { modelPredictor } = await import('incant/runtimes')
  const { runtime, modelThreads, maxModelSize } = settings
  const options = { runtime: runtime || undefined, threads: modelThreads, maxSize: maxModelSize, describeOnly }
  const predictor = await modelPredictor(file, options)
  const read = attachedSignature(predictor)
  if (read === undefined) throw new StartupError({ code: 'invalid_signature', found: `${file} has no signature` })
  const signature = { ...read, location: { file: displayPath(file) } }
  attachSignature(predictor, signature)
  return { predictor, signature }
}
