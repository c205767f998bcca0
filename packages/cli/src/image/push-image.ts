import { pushImage as push } from '../oci/push.ts'
import type { Reference } from '../oci/reference.ts'
import { Registry } from '../oci/registry.ts'
import type { NamedImage, WrittenImage } from './write-image.ts'

/**
 * Pushes images, and the index of those for several systems, under the tag of a reference. What the registry has is not sent.
 *
 * @returns The bytes of the blobs that were sent.
 * @throws {StartupError} Those of a registry.
 */
export async function pushImages(
  reference: Reference,
  images: readonly WrittenImage[],
  { document, mediaType }: NamedImage,
): Promise<number> {
  const registry = new Registry(reference)
  const name = reference.tag ?? 'latest'
  const [only, ...others] = images
  if (only !== undefined && others.length === 0) return (await push(registry, only.image, { name })).bytes
  let sent = 0
  for (const { image } of images) sent += (await push(registry, image)).bytes
  await registry.writeDocument(document, { name, mediaType })
  return sent
}
