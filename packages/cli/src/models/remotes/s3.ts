import { join } from 'node:path'
import { formatModelId, type ModelName, StartupError } from 'incant/internal/signature'
import * as v from 'valibot'
import { type Content, fileContent, jsonContent } from '../../content/content.ts'
import { type Digest, digestOf, hexOf, isDigest } from '../../content/digest.ts'
import { download } from '../../transfer/download.ts'
import { inParallel } from '../../transfer/parallel.ts'
import { findBlob, keepBlob, loadManifest } from '../store/blobs.ts'
import type { Version } from '../store/catalog.ts'
import type { Layout } from '../store/layout.ts'
import type { Work } from '../store/leases.ts'
import { type ModelManifest, readManifest } from '../store/manifest.ts'
import type { Description } from '../store/records.ts'
import { adoptPartial } from './adopt-partial.ts'
import { Bucket } from './bucket.ts'

/** Objects that travel at the same time. */
const PARALLEL = 4

/** What a bucket says of a version: the object `models/NAME/VERSION.json`, written after the files. */
interface Entry extends Description {
  readonly digest: Digest
}

const ENTRY: v.GenericSchema<unknown, Entry> = v.object({
  digest: v.custom<Digest>(value => typeof value === 'string' && isDigest(value)),
  description: v.optional(v.string()),
  metadata: v.optional(v.record(v.string(), v.string())),
})

/** What a push to a bucket did. */
export interface PushedObjects {
  readonly reference: string
  readonly sent: number
  readonly bytes: number
}

/**
 * Copies a version into a bucket: files under their digests, which are not sent where they are there, then the version itself.
 *
 * @throws {StartupError} `model_exists`, `invalid_reference`, `peer_missing`, `registry_refused`, `registry_unavailable`.
 */
export async function pushToBucket(
  layout: Layout,
  version: Version,
  { to, onBytes }: { readonly to: string; readonly onBytes: (bytes: number) => void },
): Promise<PushedObjects> {
  const bucket = await Bucket.open(to, process.env)
  const { digest, description, metadata } = version
  const manifest = await loadManifest(layout, digest)
  const blobs = [...manifest.files, { digest, size: manifest.bytes.length }].map(blob =>
    fileContent(layout.blob(blob.digest), blob),
  )
  const unique = [...new Map(blobs.map(blob => [blob.digest, blob])).values()]
  const ends = await inParallel(unique, PARALLEL, blob => pushBlob(bucket, blob, onBytes))
  await pushEntry(bucket, version, { digest, ...(description && { description }), ...(metadata && { metadata }) })
  const sent = unique.filter((_, index) => ends[index])
  const bytes = sent.reduce((sum, { size }) => sum + size, 0)
  return { reference: `${bucket.name}#${formatModelId(version)}`, sent: sent.length, bytes }
}

async function pushBlob(bucket: Bucket, blob: Content, onBytes: (bytes: number) => void): Promise<boolean> {
  const key = keyOf(blob.digest)
  if ((await bucket.sizeOf(key)) === blob.size) return false
  return bucket.write(key, { size: blob.size, sha256: hexOf(blob.digest), open: () => blob.open() }, onBytes)
}

async function pushEntry(bucket: Bucket, version: Version, entry: Entry): Promise<void> {
  const key = entryKey(version)
  const content = jsonContent(entry)
  const object = { size: content.size, sha256: hexOf(content.digest), open: () => content.open(), isNew: true }
  const present = readEntry(await bucket.read(key))
  const isWritten = present === undefined && (await bucket.write(key, object))
  const now = present ?? readEntry(await bucket.read(key))
  if (isWritten || now?.digest === entry.digest) return
  throw new StartupError({
    code: 'model_exists',
    found: `${bucket.name} has other files as ${formatModelId(version)}`,
    instead: 'Create the version under another name, and push that.',
  })
}

/** A version in a bucket. */
export interface RemoteObjects extends Entry {
  readonly bucket: Bucket
  readonly id: ModelName
  readonly reference: string
  readonly manifest: ModelManifest
}

/**
 * Finds `s3://BUCKET/PREFIX#NAME:VERSION`.
 *
 * @throws {StartupError} `model_not_found`, `invalid_model`, and those of {@link pushToBucket}.
 */
export async function findInBucket(given: string, id: ModelName): Promise<RemoteObjects> {
  const bucket = await Bucket.open(given, process.env)
  const reference = `${bucket.name}#${formatModelId(id)}`
  const entry = readEntry(await bucket.read(entryKey({ name: id.name, version: id.version ?? 'v1' })))
  const bytes = entry && (await bucket.read(keyOf(entry.digest)))
  if (entry === undefined || bytes === undefined) {
    const instead = 'Check name and version. incant model push writes versions there.'
    throw new StartupError({ code: 'model_not_found', found: `there is no ${reference}`, instead })
  }
  if (digestOf(bytes) === entry.digest)
    return { ...entry, bucket, id, reference, manifest: readManifest(bytes, reference) }
  const instead = 'Push the version anew, to another folder.'
  throw new StartupError({ code: 'invalid_model', found: `the list of files of ${reference} was changed`, instead })
}

/** Downloads the files that the store does not have, several at a time, continued after a break and verified. */
export async function downloadObjects(
  { bucket, manifest, reference }: RemoteObjects,
  { layout, work }: { readonly layout: Layout; readonly work: Work },
  onBytes: (bytes: number) => void,
): Promise<void> {
  const unique = [...new Map(manifest.files.map(file => [file.digest, file])).values()]
  await inParallel(unique, PARALLEL, async ({ digest, size, path: name }) => {
    if ((await findBlob(layout, digest)) !== undefined) return onBytes(size)
    const partial = `download-${hexOf(digest)}`
    await adoptPartial(layout, { name: partial, work })
    const path = join(work.folder, partial)
    let before = 0
    const onProgress = (bytes: number): void => {
      onBytes(bytes - before)
      before = bytes
    }
    const open = (offset: number) => bucket.openAt(keyOf(digest), offset)
    const isRight = await download({ digest, size, open, path, onProgress }).catch(thrown =>
      bucket.refuseUnreachable(thrown),
    )
    if (!isRight) throw refuseBytes(reference, name)
    await keepBlob(layout, { draft: path, digest, size })
  })
}

function readEntry(bytes: Buffer | undefined): Entry | undefined {
  try {
    return bytes === undefined ? undefined : v.parse(ENTRY, JSON.parse(bytes.toString('utf8')))
  } catch {
    return undefined
  }
}

function keyOf(digest: Digest): string {
  return `blobs/sha256/${hexOf(digest)}`
}

function entryKey({ name, version }: Pick<Version, 'name' | 'version'>): string {
  return `models/${name}/${version}.json`
}

function refuseBytes(reference: string, path: string): StartupError {
  return new StartupError({
    code: 'invalid_model',
    found: `${path} of ${reference} has other bytes than its digest says`,
    instead: 'Push the version anew, to another folder.',
  })
}
