import { constants } from 'node:fs'
import { chmod, copyFile, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StartupError } from 'incant/internal/signature'
import { type Digest, digestOf, hexOf } from '../../content/digest.ts'
import { listFolder, moveTo, sizeOf, tryToMove, writeNew } from './disk.ts'
import { hashFile } from './hash-file.ts'
import type { Layout } from './layout.ts'
import type { Work } from './leases.ts'
import { type ModelManifest, readManifest } from './manifest.ts'

/** A content of the store. */
export interface Blob {
  readonly digest: Digest
  /** Bytes. */
  readonly size: number
}

/** The path of a blob, or undefined where the store does not have it. One that lies in the trash is put back. */
export async function findBlob(layout: Layout, digest: Digest): Promise<string | undefined> {
  const path = layout.blob(digest)
  if ((await sizeOf(path)) !== undefined) return path
  for (const folder of await listFolder(layout.trash)) {
    const trashed = join(layout.trash, folder, 'blobs', hexOf(digest))
    if (await tryToMove(trashed, path)) return path
  }
  return (await sizeOf(path)) === undefined ? undefined : path
}

/** Copies a file into the store, by a reference to the same blocks where the file system knows that. */
export async function addFile(layout: Layout, path: string, work: Work): Promise<Blob> {
  const draft = work.draft()
  await copyFile(path, draft, constants.COPYFILE_FICLONE)
  // A read-only file is copied with its mode. What is hashed is the copy, in case the file changes meanwhile.
  await chmod(draft, 0o644)
  const blob = await hashFile(draft)
  await syncFile(draft)
  await keepBlob(layout, { draft, ...blob })
  return blob
}

/** Puts some bytes into the store. */
export async function addBytes(layout: Layout, bytes: Uint8Array, work: Work): Promise<Blob> {
  const draft = work.draft()
  const blob = { digest: digestOf(bytes), size: bytes.length }
  await writeNew(draft, bytes)
  await keepBlob(layout, { draft, ...blob })
  return blob
}

/** Makes a finished file, whose bytes are on disk, a blob of the store. */
export async function keepBlob(
  layout: Layout,
  { draft, digest, size }: Blob & { readonly draft: string },
): Promise<void> {
  const present = await findBlob(layout, digest)
  if (present !== undefined && (await sizeOf(present)) === size) return
  await chmod(draft, 0o444)
  await moveTo(draft, layout.blob(digest))
}

/**
 * The manifest of a version.
 *
 * @throws {StartupError} `model_damaged`
 */
export async function loadManifest(layout: Layout, digest: Digest): Promise<ModelManifest> {
  const path = await findBlob(layout, digest)
  if (path === undefined) throw damaged(layout.blob(digest), 'is missing')
  const bytes = await readFile(path)
  if (digestOf(bytes) !== digest) throw damaged(path, 'does not have the bytes that it was stored with')
  return readManifest(bytes, path)
}

/** The error of a file of the store that is not as it was written. */
export function damaged(path: string, fault: string): StartupError {
  return new StartupError({
    code: 'model_damaged',
    found: `${path} ${fault}`,
    instead:
      'Take damaged files away: incant model verify --repair. Then create, import or pull the same version again, which restores them.',
  })
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
