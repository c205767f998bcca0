import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { listFiles } from '../bundle/files.ts'
import type { Platform } from '../bundle/manifest.ts'
import { type Content, jsonContent } from '../content/content.ts'
import { hexOf } from '../content/digest.ts'
import { type ImageIndex, MEDIA_TYPES } from '../oci/documents.ts'
import { describe, type Image, type Layer, makeImage } from '../oci/image.ts'
import { type ImageLayout, REFERENCE_NAME } from '../oci/layout.ts'
import { bundleLayers, PLACE } from './bundle-layers.ts'
import { withFolders } from './entries.ts'
import { HOST_NODE, hostEntries } from './host-base.ts'
import type { Base } from './read-base.ts'
import { toImagePlatform } from './systems.ts'
import { type LayerFolder, writeLayer } from './write-layer.ts'

/** What an image is made from. */
export interface ImageOptions {
  /** The folder of the bundle. */
  readonly bundle: string
  readonly name: string
  readonly version: string
  readonly platform: Platform
  /** Absent: the Node of this machine. */
  readonly base: Base | undefined
  /** As it was given. */
  readonly baseName: string
}

/** Writes the layers of an image into a layout, and joins them. */
export async function writeImage(folder: LayerFolder, options: ImageOptions): Promise<Image> {
  const { layout } = folder
  const { bundle, platform, base, baseName, name, version } = options
  const files = listFiles(bundle)
  const lowest = base?.layers ?? [await writeHost(folder, options, files)]
  const own: Layer[] = []
  // One after the other: each takes a processor for itself.
  for (const parts of bundleLayers(bundle, files)) own.push(await writeLayer(folder, parts))
  const image = makeImage({
    platform: toImagePlatform(platform),
    layers: [...lowest, ...own],
    config: {
      User: '65532:65532',
      ExposedPorts: { '8000/tcp': {} },
      Env: mergeVariables(base?.environment ?? [], ['NODE_ENV=production', 'INCANT_HOST=0.0.0.0']),
      Entrypoint: [base?.node ?? HOST_NODE, `${PLACE}/server.js`],
      WorkingDir: PLACE,
      Labels: { 'org.opencontainers.image.title': name, 'org.opencontainers.image.version': version },
      StopSignal: 'SIGTERM',
    },
    annotations: {
      'org.opencontainers.image.base.name': baseName,
      ...(base?.digest === undefined ? {} : { 'org.opencontainers.image.base.digest': base.digest }),
    },
  })
  await layout.writeBlob(image.config)
  await layout.writeBlob(image.manifest)
  return image
}

async function writeHost(folder: LayerFolder, options: ImageOptions, files: readonly string[]): Promise<Layer> {
  const entries = withFolders(hostEntries(options.bundle, files, options.platform))
  return writeLayer(folder, { entries, createdBy: 'node' })
}

/** An image for one system. */
export interface WrittenImage {
  readonly image: Image
  readonly platform: Platform
}

/** The target of a name: an image, or an index of images for several systems. */
export interface NamedImage {
  readonly document: Content
  readonly mediaType: string
}

/**
 * Names images in a layout: one by its manifest, those of several systems by an index. Blobs of earlier images are removed.
 *
 * @param name - As `skopeo copy oci:DIR:NAME` reads it.
 */
export async function nameImages(
  layout: ImageLayout,
  images: readonly WrittenImage[],
  name: string,
): Promise<NamedImage> {
  const named = joinImages(images)
  await layout.writeBlob(named.document)
  await layout.writeIndex([{ ...describe(named.document, named.mediaType), annotations: { [REFERENCE_NAME]: name } }])
  const parts = images.flatMap(({ image }) => [image.manifest, image.config, ...image.layers])
  await removeOthers(layout, new Set([named.document, ...parts].map(({ digest }) => hexOf(digest))))
  return named
}

function joinImages(images: readonly WrittenImage[]): NamedImage {
  const [first, ...others] = images
  if (first !== undefined && others.length === 0)
    return { document: first.image.manifest, mediaType: MEDIA_TYPES.manifest }
  const manifests = images.map(({ image, platform }) => ({
    ...describe(image.manifest, MEDIA_TYPES.manifest),
    platform: toImagePlatform(platform),
  }))
  const index: ImageIndex = { schemaVersion: 2, mediaType: MEDIA_TYPES.index, manifests }
  return { document: jsonContent(index), mediaType: MEDIA_TYPES.index }
}

async function removeOthers(layout: ImageLayout, kept: ReadonlySet<string>): Promise<void> {
  const blobs = join(layout.folder, 'blobs/sha256')
  const names = await readdir(blobs)
  await Promise.all(names.filter(name => !kept.has(name)).map(name => rm(join(blobs, name), { force: true })))
}

/** Variables of the base, those of ours in the place of equal names. */
function mergeVariables(base: readonly string[], own: readonly string[]): readonly string[] {
  return [...new Map([...base, ...own].map(line => [line.split('=', 1)[0], line])).values()]
}
