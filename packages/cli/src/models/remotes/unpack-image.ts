import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { StartupError } from 'incant/internal/signature'
import { DigestStream } from '../../content/digest.ts'
import { type ReadEntry, readTar } from '../../content/tar.ts'
import { MANIFEST } from '../../files/model-manifest.ts'
import { keepBlob } from '../store/blobs.ts'
import type { Layout } from '../store/layout.ts'
import type { Work } from '../store/leases.ts'
import { MAX_MANIFEST, type ModelFile, type ModelManifest, readManifest } from '../store/manifest.ts'
import { FOLDER } from './model-image.ts'

/** A layer of an image as a file. */
export interface LayerFile {
  readonly path: string
  readonly mediaType: string
}

/**
 * Takes the files of a version out of the layers of an image, into the store. Only files that the list in the first layer names are
 * written, at most with the sizes that it says, and each must have its digest.
 *
 * @param origin - The name of the image, for errors.
 * @throws {StartupError} `invalid_model`
 */
export async function unpackImage(
  layers: readonly LayerFile[],
  target: { readonly layout: Layout; readonly work: Work },
  origin: string,
): Promise<ModelManifest> {
  const unpacker = new Unpacker(target.layout, target.work, origin)
  await mkdir(target.work.folder, { recursive: true })
  for (const layer of layers) await unpacker.readLayer(layer)
  return unpacker.finish()
}

class Unpacker {
  readonly #layout: Layout
  readonly #work: Work
  readonly #origin: string
  readonly #missing = new Map<string, ModelFile>()
  #manifest: ModelManifest | undefined

  constructor(layout: Layout, work: Work, origin: string) {
    this.#layout = layout
    this.#work = work
    this.#origin = origin
  }

  async readLayer({ path, mediaType }: LayerFile): Promise<void> {
    const file = createReadStream(path)
    const archive = /gzip$/.test(mediaType) ? file.pipe(createGunzip()) : file
    file.on('error', failure => archive.destroy(failure))
    let seen = 0
    await readTar(archive, async entry => {
      seen += 1
      // An archive of many empty entries costs time for each of them.
      if (seen > MOST_ENTRIES) throw this.#invalid(`has a layer of more than ${MOST_ENTRIES} entries`)
      await this.#readEntry(entry)
    }).catch((thrown: unknown) => {
      throw StartupError.is(thrown) ? thrown : this.#invalid('has a layer that is no whole archive', thrown)
    })
  }

  finish(): ModelManifest {
    const [missing] = this.#missing.keys()
    if (this.#manifest === undefined) throw this.#invalid(`has no ${FOLDER}/${MANIFEST}`)
    if (missing !== undefined) throw this.#invalid(`lacks ${missing}`)
    return this.#manifest
  }

  /** What lies outside of the folder belongs to an image below, such as a base with a shell. */
  async #readEntry(entry: ReadEntry): Promise<void> {
    const full = entry.path.replace(/^\.\//, '')
    if (!full.startsWith(`${FOLDER}/`) || entry.kind === 'folder') return
    const path = full.slice(FOLDER.length + 1)
    if (entry.kind !== 'file') throw this.#invalid(`has ${path}, which is neither a file nor a folder`)
    if (path === MANIFEST) return this.#readList(entry)
    await this.#readFile(path, entry)
  }

  async #readList({ size, stream }: ReadEntry): Promise<void> {
    if (this.#manifest !== undefined) throw this.#invalid(`has ${MANIFEST} twice`)
    if (size > MAX_MANIFEST) throw this.#invalid(`has a list of files of more than ${MAX_MANIFEST} bytes`)
    this.#manifest = readManifest(await collect(stream), `${MANIFEST} of ${this.#origin}`)
    for (const file of this.#manifest.files) this.#missing.set(file.path, file)
  }

  async #readFile(path: string, { size, stream }: ReadEntry): Promise<void> {
    const file = this.#missing.get(path)
    if (this.#manifest === undefined) throw this.#invalid(`has ${path} before the list of its files`)
    if (file === undefined) throw this.#invalid(`has ${path}, which its list does not name, or has it twice`)
    if (size !== file.size) throw this.#invalid(`has ${path} with ${size} bytes in place of ${file.size}`)
    const draft = this.#work.draft()
    const counter = new DigestStream()
    await pipeline(stream, counter, createWriteStream(draft, { flags: 'wx', flush: true }))
    if (counter.finish() !== file.digest) throw this.#invalid(`has ${path} with other bytes than its list says`)
    await keepBlob(this.#layout, { draft, digest: file.digest, size })
    this.#missing.delete(path)
  }

  #invalid(fault: string, cause?: unknown): StartupError {
    return new StartupError({
      code: 'invalid_model',
      found: `${this.#origin} ${fault}`,
      instead: 'Name what incant model export or incant model push has written.',
      cause,
    })
  }
}

const MOST_ENTRIES = 1_000_000

async function collect(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  // An archive's stream has no more of Node's interface than this, and gives buffers.
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}
