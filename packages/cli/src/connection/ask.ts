import { type IncomingMessage, request as requestHTTP } from 'node:http'
import { request as requestHTTPS } from 'node:https'
import type { Connection } from './connection.ts'
import { ConnectionFailure, unreachable } from './failure.ts'

/** One request to a server. */
export interface Question {
  readonly method: 'GET' | 'POST'
  /** Below the address of the server, with its query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** JSON text. */
  readonly body?: string
}

/** The answer to a {@link Question}. */
export interface Reply {
  readonly status: number
  /** Undefined: the answer is no JSON. */
  readonly body: unknown
}

/** Time until an answer begins and between its parts, in milliseconds. */
const TIMEOUT = 30_000

/** Bytes that an answer may have. */
const LIMIT = 256 * 1024 * 1024

/**
 * Asks a server. Redirects are not followed: a token goes only to its server.
 *
 * @throws {ConnectionFailure} Where no answer comes.
 */
export function ask({ url, headers, ca }: Connection, question: Question): Promise<Reply> {
  const request = url.protocol === 'https:' ? requestHTTPS : requestHTTP
  const target = new URL(url.origin + url.pathname.replace(/\/+$/, '') + question.path)
  const { body } = question
  const own = {
    accept: 'application/json',
    'user-agent': 'incant',
    ...(body && { 'content-type': 'application/json' }),
  }
  const options = {
    method: question.method,
    headers: { ...own, ...question.headers, ...headers },
    agent: false,
    timeout: TIMEOUT,
    ...(ca === undefined ? {} : { ca }),
  }
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => reject(cause instanceof ConnectionFailure ? cause : unreachable(cause))
    const outgoing = request(target, options, incoming => void read(incoming).then(resolve, fail))
    outgoing
      .on('timeout', () => outgoing.destroy(late()))
      .on('error', fail)
      .end(body)
  })
}

async function read(incoming: IncomingMessage): Promise<Reply> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > LIMIT) throw new ConnectionFailure('its answer is too long', 'Ask for less of it.')
    chunks.push(chunk)
  }
  return { status: incoming.statusCode ?? 0, body: parse(Buffer.concat(chunks).toString('utf8')) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function late(): ConnectionFailure {
  return new ConnectionFailure(
    `the server did not answer in ${TIMEOUT / 1000} s`,
    'Is it running, and is the address right?',
  )
}
