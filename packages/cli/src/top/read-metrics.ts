import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { Reading } from 'incant/internal/readings'
import { type Exposition, ExpositionError, isIncant, parseExposition } from 'incant/internal/readings'
import { ConnectionFailure, unreachable } from '../connection/failure.ts'
import { refusedBy } from './failure.ts'
import type { TopSettings } from './settings.ts'

/** Time for one reading, in milliseconds. */
const TIMEOUT = 5000

/** Bytes an exposition may have. */
const LIMIT = 16 * 1024 * 1024

/**
 * Reads a server's metrics once. Redirects are not followed: a token goes only to its server.
 *
 * @throws {ConnectionFailure} If they cannot be read.
 */
export async function readMetrics(settings: TopSettings, signal: AbortSignal): Promise<Reading> {
  const text = await receive(settings, signal)
  const reading: Reading = { at: performance.now(), exposition: parse(text) }
  if (isIncant(reading)) return reading
  throw new ConnectionFailure(
    'it has metrics, and they are not those of an Incant server',
    'Name the address of one, such as http://127.0.0.1:8000.',
  )
}

function parse(text: string): Exposition {
  try {
    return parseExposition(text)
  } catch (cause) {
    if (!(cause instanceof ExpositionError)) throw cause
    throw new ConnectionFailure(
      `its answer is not Prometheus' text format: ${cause.message}`,
      'Name the address of an Incant server.',
      cause,
    )
  }
}

function receive({ url, headers, hasToken, ca }: TopSettings, stop: AbortSignal): Promise<string> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  const accept = { accept: 'text/plain;version=0.0.4', 'user-agent': 'incant-top' }
  const signal = AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT)])
  const options = { headers: { ...accept, ...headers }, signal, agent: false, ...(ca === undefined ? {} : { ca }) }
  return new Promise((resolve, reject) => {
    const fail = (cause: Error) => reject(toConnectionFailure(cause, signal))
    const outgoing = request(url, options, incoming => {
      if (incoming.statusCode === 200) return void collect(incoming).then(resolve, fail)
      fail(refusedBy(incoming.statusCode ?? 0, hasToken))
      outgoing.destroy()
    })
    outgoing.on('error', fail).end()
  })
}

function toConnectionFailure(cause: Error, signal: AbortSignal): ConnectionFailure {
  if (cause instanceof ConnectionFailure) return cause
  return signal.aborted ? late(cause) : unreachable(cause)
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > LIMIT)
      throw new ConnectionFailure('its answer is too long to be metrics', 'Name the address of an Incant server.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function late(cause: unknown): ConnectionFailure {
  return new ConnectionFailure(
    `the server did not answer in ${TIMEOUT / 1000} s`,
    'Is it running, and is the address right?',
    cause,
  )
}
