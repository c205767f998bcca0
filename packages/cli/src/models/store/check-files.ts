import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StartupError } from 'incant/internal/signature'
import { MANIFEST } from '../../files/model-manifest.ts'
import { readText, sizeOf } from './disk.ts'
import { hashFile } from './hash-file.ts'
import { type ModelFile, type ModelManifest, readManifest } from './manifest.ts'

/** How thoroughly files are checked. */
export interface CheckOptions {
  /** Whether every byte is read. Else only sizes are compared. */
  readonly digests: boolean
  readonly onBytes?: ((bytes: number) => void) | undefined
}

/**
 * The manifest in a folder, if it has one.
 *
 * @throws {StartupError} `invalid_model`
 */
export async function findManifest(folder: string): Promise<ModelManifest | undefined> {
  const path = join(folder, MANIFEST)
  if ((await readText(path)) === undefined) return undefined
  return readManifest(await readFile(path), path)
}

/**
 * Compares the files of a folder with a manifest. Files that it does not list are none of the model's.
 *
 * @throws {StartupError} `model_damaged`, with the first file that is not as it was.
 */
export async function checkFiles(
  folder: string,
  { files }: Pick<ModelManifest, 'files'>,
  options: CheckOptions,
): Promise<void> {
  for (const file of files) {
    const fault = await findFault(join(folder, file.path), file, options)
    if (fault !== undefined) throw refuse(folder, file, fault)
  }
}

/** What is wrong with a file, in words that follow its name. */
export async function findFault(
  path: string,
  { size, digest }: Pick<ModelFile, 'size' | 'digest'>,
  { digests, onBytes }: CheckOptions,
): Promise<string | undefined> {
  const found = await sizeOf(path)
  if (found === undefined) return 'is missing'
  if (found !== size) return `has ${found} bytes, and had ${size} when the version was created`
  if (!digests || (await hashFile(path, onBytes)).digest === digest) return undefined
  return 'has other bytes than when the version was created'
}

function refuse(folder: string, { path }: ModelFile, fault: string): StartupError {
  return new StartupError({
    code: 'model_damaged',
    found: `${path} in ${folder} ${fault}`,
    instead: 'Copy the files anew. For a version of the store: incant model verify says what is damaged.',
  })
}
