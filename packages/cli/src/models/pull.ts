import { formatModelId, StartupError } from 'incant/internal/signature'
import { type ModelCall, readArguments, withBar } from './call.ts'
import { chooseName, keepVersion, type Origin, printCreation } from './keep-version.ts'
import { downloadRepository, findRepository, sizeOfListed } from './remotes/hugging-face.ts'
import { type Labels, readLabels } from './remotes/labels.ts'
import { downloadLayers, findInRegistry, type RemoteImage } from './remotes/registry.ts'
import { downloadObjects, findInBucket } from './remotes/s3.ts'
import { unpackImage } from './remotes/unpack-image.ts'
import { findBlob, loadManifest } from './store/blobs.ts'
import type { Creation } from './store/create-version.ts'
import { type Work, withWork } from './store/leases.ts'
import type { ModelManifest } from './store/manifest.ts'
import { readModelId } from './store/reference.ts'

/** `incant model pull`. */
export async function pull(call: ModelCall): Promise<number> {
  const [from = '', name] = readArguments(call, { least: 1, most: 2 })
  if (from.startsWith('hf:')) return printCreation(call, await pullRepository(call, from, name))
  if (from.startsWith('s3:')) return printCreation(call, await pullObjects(call, from, name))
  return printCreation(call, await pullImage(call, from, name))
}

async function pullImage(call: ModelCall, from: string, name: string | undefined): Promise<Creation> {
  const image = await findInRegistry(from)
  const { id: own, digest, description, metadata } = readLabels(image.manifest.annotations)
  const id = chooseName(call, name, own)
  const origin: Origin = { id, description, metadata, source: image.reference }
  return withWork(call.layout, async work => {
    const manifest = (await findPresent(call, digest)) ?? (await fetchImage(call, image, { origin, work }))
    return keepVersion(call, origin, { manifest, work })
  })
}

async function fetchImage(
  call: ModelCall,
  image: RemoteImage,
  { origin, work }: { readonly origin: Origin; readonly work: Work },
): Promise<ModelManifest> {
  const { layers } = image.manifest
  const total = layers.reduce((sum, { size }) => sum + size, 0)
  const target = { layout: call.layout, work }
  const paths = await withBar(call, { label: labelOf(origin), total }, onBytes =>
    downloadLayers(image, target, onBytes),
  )
  const files = layers.map(({ mediaType }, index) => ({ path: paths[index] ?? '', mediaType }))
  return unpackImage(files, target, image.reference)
}

/** Files that the store has under the digest that an image says are not downloaded. */
async function findPresent({ layout }: ModelCall, digest: Labels['digest']): Promise<ModelManifest | undefined> {
  if (digest === undefined || (await findBlob(layout, digest)) === undefined) return undefined
  const manifest = await loadManifest(layout, digest)
  const found = await Promise.all(manifest.files.map(file => findBlob(layout, file.digest)))
  return found.includes(undefined) ? undefined : manifest
}

async function pullObjects(call: ModelCall, from: string, name: string | undefined): Promise<Creation> {
  const [place = '', version] = from.split('#')
  const wanted = version === undefined ? undefined : readModelId(version)
  if (wanted?.version === undefined) throw withoutVersion(from)
  const found = await findInBucket(place, wanted)
  const { manifest, description, metadata, reference } = found
  const origin: Origin = { id: chooseName(call, name, wanted), description, metadata, source: reference }
  return withWork(call.layout, async work => {
    await withBar(call, { label: labelOf(origin), total: manifest.size }, onBytes =>
      downloadObjects(found, { layout: call.layout, work }, onBytes),
    )
    return keepVersion(call, origin, { manifest, work })
  })
}

async function pullRepository(call: ModelCall, from: string, name: string | undefined): Promise<Creation> {
  const repository = await findRepository(from, call.flags.get('only') ?? [])
  const id = chooseName(call, name, readModelId(repository.repo.split('/')[1] ?? ''))
  const origin: Origin = { id, source: repository.reference }
  const total = repository.files.reduce((sum, file) => sum + sizeOfListed(file), 0)
  return withWork(call.layout, async work => {
    const manifest = await withBar(call, { label: labelOf(origin), total }, onBytes =>
      downloadRepository(repository, { layout: call.layout, work }, onBytes),
    )
    return keepVersion(call, origin, { manifest, work })
  })
}

function labelOf({ id }: Origin): string {
  return `pulling ${formatModelId(id)}`
}

function withoutVersion(from: string): StartupError {
  return new StartupError({
    code: 'invalid_reference',
    found: `${JSON.stringify(from)} does not name a version`,
    instead: 'Write s3://BUCKET/PREFIX#NAME:VERSION.',
  })
}
