import { existsSync } from 'node:fs'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { StartupError } from 'incant/internal/signature'
import { type Content, fileContent, jsonContent } from '../content/content.ts'
import { type Digest, DigestStream, digestOf, hexOf } from '../content/digest.ts'
import { type Descriptor, type ImageIndex, isIndex, MEDIA_TYPES, readImageDocument } from './documents.ts'
import type { ImageDocument } from './registry.ts'

/** The annotation that names an image in a layout, as `skopeo copy oci:DIR:NAME` reads it. */
export const REFERENCE_NAME = 'org.opencontainers.image.ref.name'

/** A folder of the OCI image layout specification 1.1. */
export class ImageLayout {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  /** Whether a folder is a layout. */
  static isLayout(folder: string): boolean {
    return existsSync(join(folder, 'oci-layout'))
  }

  /** The content of a blob that a descriptor names. It is verified where it is read by {@link readDocument} alone. */
  blob({ digest, size }: Pick<Descriptor, 'digest' | 'size'>): Content {
    return fileContent(this.pathOf(digest), { digest, size })
  }

  /**
   * Writes a blob, unless it is there. It appears whole or not at all.
   *
   * @throws {Error} If the content is not of its digest.
   */
  async writeBlob(content: Content): Promise<void> {
    const path = this.pathOf(content.digest)
    if (existsSync(path)) return
    await mkdir(join(this.folder, 'blobs/sha256'), { recursive: true })
    const temporary = `${path}.${process.pid}.new`
    try {
      await writeVerified(temporary, content)
      await rename(temporary, path)
    } finally {
      await rm(temporary, { force: true })
    }
  }

  /** Names images in `index.json`, in place of those that it named. Their blobs are there already. */
  async writeIndex(manifests: readonly Descriptor[]): Promise<void> {
    const index: ImageIndex = { schemaVersion: 2, mediaType: MEDIA_TYPES.index, manifests: [...manifests] }
    await writeVerified(join(this.folder, 'oci-layout'), jsonContent({ imageLayoutVersion: '1.0.0' }))
    await writeVerified(join(this.folder, 'index.json'), jsonContent(index))
  }

  /**
   * The images that `index.json` names.
   *
   * @throws {StartupError} `invalid_image`.
   */
  async readIndex(): Promise<readonly Descriptor[]> {
    const path = join(this.folder, 'index.json')
    const index = readImageDocument(await readFile(path).catch(() => Buffer.from('')), path)
    return isIndex(index) ? index.manifests : []
  }

  /**
   * A manifest or an index by its digest, which is verified.
   *
   * @throws {StartupError} `image_not_found`, `invalid_image`.
   */
  async readDocument(digest: Digest): Promise<ImageDocument> {
    const path = this.pathOf(digest)
    const bytes = await readFile(path).catch((cause: unknown) => {
      const instead = 'Write the layout anew: skopeo copy docker://HOST/NAME:TAG oci:DIR'
      throw new StartupError({ code: 'image_not_found', found: `there is no blob ${path}`, instead, cause })
    })
    if (digestOf(bytes) !== digest) {
      const instead = 'Write the layout anew.'
      throw new StartupError({ code: 'invalid_image', found: `${path} is not of its digest`, instead })
    }
    return { digest, bytes, document: readImageDocument(bytes, path) }
  }

  /** The file of a blob. */
  pathOf(digest: Digest): string {
    return join(this.folder, 'blobs/sha256', hexOf(digest))
  }
}

async function writeVerified(path: string, content: Content): Promise<void> {
  const counter = new DigestStream()
  const file = await open(path, 'w')
  await pipeline(content.open(), counter, file.createWriteStream({ flush: true }))
  if (counter.finish() !== content.digest)
    throw new Error(`${path} was written from content that has changed meanwhile`)
}
