import { request as requestHTTP } from 'node:http'
import { request as requestHTTPS } from 'node:https'

/** One request to a server. */
export interface Call {
  /** @default '127.0.0.1' */
  readonly address?: string
  readonly port: number
  /** Whether the server answers TLS. */
  readonly tls: boolean
  /** The name that callers know the server by. */
  readonly host: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** How long nothing may happen, in milliseconds. @default for ever */
  readonly timeout?: number
}

/** The answer to a {@link Call}. */
export interface CallAnswer {
  readonly status: number
  readonly body: Uint8Array
}

/** Makes one request. A certificate is not checked: what leads to the port is trusted already, as kubectl or as this machine. */
export function call({ address = '127.0.0.1', port, tls, host, body, ...sent }: Call): Promise<CallAnswer> {
  const { method, path, headers, timeout } = sent
  const waits = timeout === undefined ? {} : { timeout }
  const options = { host: address, port, method, path, headers: { host, ...headers }, agent: false, ...waits }
  return new Promise((resolve, reject) => {
    const request = tls
      ? requestHTTPS({ ...options, servername: host, rejectUnauthorized: false })
      : requestHTTP(options)
    request.once('error', reject)
    request.once('timeout', () => request.destroy(new Error(`no answer in ${timeout} ms`)))
    request.once('response', response => {
      const chunks: Uint8Array[] = []
      response.on('data', (chunk: Uint8Array) => chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }))
    })
    request.end(body)
  })
}
