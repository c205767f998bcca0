import { formatModelId, type ModelName, StartupError } from 'incant/internal/signature'
import type { Digest } from '../../content/digest.ts'
import { addBytes, damaged, findBlob } from './blobs.ts'
import { findVersion, listTags, listVersions, type Version } from './catalog.ts'
import { listFolder } from './disk.ts'
import type { Layout } from './layout.ts'
import type { Work } from './leases.ts'
import type { ModelManifest } from './manifest.ts'
import { type CreatedEntry, type Description, versionJournal } from './records.ts'
import { numberOf, refuseReserved } from './reference.ts'

/** What becomes a version. Its files are blobs of the store already. */
export interface NewVersion extends Description {
  /** Without a version, the next number is taken. */
  readonly id: ModelName
  readonly manifest: ModelManifest
  readonly source?: string | undefined
}

/** A version, and whether it was made by this call or had the same files before. */
export interface Creation {
  readonly version: Version
  readonly isNew: boolean
}

/**
 * Makes a version of files that the store has. It appears in one step, and once: the same files under the same name are the same
 * version, even where several processes create it at the same time.
 *
 * @throws {StartupError} `model_exists`, `invalid_option`, `model_damaged`.
 */
export async function createVersion(layout: Layout, wanted: NewVersion, work: Work): Promise<Creation> {
  const { id, manifest } = wanted
  if (id.version !== undefined) await refuseWord(layout, id.name, id.version)
  await addBytes(layout, manifest.bytes, work)
  await requireBlobs(layout, manifest)
  return id.version === undefined
    ? createNumbered(layout, wanted, work)
    : createNamed(layout, { ...wanted, version: id.version }, work)
}

async function createNumbered(layout: Layout, wanted: NewVersion, work: Work): Promise<Creation> {
  const { name } = wanted.id
  for (;;) {
    // Numbers first. A process that takes one from now on takes this one, and then the claim below fails; every earlier
    // version is in the list that is read next.
    const version = `v${(await lastNumber(layout, name)) + 1}`
    const same = (await listVersions(layout, name)).findLast(({ digest }) => digest === wanted.manifest.digest)
    if (same !== undefined) return { version: same, isNew: false }
    const created = await claimVersion(layout, { ...wanted, version }, work)
    if (created !== undefined) return { version: created, isNew: true }
  }
}

/** The highest number that a version has or had. A folder without an entry is of a process that has not taken its number yet. */
async function lastNumber(layout: Layout, name: string): Promise<number> {
  const words = (await listFolder(layout.versions(name))).filter(word => numberOf(word) > 0)
  const entries = await Promise.all(words.map(word => versionJournal(layout, name, word).read()))
  return Math.max(0, ...words.filter((_, index) => entries[index]?.length !== 0).map(numberOf))
}

async function createNamed(
  layout: Layout,
  wanted: NewVersion & { readonly version: string },
  work: Work,
): Promise<Creation> {
  const { id, version, manifest } = wanted
  const created = await claimVersion(layout, wanted, work)
  if (created !== undefined) return { version: created, isNew: true }
  const present = await findVersion(layout, id.name, version)
  if (present?.digest === manifest.digest) return { version: present, isNew: false }
  throw refuseTaken(id, present?.digest)
}

/** The version, if nobody has it yet. */
async function claimVersion(
  layout: Layout,
  { id: { name }, version, manifest, description, metadata, source }: NewVersion & { readonly version: string },
  work: Work,
): Promise<Version | undefined> {
  const entry: CreatedEntry = {
    digest: manifest.digest,
    size: manifest.size,
    files: manifest.files.length,
    created: new Date().toISOString(),
    ...(description === undefined ? {} : { description }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(source === undefined ? {} : { source }),
  }
  const isClaimed = await versionJournal(layout, name, version).append(entry, { after: 0, draft: work.draft() })
  return isClaimed ? { name, version, ...entry } : undefined
}

/** Every file is in the store before a version refers to it. */
async function requireBlobs(layout: Layout, { files }: ModelManifest): Promise<void> {
  for (const { path, digest } of files)
    if ((await findBlob(layout, digest)) === undefined) throw damaged(layout.blob(digest), `is missing: ${path}`)
}

async function refuseWord(layout: Layout, name: string, version: string): Promise<void> {
  refuseReserved(version, 'version')
  if (!(await listTags(layout, name)).has(version)) return
  throw new StartupError({
    code: 'model_exists',
    found: `${version} is a tag of ${name}, and cannot be a version as well`,
    instead: `Choose another version, or remove the tag: incant model tag ${name} ${version} --remove`,
  })
}

function refuseTaken(id: ModelName, present: Digest | undefined): StartupError {
  const isGone = present === undefined
  return new StartupError({
    code: 'model_exists',
    found: isGone
      ? `${formatModelId(id)} was removed, and its name is never given again`
      : `${formatModelId(id)} has other files, and a version never changes`,
    instead: `Create another version: incant model create ${id.name} PATH takes the next number.`,
  })
}
