import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { MANIFEST } from '../files/model-manifest.ts'
import { findManifest } from '../models/store/check-files.ts'
import { hashFile } from '../models/store/hash-file.ts'
import { type ModelFile, makeManifest } from '../models/store/manifest.ts'
import type { BuildOptions, ModelSource } from './build-work.ts'
import { listFiles } from './files.ts'
import { type BundledModel, MODEL } from './manifest.ts'

/**
 * Copies the files of models into a bundle, each with the list of them, `incant.model.json`, by which a server sees at each start
 * that all are there. With `mountModels` the copies are only looked at.
 *
 * @throws {StartupError} `invalid_model`
 */
export async function writeModels(
  bundle: string,
  { models, mountModels }: Pick<BuildOptions, 'models' | 'mountModels'>,
): Promise<readonly BundledModel[]> {
  const written: BundledModel[] = []
  for (const { name, version, folder } of models) {
    const path = models.length === 1 ? MODEL : `${MODEL}/${name}`
    copyFiles(folder, join(bundle, path))
    written.push({ ...named({ name, version }), path, digest: await listModelFiles(join(bundle, path)) })
  }
  if (mountModels) rmSync(join(bundle, MODEL), { recursive: true, force: true })
  return written
}

function named({ name, version }: Pick<ModelSource, 'name' | 'version'>): Pick<BundledModel, 'name' | 'version'> {
  return { ...(name === undefined ? {} : { name }), ...(version === undefined ? {} : { version }) }
}

function copyFiles(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  const isWanted = (path: string): boolean => !['node_modules', '.git'].includes(basename(path))
  cpSync(from, to, { recursive: true, dereference: true, filter: isWanted })
}

/** The digest of the list, which is written where there is none: what the model is. */
async function listModelFiles(folder: string): Promise<string> {
  const known = await findManifest(folder)
  if (known !== undefined) return known.digest
  const files: ModelFile[] = []
  for (const path of listFiles(folder)) files.push({ path, ...(await hashFile(join(folder, path))) })
  const manifest = makeManifest(files)
  writeFileSync(join(folder, MANIFEST), manifest.bytes)
  return manifest.digest
}
