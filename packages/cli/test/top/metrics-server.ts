import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { createServer as createSecureServer, type ServerOptions } from 'node:https'
import { onTestFinished } from 'vitest'
import { showRounds } from '../../../incant/test/readings/shown.ts'

/** What a server answers. */
export interface Shown {
  readonly status?: number
  readonly text: string
}

/** A server that shows what it is told to. */
export interface MetricsServer {
  readonly url: string
  /** The headers of every request so far. */
  readonly requests: readonly IncomingHttpHeaders[]
  /** What it answers from now on. */
  show(answer: (round: number) => Shown): void
  /** Stops it, and every connection with it. */
  stop(): Promise<void>
}

/** What {@link serveMetrics} may be told. */
export interface MetricsServerOptions {
  readonly port?: number
  readonly tls?: ServerOptions
  readonly answer?: (round: number, headers: IncomingHttpHeaders) => Shown
}

/** Starts a server on loopback whose `/metrics` counts its rounds; it is stopped when the test is over. */
export async function serveMetrics({ port = 0, tls, answer }: MetricsServerOptions = {}): Promise<MetricsServer> {
  let shown = answer ?? ((round: number): Shown => ({ text: showRounds(round) }))
  const requests: IncomingHttpHeaders[] = []
  const server: Server = tls === undefined ? createServer() : createSecureServer(tls)
  server.on('request', (request, response) => {
    requests.push(request.headers)
    const isMetrics = request.url === '/metrics'
    const { status = 200, text } = isMetrics ? shown(requests.length, request.headers) : { status: 404, text: '' }
    response.writeHead(status, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const stop = async () => {
    if (!server.listening) return
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  onTestFinished(stop)
  const address = server.address()
  const number = typeof address === 'object' ? address?.port : undefined
  const show = (next: (round: number) => Shown) => {
    shown = next
  }
  return { url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${number}`, requests, show, stop }
}
