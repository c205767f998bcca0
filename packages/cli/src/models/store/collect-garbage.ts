import { join } from 'node:path'
import { StartupError } from 'incant/internal/signature'
import { type Digest, hexOf } from '../../content/digest.ts'
import { findBlob, loadManifest } from './blobs.ts'
import { listModels, listVersions } from './catalog.ts'
import { listFolder, remove, sizeOf, tryToMove } from './disk.ts'
import type { Layout } from './layout.ts'
import { readLeases, removeLease, type Work } from './leases.ts'

/** What a collection took away, or would take away. */
export interface Collected {
  readonly blobs: number
  /** Bytes of these. */
  readonly bytes: number
  /** Pieces of work whose process died. */
  readonly abandoned: number
}

/**
 * Deletes blobs that no version has and no server reads, and what dead processes left.
 *
 * It locks nobody out. Blobs go to a folder of trash first; leases and versions are then read once more, and if either has
 * changed, everything goes back. A process that began later does not find them, and brings its own.
 *
 * @throws {StartupError} `model_in_use` while another process writes to the store.
 */
export async function collectGarbage(
  layout: Layout,
  { work, dryRun }: { readonly work: Work; readonly dryRun: boolean },
): Promise<Collected> {
  const { dead } = await refuseWriters(layout, work)
  const garbage = await findGarbage(layout)
  const sizes = await Promise.all(garbage.map(hex => sizeOf(join(layout.blobs, hex))))
  const bytes = sizes.reduce<number>((sum, size = 0) => sum + size, 0)
  const collected = { blobs: garbage.length, bytes, abandoned: dead.length }
  if (dryRun) return collected
  await putInTrash(layout, garbage, work)
  await checkAgain(layout, garbage, work)
  await emptyTrash(layout)
  for (const id of dead) await removeLease(layout, id)
  return collected
}

/** Names of blobs that nothing refers to. */
async function findGarbage(layout: Layout): Promise<readonly string[]> {
  const kept = await findKept(layout)
  return (await listFolder(layout.blobs)).filter(hex => !kept.has(hex))
}

/** Names of blobs of every version and of every server. What lies in the trash of a collection that died is put back. */
async function findKept(layout: Layout): Promise<ReadonlySet<string>> {
  const { live } = await readLeases(layout)
  // Leases first: a server that takes one later has resolved a version that is still there.
  const names = await listModels(layout)
  const versions = await Promise.all(names.map(name => listVersions(layout, name)))
  const roots = new Set<Digest>([
    ...live.flatMap(({ digests }) => digests),
    ...versions.flat().map(({ digest }) => digest),
  ])
  const kept = new Set<string>()
  for (const root of roots) for (const digest of await readContents(layout, root)) kept.add(hexOf(digest))
  return kept
}

/** What a manifest that is damaged refers to is unknown, so nothing is collected then. */
async function readContents(layout: Layout, root: Digest): Promise<readonly Digest[]> {
  const { files } = await loadManifest(layout, root)
  const digests = files.map(({ digest }) => digest)
  for (const digest of digests) await findBlob(layout, digest)
  return [root, ...digests]
}

async function putInTrash(layout: Layout, names: readonly string[], work: Work): Promise<void> {
  for (const name of names) await tryToMove(join(layout.blobs, name), trashed(layout, name, work))
}

/** What has begun since the first look may rely on what was there then. */
async function checkAgain(layout: Layout, names: readonly string[], work: Work): Promise<void> {
  try {
    await refuseWriters(layout, work)
    const kept = await findKept(layout)
    // findKept has put back what it found missing.
    for (const name of names.filter(one => kept.has(one)))
      await tryToMove(trashed(layout, name, work), join(layout.blobs, name))
  } catch (thrown) {
    for (const name of names) await tryToMove(trashed(layout, name, work), join(layout.blobs, name))
    throw thrown
  }
}

async function refuseWriters(layout: Layout, work: Work): Promise<{ readonly dead: readonly string[] }> {
  const { live, dead } = await readLeases(layout)
  const writer = live.find(({ id, purpose }) => purpose === 'write' && id !== work.lease.id)
  if (writer === undefined) return { dead }
  throw new StartupError({
    code: 'model_in_use',
    found: `process ${writer.pid} on ${writer.machine.split(' ')[0]} is writing to ${layout.root}`,
    instead: `Run incant model gc again when it has ended. If that machine is gone, delete ${join(layout.leases, `${writer.id}.json`)}.`,
  })
}

/** Blobs that are needed have been put back, from whichever collection they were. */
async function emptyTrash(layout: Layout): Promise<void> {
  for (const folder of await listFolder(layout.trash)) await remove(join(layout.trash, folder))
}

function trashed(layout: Layout, name: string, work: Work): string {
  return join(layout.trash, work.lease.id, 'blobs', name)
}
