import { statSync } from 'node:fs'
import { join } from 'node:path'
import { readContent } from '../content/content.ts'
import { type Digest, hexOf } from '../content/digest.ts'
import { type Descriptor, type ImageManifest, isIndex } from '../oci/documents.ts'
import type { ImageLayout } from '../oci/layout.ts'

/** Layers that a layout has, by the digests of their archives. */
export type KnownLayers = ReadonlyMap<string, Descriptor>

/**
 * The layers of the images that were written into a layout before: those that have not changed are not compressed again. A layout
 * that cannot be read has none.
 */
export async function findKnownLayers(layout: ImageLayout): Promise<KnownLayers> {
  try {
    const named = await layout.readIndex()
    const manifests = await Promise.all(named.map(({ digest }) => readManifests(layout, digest)))
    const layers = await Promise.all(manifests.flat().map(manifest => readLayers(layout, manifest)))
    return new Map(layers.flat())
  } catch {
    return new Map()
  }
}

async function readManifests(layout: ImageLayout, digest: Digest): Promise<readonly ImageManifest[]> {
  const { document } = await layout.readDocument(digest)
  if (!isIndex(document)) return [document]
  return (await Promise.all(document.manifests.map(inner => readManifests(layout, inner.digest)))).flat()
}

async function readLayers(
  layout: ImageLayout,
  { config, layers }: ImageManifest,
): Promise<readonly (readonly [string, Descriptor])[]> {
  const { rootfs } = JSON.parse((await readContent(layout.blob(config))).toString('utf8'))
  return layers
    .map((layer, index) => [String(rootfs.diff_ids[index]), layer] as const)
    .filter(([, { digest, size }]) => statSync(join(layout.folder, 'blobs/sha256', hexOf(digest))).size === size)
}
