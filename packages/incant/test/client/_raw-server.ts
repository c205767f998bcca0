import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A server that says exactly what a test tells it to. */
export interface RawServer {
  readonly url: string
  /** The requests it got, head and body, one for each time it was asked. */
  readonly requests: readonly string[]
  /** Connections that were closed. Those that are open do not tell: Node's fetch opens one again in place of another. */
  readonly closed: number
}

/** What one request is answered with: text as it goes over the wire, or what a test does with the socket. */
export type Reply = string | ((socket: Socket) => void)

/**
 * Answers the first request with the first reply and so on, and every further one with the last. A text is sent and the
 * connection closed.
 */
export async function rawServer(...replies: readonly Reply[]): Promise<RawServer> {
  const requests: string[] = []
  const sockets = new Set<Socket>()
  let closed = 0
  const server = createServer(socket => {
    sockets.add(socket)
    socket
      .on('error', () => {})
      .on('close', () => {
        sockets.delete(socket)
        closed += 1
      })
    let received = ''
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text
      if (!isComplete(received)) return
      requests.push(received)
      received = ''
      const reply = replies[Math.min(requests.length, replies.length) - 1] ?? ''
      if (typeof reply === 'string') socket.end(reply, 'latin1')
      else reply(socket)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise(resolve => server.close(resolve))
  })
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    get closed() {
      return closed
    },
  }
}

/** A whole request: with Content-Length, chunked, or without a body. */
function isComplete(received: string): boolean {
  const end = received.indexOf('\r\n\r\n')
  if (end === -1) return false
  if (/\r\ntransfer-encoding: chunked/i.test(received)) return received.endsWith('0\r\n\r\n')
  const length = /\r\ncontent-length: *(\d+)/i.exec(received.slice(0, end))?.[1]
  return received.length >= end + 4 + Number(length ?? 0)
}

/** A response with a Content-Length. */
export function reply(status: number, body: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ 'Content-Length': String(Buffer.byteLength(body)), Connection: 'close', ...headers })
  return [`HTTP/1.1 ${status} Whatever`, ...lines.map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n')
}

/** A response of JSON. */
export function replyJSON(value: unknown): string {
  return reply(200, JSON.stringify(value), { 'Content-Type': 'application/json', 'X-Request-Id': 'r1' })
}

/** A problem document of a model server's. */
export function replyProblem(status: number, code: string, headers: Readonly<Record<string, string>> = {}): string {
  const problem = { type: `urn:incant:error:${code}`, title: 'A title', status, code, requestId: 'r1' }
  return reply(status, JSON.stringify(problem), {
    'Content-Type': 'application/problem+json',
    'X-Request-Id': 'r1',
    ...headers,
  })
}

/** The head of a chunked response, and pieces of it. */
export function chunked(contentType: string, ...pieces: readonly string[]): string {
  const head = `HTTP/1.1 200 OK\r\nContent-Type: ${contentType}\r\nTransfer-Encoding: chunked\r\nX-Request-Id: r1\r\n\r\n`
  return head + pieces.map(piece => `${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`).join('')
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

/** What a promise is rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    value => {
      throw new Error(`nothing was thrown, but given back: ${JSON.stringify(value)}`)
    },
    (thrown: unknown) => thrown,
  )
}
