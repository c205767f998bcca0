import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { type Message, toRequest } from './to-request.ts'

/** What a {@link StdioServer} talks to. */
export interface StdioServerOptions {
  /** Answers a request as it would come over HTTP. */
  readonly fetch: (request: Request) => Response | Promise<Response>
  /** Writes a line to the client. */
  readonly write: (line: string) => unknown
}

/**
 * The Model Context Protocol over standard input and output, a message a line.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/stdio
 */
export class StdioServer {
  readonly #options: StdioServerOptions
  /** Requests that are being answered, by their ids. */
  readonly #running = new Map<unknown, AbortController>()

  constructor(options: StdioServerOptions) {
    this.#options = options
  }

  /** Answers messages until the input ends, which is how a client says that it leaves, and what came until then is answered. */
  async run(input: Readable): Promise<void> {
    const answering = new Set<Promise<void>>()
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line.trim() === '') continue
      const answered = this.#take(line).finally(() => answering.delete(answered))
      answering.add(answered)
    }
    await Promise.allSettled(answering)
  }

  async #take(line: string): Promise<void> {
    const message = parse(line)
    if (message === undefined) return this.#send(PARSE_ERROR)
    if (message.method === 'notifications/cancelled') return this.#cancel(message.params)
    const controller = new AbortController()
    if (message.id !== undefined) this.#running.set(message.id, controller)
    try {
      await this.#answer(toRequest(line, message, controller.signal))
    } catch {
      // Only a request that was cancelled fails here, and gets no answer.
    } finally {
      this.#running.delete(message.id)
    }
  }

  async #answer(request: Request): Promise<void> {
    const response = await this.#options.fetch(request)
    if (response.status === 202) return
    const isStream = response.headers.get('content-type') === 'text/event-stream'
    if (!isStream || response.body === null) return this.#send(await response.text())
    for await (const event of readEvents(response.body)) this.#send(event)
  }

  #cancel(params: unknown): void {
    const isNamed = typeof params === 'object' && params !== null && 'requestId' in params
    if (isNamed) this.#running.get(params.requestId)?.abort()
  }

  #send(message: string): void {
    this.#options.write(`${message}\n`)
  }
}

const PARSE_ERROR = JSON.stringify({ jsonrpc: '2.0', error: { code: -32700, message: 'The line is no JSON object.' } })

function parse(line: string): Message | undefined {
  try {
    const message: unknown = JSON.parse(line)
    return typeof message === 'object' && message !== null ? message : undefined
  } catch {
    return undefined
  }
}

/** The data of each event of a stream. Events of the server have one line of it. */
async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    const events = (rest + decoder.decode(chunk, { stream: true })).split('\n\n')
    rest = events.pop() ?? ''
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1]
      if (data !== undefined) yield data
    }
  }
}
