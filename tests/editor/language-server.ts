import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const root = new URL('../../', import.meta.url)

/** The language server of the TypeScript compiler, as an editor talks to it. */
export class LanguageServer {
  readonly #child: ChildProcess
  readonly #answers = new Map<number, (message: { result?: unknown; error?: { message: string } }) => void>()
  #received = Buffer.alloc(0)
  #last = 0

  private constructor(child: ChildProcess) {
    this.#child = child
    child.stdout?.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk])
      for (let text = this.#take(); text !== undefined; text = this.#take()) this.#receive(text)
    })
  }

  static async start(): Promise<LanguageServer> {
    const compiler = fileURLToPath(new URL('node_modules/typescript/bin/tsc', root))
    const server = new LanguageServer(
      spawn(process.execPath, [compiler, '--lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] }),
    )
    await server.request('initialize', {
      processId: process.pid,
      rootUri: root.href,
      capabilities: { textDocument: { hover: { contentFormat: ['markdown'] } } },
    })
    server.notify('initialized', {})
    return server
  }

  async close(): Promise<void> {
    const closed = once(this.#child, 'close')
    await this.request('shutdown')
    this.notify('exit')
    await closed
  }

  request(method: string, params?: object): Promise<unknown> {
    this.#last += 1
    const id = this.#last
    const { promise, resolve, reject } = withResolvers()
    this.#answers.set(id, ({ result, error }) =>
      error === undefined ? resolve(result) : reject(new Error(error.message)),
    )
    this.#send({ id, method, params })
    return promise
  }

  notify(method: string, params?: object): void {
    this.#send({ method, params })
  }

  #send(message: object): void {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message })
    this.#child.stdin?.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
  }

  /** The next whole message. */
  #take(): string | undefined {
    const end = this.#received.indexOf('\r\n\r\n')
    if (end < 0) return undefined
    const length = Number(/Content-Length: (\d+)/i.exec(this.#received.toString('latin1', 0, end))?.[1])
    const next = end + 4 + length
    if (this.#received.length < next) return undefined
    const text = this.#received.toString('utf8', end + 4, next)
    this.#received = this.#received.subarray(next)
    return text
  }

  #receive(text: string): void {
    const message: { id?: number; method?: string; result?: unknown; error?: { message: string } } = JSON.parse(text)
    // What the server asks of an editor is answered with nothing.
    if (message.method !== undefined && message.id !== undefined) this.#send({ id: message.id, result: null })
    else if (message.id !== undefined) this.#answers.get(message.id)?.(message)
  }
}

/** As `Promise.withResolvers`, which Node 20 does not have. */
function withResolvers() {
  let resolve: (value: unknown) => void = () => {}
  let reject: (reason: Error) => void = () => {}
  const promise = new Promise<unknown>((take, refuse) => {
    resolve = take
    reject = refuse
  })
  return { promise, resolve, reject }
}
