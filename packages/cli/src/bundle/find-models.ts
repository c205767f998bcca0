import { join } from 'node:path'
import type { ModelInfo } from 'incant'
import { StartupError } from 'incant/internal/signature'
import { folderOfModel } from '../arguments/model-path.ts'
import { checkFiles, findManifest } from '../models/store/check-files.ts'
import type { BundledModel, BundleManifest } from './manifest.ts'

/**
 * The models of a bundle, as the predictor is told of them. They must be those that it was built with: files may be mounted, and a mount
 * may be empty.
 *
 * @param root - The folder of the bundle.
 * @param isTrusted - Whether only sizes are compared with the lists of files.
 * @throws {StartupError} `invalid_bundle`, `invalid_model`, `model_damaged`.
 */
export async function findModels(
  root: string,
  { models }: BundleManifest,
  isTrusted: boolean,
): Promise<Partial<ModelInfo> | undefined> {
  const found: Partial<ModelInfo>[] = []
  for (const model of models) found.push(await findModel(root, model, isTrusted))
  const [first, ...others] = found
  if (first === undefined || others.length === 0) return first
  // Each of several has a name.
  return { ...first, others: Object.fromEntries((others as ModelInfo[]).map(info => [info.name, info])) }
}

async function findModel(
  root: string,
  { name, version, path, digest }: BundledModel,
  isTrusted: boolean,
): Promise<Partial<ModelInfo>> {
  const folder = folderOfModel(join(root, path))
  const list = await findManifest(folder)
  if (list?.digest !== digest) throw refuse(folder, list?.digest, digest)
  await checkFiles(folder, list, { digests: !isTrusted })
  return { ...(name && { name }), ...(version && { version }), path: folder, digest }
}

function refuse(folder: string, found: string | undefined, digest: string): StartupError {
  return new StartupError({
    code: 'invalid_bundle',
    found: `${folder} has ${found === undefined ? 'no model: there is no incant.model.json' : `the model ${found}`}`,
    instead: `The bundle was built with ${digest}: mount its files there, or name another folder with --model-path.`,
  })
}
