import { join } from 'node:path'
import { formatModelId, StartupError } from 'incant/internal/signature'
import { type Digest, hexOf } from '../../content/digest.ts'
import { downloadBlob } from '../../oci/blobs.ts'
import { type Descriptor, type ImageManifest, isIndex } from '../../oci/documents.ts'
import type { Layer } from '../../oci/image.ts'
import { type Pushed, pushImage } from '../../oci/push.ts'
import { formatReference, parseReference } from '../../oci/reference.ts'
import { Registry } from '../../oci/registry.ts'
import { inParallel } from '../../transfer/parallel.ts'
import type { Version } from '../store/catalog.ts'
import type { Layout } from '../store/layout.ts'
import type { Work } from '../store/leases.ts'
import { adoptPartial } from './adopt-partial.ts'
import { makeModelImage } from './model-image.ts'

/** Blobs that travel at the same time. */
const PARALLEL = 4

/** What a push to a registry did. */
export interface PushedImage extends Pushed {
  /** `registry.example.com/words:v1@sha256:…` */
  readonly reference: string
}

/**
 * Pushes a version to a registry as an image. Blobs that are there are not sent.
 *
 * @param options.force - Whether a tag that has another image is moved.
 * @param options.base - Layers below those of the model.
 * @throws {StartupError} `invalid_reference`, `model_exists`, and those of registries.
 */
export async function pushToRegistry(
  layout: Layout,
  version: Version,
  options: {
    readonly to: string
    readonly force: boolean
    readonly base: readonly Layer[]
    readonly onBytes: (bytes: number) => void
  },
): Promise<PushedImage> {
  const reference = parseReference(options.to)
  const registry = new Registry(reference)
  const tag = reference.tag ?? version.version
  const image = await makeModelImage(layout, version, options.base)
  const present = await registry.findDocument(tag)
  if (present !== undefined && present !== image.manifest.digest && !options.force)
    throw refuseTaken(formatReference({ ...reference, tag }), version)
  const follow = () => advancing(options.onBytes)
  const pushed = await pushImage(registry, image, { name: tag, follow })
  return { ...pushed, reference: formatReference({ ...reference, tag, digest: image.manifest.digest }) }
}

/** An image of a version in a registry. */
export interface RemoteImage {
  readonly registry: Registry
  readonly manifest: ImageManifest
  /** With the digest of the image. */
  readonly reference: string
}

/**
 * Reads the manifest of an image of a version.
 *
 * @throws {StartupError} `invalid_reference`, `invalid_model`, and those of registries.
 */
export async function findInRegistry(given: string): Promise<RemoteImage> {
  const reference = parseReference(given)
  const registry = new Registry(reference)
  const { document, digest } = await registry.readDocument()
  const named = formatReference({ ...reference, digest })
  if (!isIndex(document)) return { registry, manifest: document, reference: named }
  throw new StartupError({
    code: 'invalid_model',
    found: `${named} has images for several platforms, and the files of a model are the same on all`,
    instead: 'Name an image that incant model push has written.',
  })
}

/**
 * Downloads layers into the folder of some work, several at a time. A download that a command before left unfinished is
 * continued.
 *
 * @returns Their paths, in their order.
 */
export function downloadLayers(
  { registry, manifest: { layers } }: RemoteImage,
  { layout, work }: { readonly layout: Layout; readonly work: Work },
  onBytes: (bytes: number) => void,
): Promise<readonly string[]> {
  const unique = [...new Map(layers.map(layer => [layer.digest, layer])).values()]
  const paths = (layer: Descriptor) => join(work.folder, partialName(layer.digest))
  return inParallel(unique, PARALLEL, async layer => {
    await adoptPartial(layout, { name: partialName(layer.digest), work })
    await downloadBlob(registry, layer, { path: paths(layer), onProgress: advancing(onBytes) })
  }).then(() => layers.map(paths))
}

function partialName(digest: Digest): string {
  return `download-${hexOf(digest)}`
}

/** Turns "so many bytes are there" into "so many more". */
function advancing(onBytes: (bytes: number) => void): (bytes: number) => void {
  let before = 0
  return bytes => {
    onBytes(bytes - before)
    before = bytes
  }
}

function refuseTaken(reference: string, version: Version): StartupError {
  return new StartupError({
    code: 'model_exists',
    found: `${reference} is another image than that of ${formatModelId(version)}`,
    instead: 'Push to another tag, or replace that image: --replace',
  })
}
