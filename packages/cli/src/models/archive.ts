import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { formatModelId, StartupError } from 'incant/internal/signature'
import { resolvePath } from '../arguments/path.ts'
import { showBytes } from '../terminal/quantity.ts'
import { type ModelCall, readArguments } from './call.ts'
import { chooseName, keepVersion, printCreation } from './keep-version.ts'
import { exportArchive, exportFolder, openArchive } from './remotes/archive.ts'
import { readLabels } from './remotes/labels.ts'
import { unpackImage } from './remotes/unpack-image.ts'
import { addFile } from './store/blobs.ts'
import { resolveVersion } from './store/catalog.ts'
import { checkFiles, findManifest } from './store/check-files.ts'
import type { Creation } from './store/create-version.ts'
import { type Work, withWork } from './store/leases.ts'
import { readModelId } from './store/reference.ts'

/** `incant model export`. */
export async function exportVersion(call: ModelCall): Promise<number> {
  const [given = '', to = ''] = readArguments(call, { least: 2 })
  const version = await resolveVersion(call.layout, readModelId(given))
  const path = resolvePath(to)
  // Nothing of it is taken away meanwhile.
  await withWork(call.layout, () =>
    extname(path) === '.tar' ? exportArchive(call.layout, version, path) : exportFolder(call.layout, version, path),
  )
  call.report(`wrote ${formatModelId(version)} to ${to}: ${showBytes(version.size)}, ${version.digest}`)
  return 0
}

/** `incant model import`. */
export async function importVersion(call: ModelCall): Promise<number> {
  const [from = '', name] = readArguments(call, { least: 1, most: 2 })
  const path = resolvePath(from)
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw missing(from)
  const read = found.isDirectory() ? importFolder : importArchive
  return printCreation(call, await withWork(call.layout, work => read(call, { path, name }, work)))
}

interface Import {
  readonly path: string
  /** The name that is given to the version. */
  readonly name: string | undefined
}

async function importArchive(call: ModelCall, { path, name }: Import, work: Work): Promise<Creation> {
  const { manifest: image, images } = await openArchive(path, work)
  const { id: own, description, metadata } = readLabels(image.annotations)
  const id = chooseName(call, name, own)
  const layers = image.layers.map(({ digest, mediaType }) => ({ path: images.pathOf(digest), mediaType }))
  const manifest = await unpackImage(layers, { layout: call.layout, work }, path)
  return keepVersion(call, { id, description, metadata }, { manifest, work })
}

async function importFolder(call: ModelCall, { path, name }: Import, work: Work): Promise<Creation> {
  const manifest = await findManifest(path)
  if (manifest === undefined) throw noList(path)
  const id = chooseName(call, name, undefined)
  await checkFiles(path, manifest, { digests: false })
  for (const file of manifest.files) {
    const { digest } = await addFile(call.layout, `${path}/${file.path}`, work)
    if (digest !== file.digest) await checkFiles(path, { files: [file] }, { digests: true })
  }
  return keepVersion(call, { id }, { manifest, work })
}

function missing(from: string): StartupError {
  return new StartupError({
    code: 'file_not_found',
    found: `there is no file ${from}`,
    instead: 'Name an archive or a folder that incant model export has written.',
  })
}

function noList(path: string): StartupError {
  return new StartupError({
    code: 'invalid_model',
    found: `${path} has no incant.model.json`,
    instead: `To make a version of its files: incant model create NAME ${path}`,
  })
}
