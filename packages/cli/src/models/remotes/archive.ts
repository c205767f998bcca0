import { createReadStream, createWriteStream } from 'node:fs'
import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { StartupError } from 'incant/internal/signature'
import { type Content, jsonContent } from '../../content/content.ts'
import { hexOf } from '../../content/digest.ts'
import { readTar, type TarEntry, writeTar } from '../../content/tar.ts'
import { MANIFEST } from '../../files/model-manifest.ts'
import { type ImageManifest, isIndex, MEDIA_TYPES } from '../../oci/documents.ts'
import { describe } from '../../oci/image.ts'
import { ImageLayout, REFERENCE_NAME } from '../../oci/layout.ts'
import { loadManifest } from '../store/blobs.ts'
import type { Version } from '../store/catalog.ts'
import { listFolder } from '../store/disk.ts'
import type { Layout } from '../store/layout.ts'
import type { Work } from '../store/leases.ts'
import { makeModelImage } from './model-image.ts'

/** Bytes of the documents of an archive, which are read into memory. */
const MAX_DOCUMENT = 4 * 1024 ** 2

/**
 * Writes a version to one file: an OCI image layout in an archive, which `skopeo copy oci-archive:FILE` reads as well. It appears
 * when it is whole.
 */
export async function exportArchive(layout: Layout, version: Version, file: string): Promise<void> {
  const { manifest, config, layers } = await makeModelImage(layout, version)
  const index = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.index,
    manifests: [{ ...describe(manifest, MEDIA_TYPES.manifest), annotations: { [REFERENCE_NAME]: version.version } }],
  }
  const entries: readonly TarEntry[] = [
    toEntry('oci-layout', jsonContent({ imageLayoutVersion: '1.0.0' })),
    toEntry('index.json', jsonContent(index)),
    ...unique([manifest, config, ...layers]).map(content => toEntry(`blobs/sha256/${hexOf(content.digest)}`, content)),
  ]
  const draft = `${file}.${process.pid}.new`
  try {
    await pipeline(writeTar(entries), createWriteStream(draft, { flush: true }))
    await rename(draft, file)
  } finally {
    await rm(draft, { force: true })
  }
}

function toEntry(path: string, content: Content): TarEntry {
  return { kind: 'file', path, content }
}

function unique(contents: readonly Content[]): readonly Content[] {
  return [...new Map(contents.map(content => [content.digest, content])).values()]
}

/**
 * Writes the files of a version and their list to a new folder, for `--model-path`.
 *
 * @throws {StartupError} `invalid_option` if the folder has files.
 */
export async function exportFolder(layout: Layout, version: Version, folder: string): Promise<void> {
  if ((await listFolder(folder)).length > 0) {
    throw new StartupError({
      code: 'invalid_option',
      found: `the folder ${folder} has files already`,
      instead: 'Name a new folder, or a file that ends in .tar.',
    })
  }
  const { files } = await loadManifest(layout, version.digest)
  for (const { path, digest } of [...files, { path: MANIFEST, digest: version.digest }]) {
    const target = join(folder, path)
    await mkdir(dirname(target), { recursive: true })
    await copyFile(layout.blob(digest), target)
  }
}

/** An image in an archive, unpacked. */
export interface OpenedArchive {
  readonly manifest: ImageManifest
  readonly images: ImageLayout
}

/**
 * Unpacks the layout of an archive into the folder of some work. Only names that a layout has are written.
 *
 * @throws {StartupError} `invalid_model`, `invalid_image`, `image_not_found`.
 */
export async function openArchive(file: string, work: Work): Promise<OpenedArchive> {
  const folder = join(work.folder, 'archive')
  await mkdir(join(folder, 'blobs/sha256'), { recursive: true })
  await readTar(createReadStream(file), async ({ path, kind, size, stream }) => {
    if (kind === 'folder') return
    const isDocument = path === 'oci-layout' || path === 'index.json'
    const isNamed = isDocument || /^blobs\/sha256\/[0-9a-f]{64}$/.test(path)
    if (!isNamed || kind !== 'file') throw invalid(file, `has ${JSON.stringify(path)}, which no image layout has`)
    if (isDocument && size > MAX_DOCUMENT) throw invalid(file, `has ${path} of ${size} bytes`)
    // Twice the same name is refused, too.
    await pipeline(stream, createWriteStream(join(folder, path), { flags: 'wx' }))
  }).catch((thrown: unknown) => {
    throw StartupError.is(thrown) ? thrown : invalid(file, 'is no whole archive', thrown)
  })
  const images = new ImageLayout(folder)
  const descriptors = await images.readIndex()
  const [only] = descriptors
  if (only === undefined || descriptors.length > 1) throw invalid(file, `has ${descriptors.length} images`)
  const { document } = await images.readDocument(only.digest)
  if (isIndex(document)) throw invalid(file, 'has an image for several platforms')
  return { manifest: document, images }
}

function invalid(file: string, fault: string, cause?: unknown): StartupError {
  return new StartupError({
    code: 'invalid_model',
    found: `${file} ${fault}`,
    instead: 'Name an archive that incant model export has written.',
    cause,
  })
}
