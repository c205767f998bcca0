// The floor under what Incant does for each request, written out for this one predictor with nothing in between: no
// routes, no types, no streams, no strategies. Who wants to know what Incant's generality costs compares with this.
import { write } from 'node:fs'
import { createServer } from 'node:http'
import { namedWorkload } from '../workloads.js'
import { announce } from './under-measurement.js'

const { predict, schema } = namedWorkload()
const [member] = Object.keys(schema.properties)
const decoder = new TextDecoder('utf-8', { fatal: true })
const MAXIMUM = 10 * 1024 * 1024

let lines = ''

function log(line) {
  if (lines === '') setTimeout(flush, 20)
  lines += line
}

function flush() {
  const bytes = Buffer.from(lines)
  lines = ''
  write(1, bytes, () => {})
}

const server = createServer({ maxHeaderSize: 24 * 1024, requestTimeout: 60_000 }, (incoming, outgoing) => {
  const startedAt = performance.now()
  const refusal = refuseHead(incoming)
  if (refusal !== undefined) return outgoing.writeHead(refusal).end()
  const given = incoming.headers['x-request-id']
  const id = given !== undefined && /^[A-Za-z0-9._-]{1,128}$/.test(given) ? given : crypto.randomUUID()
  const before = incoming.socket.bytesWritten
  const chunks = []
  let size = 0
  incoming.on('data', chunk => {
    size += chunk.length
    if (size > MAXIMUM) outgoing.writeHead(413).end()
    else chunks.push(chunk)
  })
  incoming.on('end', () => answer(outgoing, id, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)))
  outgoing.on('close', () => {
    const ms = Math.round((performance.now() - startedAt) * 1000) / 1000
    const bytes = incoming.socket.bytesWritten - before
    log(
      `{"level":"info","time":"${new Date().toISOString()}","msg":"request","requestId":"${id}","method":"${incoming.method}","route":"/predict","status":${outgoing.statusCode},"ms":${ms},"bytes":${bytes},"client":"${incoming.socket.remoteAddress}"}\n`,
    )
  })
})
server.maxHeadersCount = 0

/** Framing that parties could read in two ways, and limits: the checks of `docs/http.md` on a head. */
function refuseHead({ rawHeaders, httpVersion, url, method, headers }) {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return 505
  if (url.length > 8192) return 414
  if (url !== '/predict') return 404
  if (method !== 'POST') return 405
  if (rawHeaders.length > 200) return 431
  let hosts = 0
  let length = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    length += rawHeaders[index].length + rawHeaders[index + 1].length + 4
    if (rawHeaders[index].length === 4 && rawHeaders[index].toLowerCase() === 'host') hosts += 1
  }
  if (length > 16 * 1024) return 431
  if (hosts !== 1 || !/^[a-z0-9._-]+(?::\d{1,5})?$/i.test(headers.host)) return 400
  if (headers['content-encoding'] !== undefined || headers['content-type'] !== 'application/json') return 415
  return Number(headers['content-length']) > MAXIMUM ? 413 : undefined
}

function answer(outgoing, id, bytes) {
  const result = compute(bytes)
  const body = JSON.stringify(result ?? { status: 400 })
  outgoing.writeHead(result === undefined ? 400 : 200, [
    'Content-Type',
    'application/json',
    'X-Request-Id',
    id,
    'X-Content-Type-Options',
    'nosniff',
    'Content-Length',
    String(Buffer.byteLength(body)),
  ])
  outgoing.end(body)
}

function compute(bytes) {
  try {
    const text = decoder.decode(bytes)
    if (bytes.length > 64 && depthOf(bytes) > 64) return undefined
    const payload = JSON.parse(text)
    if (text.includes('__proto__')) return undefined
    const checked = member === 'pixels' ? checkPixels(payload) : checkText(payload)
    return checked === undefined ? undefined : predict(checked)
  } catch {
    return undefined
  }
}

function depthOf(bytes) {
  let depth = 0
  let deepest = 0
  let quoted = false
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index]
    if (byte === 0x22) quoted = !quoted
    else if (byte === 0x5c) index += 1
    else if (quoted) continue
    else if (byte === 0x7b || byte === 0x5b) deepest = Math.max(deepest, ++depth)
    else if (byte === 0x7d || byte === 0x5d) depth -= 1
  }
  return deepest
}

function checkText({ text, top }) {
  if (typeof text !== 'string' || text.length < 1 || text.length > 10_000) return undefined
  if (top !== undefined && !(Number.isInteger(top) && top >= 1 && top <= 10)) return undefined
  return { text, top }
}

function checkPixels({ pixels }) {
  if (!Array.isArray(pixels)) return undefined
  for (let index = 0; index < pixels.length; index += 1) {
    if (typeof pixels[index] !== 'number' || !Number.isFinite(pixels[index])) return undefined
  }
  return { pixels }
}

server.listen(0, '127.0.0.1', () => announce(server.address().port))
