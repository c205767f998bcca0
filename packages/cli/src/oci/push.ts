import type { Content } from '../content/content.ts'
import { inParallel } from '../transfer/parallel.ts'
import { type OnProgress, uploadBlob } from './blobs.ts'
import { MEDIA_TYPES } from './documents.ts'
import type { Image } from './image.ts'
import type { Registry } from './registry.ts'

/** Blobs that travel at the same time. */
const PARALLEL = 4

/** What a push did. */
export interface Pushed {
  /** Blobs that the registry did not have. */
  readonly sent: number
  /** Bytes of these. */
  readonly bytes: number
}

/**
 * Pushes an image: blobs that the registry lacks, then the manifest.
 *
 * @param options.name - The tag; default: the digest of the manifest.
 * @param options.follow - Gives what is told of the progress of one blob.
 */
export async function pushImage(
  registry: Registry,
  { manifest, config, layers }: Image,
  { name = manifest.digest, follow }: { readonly name?: string; readonly follow?: (blob: Content) => OnProgress } = {},
): Promise<Pushed> {
  const blobs = [...new Map([config, ...layers].map(content => [content.digest, content])).values()]
  const ends = await inParallel(blobs, PARALLEL, blob => uploadBlob(registry, blob, follow?.(blob)))
  const isPresent = (await registry.findDocument(name)) === manifest.digest
  if (!isPresent) await registry.writeDocument(manifest, { name, mediaType: MEDIA_TYPES.manifest })
  const sent = blobs.filter((_, index) => ends[index] === 'sent')
  return { sent: sent.length, bytes: sent.reduce((sum, { size }) => sum + size, 0) }
}
