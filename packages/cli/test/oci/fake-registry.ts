import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** What a registry does beside what the specification asks for. */
export interface Habits {
  /** Asks for a token, which its service gives for this user and password. */
  readonly login?: string
  /** Ends the connection of the first upload, or download, after this many bytes. */
  readonly breakUploadAfter?: number
  readonly breakDownloadAfter?: number
  /** Knows the state of an upload whose connection broke. */
  readonly resumes?: boolean
  /** Answers the first request of all with 503. */
  readonly isBusy?: boolean
  /** Sends other bytes than were asked for. */
  readonly lies?: boolean
}

/** A registry in memory, with what it was asked. */
export interface FakeRegistry {
  readonly host: string
  /** `PUT /v2/words/blobs/…`, in order. */
  readonly requests: readonly string[]
  readonly blobs: ReadonlyMap<string, Buffer>
}

/** Starts a registry that breaks connections where it is told to; it stops when the test is over. */
export async function startRegistry(habits: Habits = {}): Promise<FakeRegistry> {
  const registry = new RegistryInMemory(habits)
  const server = createServer((request, response) => void registry.answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  // A server that listens on an address and a port.
  const { port } = server.address() as AddressInfo
  return { host: `127.0.0.1:${port}`, requests: registry.requests, blobs: registry.blobs }
}

class RegistryInMemory {
  readonly requests: string[] = []
  readonly blobs = new Map<string, Buffer>()
  readonly #manifests = new Map<string, { readonly type: string; readonly bytes: Buffer }>()
  readonly #uploads = new Map<string, Buffer>()
  readonly #habits: Habits
  #breaksUpload: boolean
  #breaksDownload: boolean
  #isBusy: boolean

  constructor(habits: Habits) {
    this.#habits = habits
    this.#isBusy = habits.isBusy ?? false
    this.#breaksUpload = habits.breakUploadAfter !== undefined
    this.#breaksDownload = habits.breakDownloadAfter !== undefined
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', `http://${request.headers.host}`)
    this.requests.push(`${request.method} ${url.pathname}`)
    if (url.pathname === '/token') return this.#giveToken(request, response)
    if (this.#isBusy) {
      this.#isBusy = false
      response.writeHead(503, { 'retry-after': '0' }).end()
    } else if (this.#habits.login !== undefined && request.headers.authorization !== 'Bearer good') {
      const challenge = `Bearer realm="${url.origin}/token",service="fake",scope="repository:words:pull,push"`
      response.writeHead(401, { 'www-authenticate': challenge }).end()
    } else if (url.pathname.includes('/manifests/')) await this.#answerManifest(request, response, url)
    else if (url.pathname.includes('/uploads/')) await this.#answerUpload(request, response, url)
    else this.#answerBlob(request, response, url)
  }

  #giveToken(request: IncomingMessage, response: ServerResponse): void {
    const given = Buffer.from(request.headers.authorization?.slice('Basic '.length) ?? '', 'base64').toString()
    if (given === this.#habits.login) response.end(JSON.stringify({ token: 'good' }))
    else response.writeHead(401).end()
  }

  async #answerManifest(request: IncomingMessage, response: ServerResponse, { pathname }: URL): Promise<void> {
    const name = pathname.split('/').at(-1) ?? ''
    if (request.method === 'PUT') {
      const bytes = Buffer.concat(await request.toArray())
      const manifest = { type: request.headers['content-type'] ?? '', bytes }
      this.#manifests.set(name, manifest).set(digest(bytes), manifest)
      response.writeHead(201).end()
      return
    }
    const found = this.#manifests.get(name)
    if (found === undefined) response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}')
    else
      response
        .writeHead(200, { 'content-type': found.type, 'docker-content-digest': digest(found.bytes) })
        .end(request.method === 'HEAD' ? undefined : found.bytes)
  }

  async #answerUpload(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const id = url.pathname.split('/').at(-1) || String(this.#uploads.size + 1)
    const location = `/v2/words/blobs/uploads/${id}?state=x`
    if (request.method === 'POST') {
      this.#uploads.set(id, Buffer.alloc(0))
      response.writeHead(202, { location }).end()
    } else if (request.method === 'GET') {
      const size = this.#uploads.get(id)?.length ?? 0
      if (this.#habits.resumes) response.writeHead(204, { location, range: `0-${Math.max(0, size - 1)}` }).end()
      else response.writeHead(404).end()
    } else await this.#receive(request, response, { id, url })
  }

  async #receive(request: IncomingMessage, response: ServerResponse, { id, url }: { id: string; url: URL }) {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      const all = Buffer.concat([this.#uploads.get(id) ?? Buffer.alloc(0), chunk])
      this.#uploads.set(id, all)
      if (this.#breaksUpload && all.length > (this.#habits.breakUploadAfter ?? 0)) {
        this.#breaksUpload = false
        request.socket.destroy()
        return
      }
    }
    const bytes = this.#uploads.get(id) ?? Buffer.alloc(0)
    if (digest(bytes) !== url.searchParams.get('digest')) {
      response.writeHead(400).end('{"errors":[{"code":"DIGEST_INVALID","message":"other bytes"}]}')
      return
    }
    this.blobs.set(digest(bytes), bytes)
    response.writeHead(201).end()
  }

  #answerBlob(request: IncomingMessage, response: ServerResponse, { pathname }: URL): void {
    const bytes = this.blobs.get(pathname.split('/').at(-1) ?? '')
    if (bytes === undefined) {
      response.writeHead(404).end()
      return
    }
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': bytes.length - start })
    if (request.method === 'HEAD') response.end()
    else if (this.#breaksDownload) {
      this.#breaksDownload = false
      response.write(bytes.subarray(0, this.#habits.breakDownloadAfter), () => response.destroy())
    } else response.end(this.#habits.lies ? Buffer.alloc(bytes.length - start) : bytes.subarray(start))
  }
}

function digest(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
