import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileContent, generatedContent } from '../content/content.ts'
import { DigestStream, hexOf } from '../content/digest.ts'
import { type TarEntry, writeTar } from '../content/tar.ts'
import { MEDIA_TYPES } from '../oci/documents.ts'
import type { Layer } from '../oci/image.ts'
import type { ImageLayout } from '../oci/layout.ts'
import { compress } from './compress.ts'
import type { KnownLayers } from './known-layers.ts'

/** What becomes a layer. */
export interface LayerParts {
  readonly entries: readonly TarEntry[]
  /** For `docker history`. */
  readonly createdBy: string
}

/** Where layers go, and those that are there already. */
export interface LayerFolder {
  readonly layout: ImageLayout
  readonly known: KnownLayers
}

/** Writes a layer into a layout, unless it is there. The same files give the same bytes on every system. */
export async function writeLayer({ layout, known }: LayerFolder, parts: LayerParts): Promise<Layer> {
  const { entries, createdBy } = parts
  const { digest } = await generatedContent(() => writeTar(entries))
  const found = known.get(digest)
  if (found === undefined) return compressLayer(layout, parts)
  return { content: layout.blob(found), mediaType: found.mediaType, diffId: digest, createdBy }
}

async function compressLayer(layout: ImageLayout, { entries, createdBy }: LayerParts): Promise<Layer> {
  const blobs = join(layout.folder, 'blobs/sha256')
  await mkdir(blobs, { recursive: true })
  const temporary = join(blobs, `layer.${process.pid}.new`)
  try {
    const plain = new DigestStream()
    const packed = new DigestStream()
    await writeFile(temporary, [writeTar(entries), plain, packed])
    const digest = packed.finish()
    const path = join(blobs, hexOf(digest))
    await rename(temporary, path)
    const content = fileContent(path, { digest, size: packed.size })
    return { content, mediaType: MEDIA_TYPES.layerGzip, diffId: plain.finish(), createdBy }
  } finally {
    await rm(temporary, { force: true })
  }
}

async function writeFile(
  path: string,
  [archive, plain, packed]: readonly [Readable, DigestStream, DigestStream],
): Promise<void> {
  const file = await open(path, 'w')
  await pipeline(archive, plain, compress, packed, file.createWriteStream())
}
