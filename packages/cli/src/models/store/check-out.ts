import { link, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { MANIFEST } from '../../files/model-manifest.ts'
import { damaged, findBlob, loadManifest } from './blobs.ts'
import type { Version } from './catalog.ts'
import { failedWith } from './disk.ts'
import type { Layout } from './layout.ts'
import type { Work } from './leases.ts'
import type { ModelManifest } from './manifest.ts'

/** A version as a folder. */
export interface CheckedOut {
  readonly folder: string
  readonly manifest: ModelManifest
}

/**
 * Gives the files of a version their own paths, in a folder of this work alone. They are further names of the blobs, so they
 * take no room, and stay where a collection of garbage takes the blobs.
 *
 * @throws {StartupError} `model_damaged`
 */
export async function checkOut(layout: Layout, version: Version, work: Work): Promise<CheckedOut> {
  const folder = join(work.checkout, version.name)
  const manifest = await loadManifest(layout, version.digest)
  const files = [...manifest.files, { path: MANIFEST, digest: version.digest }]
  for (const { path, digest } of files) {
    const target = join(folder, path)
    await mkdir(dirname(target), { recursive: true })
    await linkBlob(layout, digest, { path, target })
  }
  return { folder, manifest }
}

async function linkBlob(
  layout: Layout,
  digest: Version['digest'],
  { path, target }: { readonly path: string; readonly target: string },
): Promise<void> {
  const blob = await findBlob(layout, digest)
  if (blob === undefined) throw damaged(layout.blob(digest), `is missing: ${path}`)
  await link(blob, target).catch((thrown: unknown) => {
    // A collection took it to the trash just then, from where it is put back.
    if (failedWith(thrown, 'ENOENT')) return linkBlob(layout, digest, { path, target })
    throw thrown
  })
}
