import { type IncomingHttpHeaders, request as plainRequest } from 'node:http'
import { Agent, type RequestOptions, request } from 'node:https'

/** An answer of a server, whole. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** The head without what differs between two equal requests: Date and X-Request-Id. */
  readonly head: string
}

/** What is sent, and how. */
export interface AskOptions extends RequestOptions {
  readonly body?: string
}

/** Asks over a connection of its own, unless an agent is given. */
export function ask(url: string, options: AskOptions = {}): Promise<Answer> {
  const isSecure = url.startsWith('https:')
  const { body = '', agent = isSecure ? new Agent({ keepAlive: false }) : false, ...rest } = options
  const send = isSecure ? request : plainRequest
  return new Promise((resolve, reject) => {
    const outgoing = send(url, { ...rest, agent }, incoming => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () => {
        const { statusCode: status = 0, headers, rawHeaders } = incoming
        resolve({ status, headers, head: comparable(rawHeaders), body: Buffer.concat(chunks).toString() })
      })
    })
    outgoing.on('error', reject).end(body)
  })
}

function comparable(rawHeaders: readonly string[]): string {
  const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []))
  return lines.filter(line => !/^(?:date|x-request-id):/i.test(line)).join('\n')
}

/** Calls predict. */
export function callPredict(url: string, options: AskOptions = {}): Promise<Answer> {
  const headers = { 'content-type': 'application/json', ...options.headers }
  return ask(`${url}/predict`, { method: 'POST', body: '{"a":1}', ...options, headers })
}
