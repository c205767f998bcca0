import { Readable } from 'node:stream'
import { StartupError } from 'incant/internal/signature'
import { send } from '../../oci/send.ts'
import { showBytes } from '../../terminal/quantity.ts'
import { counted } from '../../transfer/counted.ts'
import type { OpenedSource } from '../../transfer/download.ts'
import { PassingError, retrying } from '../../transfer/retry.ts'
import { loadPeer } from './load-peer.ts'

/** The part of `aws4fetch` that is used: it signs requests. */
interface Signer {
  sign(url: string, init: SignedRequest): Promise<Request>
}

interface SignedRequest {
  readonly method: string
  readonly headers?: Readonly<Record<string, string>>
}

interface AwsModule {
  readonly AwsClient: new (options: Readonly<Record<string, unknown>>) => Signer
}

/** An object that is written. */
export interface NewObject {
  readonly size: number
  /** SHA-256, in hexadecimal: the server verifies it. */
  readonly sha256: string
  /** Opened anew for each attempt. */
  readonly open: () => Readable
  /** Whether it is refused where there is one of this key. */
  readonly isNew?: boolean
}

/** A folder of a bucket, on any server that speaks S3. */
export class Bucket {
  /** `s3://bucket/prefix` */
  readonly name: string
  readonly #base: string
  readonly #signer: Signer

  private constructor(name: string, base: string, signer: Signer) {
    this.name = name
    this.#base = base
    this.#signer = signer
  }

  /**
   * Opens `s3://BUCKET[/PREFIX]`. Credentials, region and the address of another server than Amazon's come from the variables
   * that other tools read: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_REGION`, `AWS_ENDPOINT_URL`.
   *
   * @throws {StartupError} `invalid_reference`, `peer_missing`, `registry_refused`.
   */
  static async open(given: string, environment: NodeJS.ProcessEnv): Promise<Bucket> {
    const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[\w.-]+)*)\/?$/.exec(given) ?? []
    if (bucket === undefined || /(^|\/)\.\.?(\/|$)/.test(prefix)) throw refuseName(given)
    const { AwsClient } = await loadPeer<AwsModule>('aws4fetch')
    const region = environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'] ?? 'us-east-1'
    const signer = new AwsClient({ ...readCredentials(environment), region, service: 's3' })
    const endpoint = environment['AWS_ENDPOINT_URL_S3'] ?? environment['AWS_ENDPOINT_URL']
    const host =
      endpoint === undefined
        ? `https://${bucket}.s3.${region}.amazonaws.com`
        : `${endpoint.replace(/\/$/, '')}/${bucket}`
    return new Bucket(given, `${host}${prefix}`, signer)
  }

  /** The size of an object, or undefined where there is none. */
  async sizeOf(key: string): Promise<number | undefined> {
    const response = await this.#request(key, { method: 'HEAD' })
    if (response.status === 404) return undefined
    if (!response.ok) throw this.#refusal(response)
    return Number(response.headers.get('content-length'))
  }

  /** A small object, or undefined where there is none. */
  async read(key: string): Promise<Buffer | undefined> {
    const response = await this.#request(key, { method: 'GET' })
    if (response.status === 404) return undefined
    if (!response.ok) throw this.#refusal(response)
    return Buffer.from(await response.arrayBuffer())
  }

  /** Opens an object at a byte, in one attempt. */
  async openAt(key: string, offset: number): Promise<OpenedSource> {
    const headers: Record<string, string> = offset === 0 ? {} : { range: `bytes=${offset}-` }
    const response = await this.#send(key, { method: 'GET', headers })
    if (!response.ok || response.body === null) throw this.#refusal(response)
    // The type of Node's streams and that of the web are two declarations of one class.
    const stream = Readable.fromWeb(response.body as ReadableStream<Uint8Array>)
    return { stream, offset: response.status === 206 ? offset : 0 }
  }

  /**
   * Writes an object.
   *
   * @returns Whether it was written: not, where it was to be new and is there.
   */
  async write(key: string, object: NewObject, onBytes: (bytes: number) => void = () => {}): Promise<boolean> {
    const { size, sha256, open, isNew = false } = object
    if (size > MOST_BYTES) throw tooLarge(size)
    const headers = {
      'content-length': String(size),
      'x-amz-content-sha256': sha256,
      ...(isNew ? { 'if-none-match': '*' } : {}),
    }
    const response = await this.#retry(() => {
      let sent = 0
      const body = () =>
        counted(open(), bytes => {
          sent += bytes
          onBytes(bytes)
        })
      return this.#send(key, { method: 'PUT', headers }, body).catch((thrown: unknown) => {
        onBytes(-sent)
        throw thrown
      })
    })
    if (response.status === 412 || response.status === 409) return false
    if (!response.ok) throw this.#refusal(response)
    await response.body?.cancel()
    return true
  }

  /** What keeps failing is the failure to report. */
  refuseUnreachable(thrown: unknown): never {
    if (!(thrown instanceof PassingError)) throw thrown
    throw new StartupError({
      code: 'registry_unavailable',
      found: thrown.message,
      instead:
        'Check AWS_ENDPOINT_URL, AWS_REGION and the network, then run the command again: what has arrived is kept.',
      cause: thrown,
    })
  }

  #request(key: string, request: SignedRequest): Promise<Response> {
    return this.#retry(() => this.#send(key, request))
  }

  #retry(attempt: () => Promise<Response>): Promise<Response> {
    return retrying(attempt).catch(thrown => this.refuseUnreachable(thrown))
  }

  /** The body is not part of what is signed: its digest is. */
  async #send(key: string, request: SignedRequest, body?: () => Readable): Promise<Response> {
    const { url, headers, method } = await this.#signer.sign(`${this.#base}/${key}`, request)
    const init = body === undefined ? {} : { body: Readable.toWeb(body()), duplex: 'half' as const }
    return send(new URL(url), { method, headers, ...init })
  }

  #refusal({ status }: Response): StartupError {
    return new StartupError({
      code: 'registry_refused',
      found: `${this.name} answers with status ${status}`,
      instead:
        status === 404
          ? 'Check the name of the bucket.'
          : 'Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION, and what this user may do with the bucket.',
    })
  }
}

function readCredentials(environment: NodeJS.ProcessEnv): Readonly<Record<string, unknown>> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment
  if (!accessKeyId || !secretAccessKey) {
    throw new StartupError({
      code: 'registry_refused',
      found: 'there are no credentials for S3',
      instead:
        'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. aws configure export-credentials --format env prints them.',
    })
  }
  const sessionToken = environment['AWS_SESSION_TOKEN']
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
}

/** Bytes that S3 takes in one request. */
const MOST_BYTES = 5 * 1024 ** 3

function tooLarge(size: number): StartupError {
  return new StartupError({
    code: 'registry_refused',
    found: `a file has ${showBytes(size)}, and S3 takes at most ${showBytes(MOST_BYTES)} in one request`,
    instead: 'Divide the file, or push to a registry of images.',
  })
}

function refuseName(given: string): StartupError {
  return new StartupError({
    code: 'invalid_reference',
    found: `${JSON.stringify(given)} is not a folder of a bucket`,
    instead: 'Write s3://BUCKET/PREFIX, such as s3://models/production.',
  })
}
