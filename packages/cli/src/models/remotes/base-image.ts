import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StartupError } from 'incant/internal/signature'
import * as v from 'valibot'
import { fileContent } from '../../content/content.ts'
import { type Digest, hexOf, isDigest } from '../../content/digest.ts'
import { downloadBlob } from '../../oci/blobs.ts'
import { type Descriptor, type ImageManifest, isIndex, MEDIA_TYPES } from '../../oci/documents.ts'
import type { Layer } from '../../oci/image.ts'
import { parseReference } from '../../oci/reference.ts'
import { Registry } from '../../oci/registry.ts'
import type { Work } from '../store/leases.ts'

/** The part of the configuration of an image that its layers need. */
const CONFIG = v.object({
  rootfs: v.object({
    diff_ids: v.array(v.custom<Digest>(value => typeof value === 'string' && isDigest(value))),
  }),
})

/**
 * The layers of an image that a model is put on top of: KServe starts a shell in an image of a model.
 *
 * @throws {StartupError} `invalid_image`, and those of registries.
 */
export async function fetchBase(given: string, work: Work): Promise<readonly Layer[]> {
  const registry = new Registry(parseReference(given))
  const { config, layers } = await findImage(registry, given)
  const fetch = async (blob: Descriptor): Promise<string> => {
    const path = join(work.folder, `base-${hexOf(blob.digest)}`)
    await downloadBlob(registry, blob, { path })
    return path
  }
  const { rootfs } = readConfig(await readFile(await fetch(config), 'utf8'), given)
  const fetched: Layer[] = []
  for (const [index, layer] of layers.entries()) {
    const diffId = rootfs.diff_ids[index]
    if (diffId === undefined) throw refuse(given)
    const mediaType = /gzip$/.test(layer.mediaType) ? MEDIA_TYPES.layerGzip : layer.mediaType
    fetched.push({ content: fileContent(await fetch(layer), layer), mediaType, diffId, createdBy: `base ${given}` })
  }
  return fetched
}

/** The image itself, or that of an index for the system that most clusters run on. */
async function findImage(registry: Registry, given: string): Promise<ImageManifest> {
  const { document } = await registry.readDocument()
  if (!isIndex(document)) return document
  const chosen = document.manifests.find(
    ({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64',
  )
  const inner = chosen && (await registry.readDocument(chosen.digest)).document
  if (inner === undefined || isIndex(inner)) throw refuse(given)
  return inner
}

function readConfig(text: string, given: string): v.InferOutput<typeof CONFIG> {
  try {
    return v.parse(CONFIG, JSON.parse(text))
  } catch {
    throw refuse(given)
  }
}

function refuse(given: string): StartupError {
  return new StartupError({
    code: 'invalid_image',
    found: `--base ${given} is no image for linux/amd64`,
    instead: 'Name a small image that has a shell, such as docker.io/library/busybox:1.37.',
  })
}
