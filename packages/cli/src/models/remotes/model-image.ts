import { bytesContent, type Content, fileContent, generatedContent } from '../../content/content.ts'
import { type TarEntry, writeTar } from '../../content/tar.ts'
import { MANIFEST } from '../../files/model-manifest.ts'
import { type Image, type Layer, makeImage } from '../../oci/image.ts'
import { loadManifest } from '../store/blobs.ts'
import type { Version } from '../store/catalog.ts'
import type { Layout } from '../store/layout.ts'
import type { ModelFile } from '../store/manifest.ts'
import { writeLabels } from './labels.ts'

/** The folder of the files in an image: where KServe looks for a model. */
export const FOLDER = 'models'
const TYPE = 'application/vnd.incant.model.v1'
/** Bytes from which a file is a layer alone, so that a new version with the same file sends it to nobody again. */
const LARGE = 4 * 1024 ** 2
/** Container runtimes mount at most 127 layers. */
const MOST_LAYERS = 100

/**
 * A version as an image of plain layers, which Kubernetes mounts as a volume and KServe takes as a model. The list of files is in the
 * first layer, so that a reader knows what may follow. The same version gives the same image.
 *
 * @param base - Layers below those of the model.
 */
export async function makeModelImage(layout: Layout, version: Version, base: readonly Layer[] = []): Promise<Image> {
  const { files, bytes } = await loadManifest(layout, version.digest)
  const largest = files.filter(({ size }) => size >= LARGE).sort((one, other) => other.size - one.size)
  const alone = new Set(largest.slice(0, MOST_LAYERS))
  const together = files.filter(file => !alone.has(file))
  const first: readonly TarEntry[] = [
    { kind: 'folder', path: `${FOLDER}/` },
    { kind: 'file', path: `${FOLDER}/${MANIFEST}`, content: bytesContent(bytes) },
    ...together.map(file => toEntry(layout, file)),
  ]
  const layers = [await toLayer(first, 'list of files and small files')]
  for (const file of files.filter(one => alone.has(one))) layers.push(await toLayer([toEntry(layout, file)], file.path))
  return makeImage({
    // Files are the same everywhere; the specification asks for a platform.
    platform: { os: 'linux', architecture: 'amd64' },
    layers: [...base, ...layers],
    annotations: writeLabels(version),
    artifactType: TYPE,
  })
}

function toEntry(layout: Layout, { path, size, digest }: ModelFile): TarEntry {
  const content: Content = fileContent(layout.blob(digest), { digest, size })
  return { kind: 'file', path: `${FOLDER}/${path}`, content }
}

async function toLayer(entries: readonly TarEntry[], createdBy: string): Promise<Layer> {
  return { content: await generatedContent(() => writeTar(entries)), createdBy: `incant model: ${createdBy}` }
}
