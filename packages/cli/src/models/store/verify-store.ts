import { join } from 'node:path'
import { formatModelId, StartupError } from 'incant/internal/signature'
import { type Digest, hexOf, isDigest } from '../../content/digest.ts'
import { findBlob, loadManifest } from './blobs.ts'
import { listModels, listVersions, type Version } from './catalog.ts'
import { findFault } from './check-files.ts'
import { listFolder, remove } from './disk.ts'
import { hashFile } from './hash-file.ts'
import type { Layout } from './layout.ts'
import { readLeases } from './leases.ts'
import type { ModelFile } from './manifest.ts'

/** The state of a store, or of one version in it. */
export interface Verified {
  readonly versions: number
  /** How many contents were read, and their bytes. */
  readonly blobs: number
  readonly bytes: number
  /** What is damaged, one sentence each. */
  readonly problems: readonly string[]
  /** Pieces of work whose process died. They harm nothing; `gc` removes them. */
  readonly abandoned: number
}

/** What to verify, and what to do about damage. */
export interface VerifyOptions {
  /** One version. Default: all, and blobs that none has. */
  readonly version?: Version | undefined
  /** Whether damaged blobs are deleted, so that the next create, import or pull of their version brings them anew. */
  readonly repair: boolean
  readonly onBytes?: ((bytes: number) => void) | undefined
}

/** Reads every byte of what is stored, and compares it with its digest. */
export async function verifyStore(layout: Layout, options: VerifyOptions): Promise<Verified> {
  const versions = options.version === undefined ? await allVersions(layout) : [options.version]
  const verifier = new Verifier(layout, options)
  for (const version of versions) await verifier.checkVersion(version)
  if (options.version === undefined) await verifier.checkOthers()
  const { dead } = await readLeases(layout)
  const { blobs, bytes, problems } = verifier
  return { versions: versions.length, blobs, bytes, problems, abandoned: dead.length }
}

async function allVersions(layout: Layout): Promise<readonly Version[]> {
  const names = await listModels(layout)
  return (await Promise.all(names.map(name => listVersions(layout, name)))).flat()
}

class Verifier {
  readonly problems: string[] = []
  blobs = 0
  bytes = 0
  readonly #layout: Layout
  readonly #options: VerifyOptions
  /** Each content is read once, however many versions have it. */
  readonly #faults = new Map<Digest, string | undefined>()

  constructor(layout: Layout, options: VerifyOptions) {
    this.#layout = layout
    this.#options = options
  }

  async checkVersion(version: Version): Promise<void> {
    const id = formatModelId(version)
    try {
      const { files, bytes } = await loadManifest(this.#layout, version.digest)
      this.#faults.set(version.digest, undefined)
      this.#count(bytes.length)
      for (const file of files) await this.#checkFile(id, file)
    } catch (thrown) {
      if (!StartupError.is(thrown)) throw thrown
      this.problems.push(`${id}: ${thrown.found}`)
      await this.#repair(version.digest)
    }
  }

  /** Blobs of no version: the next one with the same file would take them as they are. */
  async checkOthers(): Promise<void> {
    for (const hex of await listFolder(this.#layout.blobs)) {
      const digest: Digest = `sha256:${hex}`
      if (!isDigest(digest) || this.#faults.has(digest)) continue
      const found = await hashFile(join(this.#layout.blobs, hex), this.#options.onBytes)
      this.#count(found.size)
      if (found.digest === digest) continue
      this.problems.push(`${this.#layout.blob(digest)} has other bytes than its name says, and belongs to no version`)
      await this.#repair(digest)
    }
  }

  async #checkFile(id: string, file: ModelFile): Promise<void> {
    const { digest, path, size } = file
    const isRead = this.#faults.has(digest)
    const fault = isRead ? this.#faults.get(digest) : await this.#findFault(file)
    this.#faults.set(digest, fault)
    if (!isRead) this.#count(size)
    if (fault === undefined) return
    this.problems.push(`${id}: ${path} ${fault} (${hexOf(digest)})`)
    await this.#repair(digest)
  }

  async #findFault(file: ModelFile): Promise<string | undefined> {
    const blob = (await findBlob(this.#layout, file.digest)) ?? this.#layout.blob(file.digest)
    return findFault(blob, file, { digests: true, onBytes: this.#options.onBytes })
  }

  #count(bytes: number): void {
    this.blobs += 1
    this.bytes += bytes
  }

  async #repair(digest: Digest): Promise<void> {
    if (this.#options.repair) await remove(this.#layout.blob(digest))
  }
}
