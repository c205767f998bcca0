import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { StartupError } from 'incant/internal/signature'
import type { Content } from '../content/content.ts'
import { type Digest, digestOf } from '../content/digest.ts'
import { PassingError, retrying } from '../transfer/retry.ts'
import { Authorizer } from './authorizer.ts'
import { type ImageIndex, type ImageManifest, MEDIA_TYPES, readImageDocument } from './documents.ts'
import type { Reference } from './reference.ts'
import { send } from './send.ts'

/** A document of an image, with the bytes that its digest is of. */
export interface ImageDocument {
  readonly digest: Digest
  readonly bytes: Buffer
  readonly document: ImageManifest | ImageIndex
}

/** A request to a registry. */
export interface RegistryRequest {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Opened anew for each attempt. */
  readonly body?: () => Readable
}

const ACCEPT = [MEDIA_TYPES.manifest, MEDIA_TYPES.index, MEDIA_TYPES.dockerManifest, MEDIA_TYPES.dockerIndex].join(', ')
/** Bytes of a manifest. The specification asks registries to take 4 MiB. */
const MAX_MANIFEST = 4 * 1024 ** 2

/** One repository of a registry that speaks the OCI distribution specification 1.1. */
export class Registry {
  readonly reference: Reference
  readonly #authorizer: Authorizer

  constructor(reference: Reference) {
    this.reference = reference
    this.#authorizer = new Authorizer(reference)
  }

  /**
   * The manifest or index of a tag or digest; without one, of the reference, or of `latest`. A digest is verified.
   *
   * @throws {StartupError} `image_not_found`, `invalid_image`, `registry_refused`, `registry_unavailable`.
   */
  async readDocument(name: string = this.#defaultName): Promise<ImageDocument> {
    const response = await this.retry(`manifests/${name}`, { headers: { accept: ACCEPT } })
    if (response.status === 404) throw this.#missing(name)
    if (!response.ok) throw await this.refusal(response)
    const bytes = await readLimited(response, MAX_MANIFEST)
    const digest = digestOf(bytes)
    if (name.startsWith('sha256:') && name !== digest) throw this.#corrupt(name)
    return { digest, bytes, document: readImageDocument(bytes, `${this.reference.repository}:${name}`) }
  }

  /** Whether a tag or a digest names a document, and the digest of it. */
  async findDocument(name: string): Promise<Digest | undefined> {
    const response = await this.retry(`manifests/${name}`, { method: 'HEAD', headers: { accept: ACCEPT } })
    if (response.status === 404) return undefined
    if (!response.ok) throw await this.refusal(response)
    // Not every registry sends the header.
    return (response.headers.get('docker-content-digest') as Digest | null) ?? (await this.readDocument(name)).digest
  }

  /** Writes a manifest or an index, under its digest or a tag. Its blobs are there already. */
  async writeDocument(
    content: Content,
    { name, mediaType }: { readonly name: string; readonly mediaType: string },
  ): Promise<void> {
    const headers = { 'content-type': mediaType, 'content-length': String(content.size) }
    const response = await this.retry(`manifests/${name}`, { method: 'PUT', headers, body: () => content.open() })
    if (!response.ok) throw await this.refusal(response)
    await response.body?.cancel()
  }

  async hasBlob(digest: Digest): Promise<boolean> {
    const response = await this.retry(`blobs/${digest}`, { method: 'HEAD' })
    if (!response.ok && response.status !== 404) throw await this.refusal(response)
    return response.ok
  }

  /**
   * Opens a blob at a byte, in one attempt.
   *
   * @returns The stream, and the byte it begins at: 0 where the registry reads no ranges.
   */
  async openBlob(digest: Digest, offset: number): Promise<{ readonly stream: Readable; readonly offset: number }> {
    const headers: Record<string, string> = offset === 0 ? {} : { range: `bytes=${offset}-` }
    const response = await this.request(`blobs/${digest}`, { headers })
    if (response.status === 404) throw this.#missing(digest)
    if (!response.ok || response.body === null) throw await this.refusal(response)
    // The type of Node's streams and that of the web are two declarations of one class.
    const stream = Readable.fromWeb(response.body as ReadableStream<Uint8Array>)
    return { stream, offset: response.status === 206 ? offset : 0 }
  }

  /** {@link request}, repeated while the failure may pass. */
  async retry(path: string | URL, request: RegistryRequest): Promise<Response> {
    return retrying(() => this.request(path, request)).catch(thrown => this.refuseUnreachable(thrown))
  }

  /**
   * One request; a challenge is answered.
   *
   * @param path - Below the repository, or where the registry has sent us.
   * @throws {PassingError}
   */
  async request(path: string | URL, request: RegistryRequest = {}): Promise<Response> {
    const { origin, repository } = this.reference
    const url = typeof path === 'string' ? new URL(`/v2/${repository}/${path}`, origin) : path
    const response = await this.#send(url, request)
    if (response.status !== 401) return response
    await response.body?.cancel()
    return (await this.#authorizer.answer(response)) ? this.#send(url, request) : response
  }

  async #send(url: URL, { method = 'GET', headers = {}, body }: RegistryRequest): Promise<Response> {
    const { header } = this.#authorizer
    return send(url, {
      method,
      // A place of another host, to which a registry may send an upload, does not get its credentials.
      headers: { ...headers, ...(header && url.origin === this.reference.origin && { authorization: header }) },
      ...(body === undefined ? {} : { body: Readable.toWeb(body()), duplex: 'half' }),
    })
  }

  /** Why a registry says no, in its own words. */
  async refusal(response: Response): Promise<StartupError> {
    const { registry, repository } = this.reference
    const reason = readReason(await response.text().catch(() => ''))
    const said = `${registry} answers with status ${response.status} for ${repository}${reason}`
    const isAccess = response.status === 401 || response.status === 403
    return new StartupError({
      code: 'registry_refused',
      found: said,
      instead: isAccess ? `Log in as a user who may use it: docker login ${registry}` : 'Check the name of the image.',
    })
  }

  /** What keeps failing is the failure to report. */
  refuseUnreachable(thrown: unknown): never {
    if (!(thrown instanceof PassingError)) throw thrown
    throw new StartupError({
      code: 'registry_unavailable',
      found: thrown.message,
      instead: 'Check the name of the registry and the network, then run the command again: what has arrived is kept.',
      cause: thrown,
    })
  }

  get #defaultName(): string {
    return this.reference.digest ?? this.reference.tag ?? 'latest'
  }

  #missing(name: string): StartupError {
    const { registry, repository } = this.reference
    const found = `${registry} has no ${name} in ${repository}`
    return new StartupError({ code: 'image_not_found', found, instead: 'Check the name and the tag.' })
  }

  #corrupt(name: string): StartupError {
    const found = `${this.reference.registry} answers for ${name} with something of another digest`
    return new StartupError({ code: 'invalid_image', found, instead: 'Do not use this registry.' })
  }
}

async function readLimited(response: Response, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > limit) {
      const instead = 'Name an image; this is not the manifest of one.'
      throw new StartupError({ code: 'invalid_image', found: `a manifest has more than ${limit} bytes`, instead })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** `{"errors":[{"code":"DENIED","message":"…"}]}` of the specification. */
function readReason(body: string): string {
  try {
    const { code, message }: Record<string, unknown> = JSON.parse(body).errors[0]
    return `: ${String(code)}${typeof message === 'string' ? `, ${message.slice(0, 200)}` : ''}`
  } catch {
    return ''
  }
}
