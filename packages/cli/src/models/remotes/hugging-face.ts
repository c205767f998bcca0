import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { StartupError } from 'incant/internal/signature'
import { hexOf, isDigest } from '../../content/digest.ts'
import { download, type OpenedSource } from '../../transfer/download.ts'
import { inParallel } from '../../transfer/parallel.ts'
import { PassingError, retrying } from '../../transfer/retry.ts'
import { addBytes, findBlob, keepBlob, type Blob as StoredBlob } from '../store/blobs.ts'
import type { Layout } from '../store/layout.ts'
import type { Work } from '../store/leases.ts'
import { MAX_FILES, type ModelManifest, makeManifest } from '../store/manifest.ts'
import { checkPaths } from '../store/paths.ts'
import { adoptPartial } from './adopt-partial.ts'
import { loadPeer } from './load-peer.ts'

/** Files that travel at the same time. */
const PARALLEL = 4
const COMMIT = /^[0-9a-f]{40}$/

/** The part of `@huggingface/hub` that is used. */
interface HubModule {
  modelInfo(options: HubOptions & { readonly name: string; readonly additionalFields: readonly ['sha'] }): Promise<{
    readonly sha?: string
  }>
  listFiles(options: HubOptions & { readonly repo: string; readonly recursive: true }): AsyncIterable<ListedFile>
  downloadFile(options: HubOptions & { readonly repo: string; readonly path: string }): Promise<Blob | null>
}

interface HubOptions {
  readonly revision: string
  readonly hubUrl?: string
  readonly accessToken?: string
}

interface ListedFile {
  readonly type: string
  readonly path: string
  readonly size: number
  /** Of git: the SHA-1 of a small file. */
  readonly oid?: string
  /** Of a large file: its SHA-256. */
  readonly lfs?: { readonly oid: string; readonly size: number }
}

/** A repository of Hugging Face at one commit. */
export interface RemoteRepository {
  readonly hub: HubModule
  readonly repo: string
  /** The files that are wanted. */
  readonly files: readonly ListedFile[]
  /** `hf:org/name@COMMIT` */
  readonly reference: string
  readonly options: HubOptions
}

/**
 * Finds `hf:ORG/NAME[@REVISION]`, and pins it to the commit that the revision is now.
 *
 * @param only - Files and folders that are wanted. None: all.
 * @throws {StartupError} `invalid_reference`, `peer_missing`, `model_not_found`, `registry_refused`, `registry_unavailable`, `invalid_model`.
 */
export async function findRepository(given: string, only: readonly string[]): Promise<RemoteRepository> {
  const [, repo, revision = 'main'] = /^hf:(?:\/\/)?([\w.-]+\/[\w.-]+)(?:@([\w./-]+))?$/.exec(given) ?? []
  if (repo === undefined) throw refuseName(given)
  const hub = await loadPeer<HubModule>('@huggingface/hub')
  const { HF_ENDPOINT, HF_TOKEN } = process.env
  const access = { ...(HF_ENDPOINT && { hubUrl: HF_ENDPOINT }), ...(HF_TOKEN && { accessToken: HF_TOKEN }) }
  const commit = await ask(given, async () => {
    const { sha } = await hub.modelInfo({ ...access, name: repo, revision, additionalFields: ['sha'] })
    return sha ?? ''
  })
  if (!COMMIT.test(commit)) throw invalid(given, 'does not say which commit it is')
  const options = { ...access, revision: commit }
  const files = await ask(given, () => list(hub, { ...options, repo, recursive: true }))
  const wanted = files.filter(({ path }) => only.length === 0 || only.some(one => isBelow(path, one)))
  if (wanted.length === 0) throw invalid(given, 'has no such file')
  checkPaths(
    wanted.map(({ path }) => path),
    given,
  )
  return { hub, repo, files: wanted, reference: `hf:${repo}@${commit}`, options }
}

async function list(hub: HubModule, options: Parameters<HubModule['listFiles']>[0]): Promise<readonly ListedFile[]> {
  const files: ListedFile[] = []
  for await (const file of hub.listFiles(options)) {
    if (file.type === 'file') files.push(file)
    if (files.length > MAX_FILES) throw invalid(options.repo, `has more than ${MAX_FILES} files`)
  }
  return files
}

function isBelow(path: string, wanted: string): boolean {
  return path === wanted || path.startsWith(`${wanted.replace(/\/+$/, '')}/`)
}

/** The size of a file, of its content where git has a pointer. */
export function sizeOfListed({ size, lfs }: Pick<ListedFile, 'size' | 'lfs'>): number {
  return lfs?.size ?? size
}

/** Downloads files that the store does not have, several at a time, continued after a break and verified. */
export async function downloadRepository(
  repository: RemoteRepository,
  target: { readonly layout: Layout; readonly work: Work },
  onBytes: (bytes: number) => void,
): Promise<ModelManifest> {
  const files = await inParallel(repository.files, PARALLEL, async file => ({
    path: file.path,
    ...(await new FileDownload(repository, file).run(target, onBytes)),
  }))
  return makeManifest(files)
}

/** One file of a repository. */
class FileDownload {
  readonly #repository: RemoteRepository
  readonly #file: ListedFile

  constructor(repository: RemoteRepository, file: ListedFile) {
    this.#repository = repository
    this.#file = file
  }

  async run(
    target: { readonly layout: Layout; readonly work: Work },
    onBytes: (bytes: number) => void,
  ): Promise<StoredBlob> {
    const { lfs } = this.#file
    const digest = `sha256:${lfs?.oid ?? ''}`
    const size = sizeOfListed(this.#file)
    if (lfs === undefined || !isDigest(digest)) return this.#fetchSmall(target, onBytes)
    const isThere = (await findBlob(target.layout, digest)) !== undefined
    if (isThere) onBytes(size)
    else await this.#fetchLarge({ digest, size }, target, onBytes)
    return { digest, size }
  }

  async #fetchLarge(
    blob: StoredBlob,
    { layout, work }: { readonly layout: Layout; readonly work: Work },
    onBytes: (bytes: number) => void,
  ): Promise<void> {
    const name = `download-${hexOf(blob.digest)}`
    await adoptPartial(layout, { name, work })
    const path = join(work.folder, name)
    let before = 0
    const onProgress = (bytes: number): void => {
      onBytes(bytes - before)
      before = bytes
    }
    const { reference } = this.#repository
    const isRight = await ask(reference, () => download({ ...blob, path, onProgress, open: at => this.#openAt(at) }))
    if (!isRight) throw invalid(reference, `sends ${this.#file.path} with other bytes than its digest says`)
    await keepBlob(layout, { draft: path, ...blob })
  }

  /** Git knows a small file by its SHA-1, which is that of its size and its bytes. */
  async #fetchSmall(
    { layout, work }: { readonly layout: Layout; readonly work: Work },
    onBytes: (bytes: number) => void,
  ): Promise<StoredBlob> {
    const { path, oid } = this.#file
    const { reference } = this.#repository
    const bytes = await ask(reference, () =>
      retrying(async () => Buffer.from(await (await this.#open()).arrayBuffer())),
    )
    const found = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
    if (oid !== found) throw invalid(reference, `sends ${path} with other bytes than its commit has`)
    onBytes(bytes.length)
    return addBytes(layout, bytes, work)
  }

  async #openAt(offset: number): Promise<OpenedSource> {
    const blob = await this.#open()
    const stream = (offset === 0 ? blob : blob.slice(offset)).stream()
    // The type of Node's streams and that of the web are two declarations of one class.
    return { stream: Readable.fromWeb(stream as never), offset }
  }

  async #open(): Promise<Blob> {
    const { hub, repo, options, reference } = this.#repository
    const { path } = this.#file
    const blob = await hub.downloadFile({ ...options, repo, path }).catch((thrown: unknown) => {
      throw statusOf(thrown) === undefined || Number(statusOf(thrown)) >= 500
        ? new PassingError(String(thrown), { cause: thrown })
        : thrown
    })
    if (blob === null) throw invalid(reference, `has no ${path}`)
    return blob
  }
}

/** Does something with the hub, whose errors have the status of an answer. */
async function ask<Result>(name: string, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run()
  } catch (cause) {
    if (StartupError.is(cause)) throw cause
    throw describeFailure(name, cause)
  }
}

function describeFailure(name: string, cause: unknown): StartupError {
  const status = statusOf(cause)
  if (status === 404) {
    const instead = 'Check name and revision. For a private repository set HF_TOKEN.'
    return new StartupError({ code: 'model_not_found', found: `there is no ${name}`, instead, cause })
  }
  if (status !== undefined && status < 500) {
    const instead = 'Set HF_TOKEN to a token of a user who may read it, and accept its terms on its page.'
    return new StartupError({
      code: 'registry_refused',
      found: `${name} is refused with status ${status}`,
      instead,
      cause,
    })
  }
  const reason = String(Reflect.get(Object(cause), 'message') ?? cause)
  const instead = 'Check the network, or HF_ENDPOINT, then run the command again: what has arrived is kept.'
  return new StartupError({ code: 'registry_unavailable', found: `${name} cannot be read: ${reason}`, instead, cause })
}

function statusOf(thrown: unknown): number | undefined {
  const status: unknown = Reflect.get(Object(thrown), 'statusCode')
  return typeof status === 'number' ? status : undefined
}

function refuseName(given: string): StartupError {
  return new StartupError({
    code: 'invalid_reference',
    found: `${JSON.stringify(given)} is not a repository of Hugging Face`,
    instead: 'Write hf:ORG/NAME or hf:ORG/NAME@REVISION.',
  })
}

function invalid(name: string, fault: string): StartupError {
  return new StartupError({
    code: 'invalid_model',
    found: `${name} ${fault}`,
    instead: 'Name another repository or revision.',
  })
}
