import { mutate } from './random.js'

const BODY = '{"text":"a","list":[1],"choice":{"kind":"b","b":1}}'
const CHUNKED = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`
const JSON_LINES = ['Host: localhost', 'Content-Type: application/json']

/** Requests that are right: a start line, header lines, a body. */
const GOOD = [
  ['GET /livez HTTP/1.1', ['Host: localhost'], ''],
  ['GET /openapi.json HTTP/1.1', ['Host: localhost', 'Accept: */*'], ''],
  ['HEAD /health HTTP/1.1', ['Host: localhost'], ''],
  ['OPTIONS * HTTP/1.1', ['Host: localhost'], ''],
  ['GET http://localhost/ready HTTP/1.1', ['Host: localhost'], ''],
  ['GET /livez HTTP/1.0', [], ''],
  ['POST /predict HTTP/1.1', [...JSON_LINES, `Content-Length: ${BODY.length}`], BODY],
  ['POST /predict HTTP/1.1', [...JSON_LINES, 'Transfer-Encoding: chunked'], CHUNKED],
  [
    'POST /predict HTTP/1.1',
    [...JSON_LINES, 'Transfer-Encoding: chunked', 'Trailer: X'],
    CHUNKED.replace('0\r\n\r\n', '0\r\nX: y\r\n\r\n'),
  ],
  ['POST /predict HTTP/1.1', [...JSON_LINES, 'Expect: 100-continue', `Content-Length: ${BODY.length}`], BODY],
]

/** Lines that change how a message is read, and some that must not. */
const LINES = [
  'Host: b',
  'Host:',
  'Host: a b',
  'Host: [::1',
  'Content-Length: 5',
  'Content-Length: -1',
  'Content-Length: +5',
  'Content-Length: 5, 5',
  'Content-Length: 0x5',
  'Content-Length: 99999999999999999999',
  'Content-Length : 5',
  ' Content-Length: 5',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding:\x0bchunked',
  'Transfer-Encoding: x',
  'Transfer_Encoding: chunked',
  'Connection: close',
  'Connection: upgrade',
  'Upgrade: h2c',
  'Upgrade: websocket',
  'HTTP2-Settings: AAMA',
  'Expect: 200-ok',
  'Expect: 100-continue',
  'Content-Encoding: gzip',
  'Content-Type: text/plain',
  'Authorization: Bearer',
  'Authorization: x',
  'Cookie: a=b; c',
  'Accept: application/x-ndjson',
  'Range: bytes=0-',
  'traceparent: 00-x',
  'X-Request-Id: a b',
  'X-Forwarded-For: 1.2.3.4',
  'Origin: http://evil.example',
  'Sec-Fetch-Site: cross-site',
  'X: \x00',
  'X: a\rb',
  'X\x80: y',
  ': y',
  'X',
  `X: ${'x'.repeat(17_000)}`,
  ...Array(2).fill('X: y\r\n'.repeat(120).trimEnd()),
]
const METHODS = [
  'PUT',
  'DELETE',
  'PATCH',
  'TRACE',
  'CONNECT',
  'PRI',
  'get',
  'G@T',
  '',
  'M-SEARCH',
  'PROPFIND',
  'x'.repeat(300),
]
const TARGETS = [
  '/',
  '//',
  '/predict/',
  '/predict?x=%',
  '/%70redict',
  '/../predict',
  '*',
  'a:443',
  'http://b/predict',
  'http://',
  '/\x80',
  `/${'a'.repeat(9000)}`,
  '/metrics',
  '/models/x/predict',
  '?',
  '#',
]
const VERSIONS = [
  'HTTP/1.0',
  'HTTP/0.9',
  'HTTP/2.0',
  'HTTP/1.2',
  'HTTP/11',
  'http/1.1',
  'HTTP/1.1 ',
  '',
  'HTTPS/1.1',
  'HTTP/9.9',
]
const CHUNK_FORMS = [
  [/^\w+/, match => `${match};ext=1`],
  [/^\w+/, match => `0${match}`],
  [/^\w+/, () => 'FFFFFFFFFFFFFFFFF'],
  [/^\w+/, match => ` ${match}`],
  [/^\w+/, () => '-1'],
  [/\r\n/, () => '\n'],
  [/0\r\n\r\n$/, () => ''],
  [/^\w+/, match => `0x${match}`],
]

/** One or a few requests over one connection, right or nearly right. */
export function makeRaw(random) {
  const count = random.chance(0.85) ? 1 : 2 + random.below(3)
  const bytes = Buffer.concat(Array.from({ length: count }, () => makeRequest(random)))
  return { target: random.pick(['json', 'form']), raw: random.chance(0.3) ? mutate(random, bytes) : bytes }
}

function makeRequest(random) {
  const [start, lines, body] = random.pick(GOOD)
  let [method = '', target = '', version = ''] = start.split(' ')
  if (random.chance(0.15)) method = random.pick(METHODS)
  if (random.chance(0.15)) target = random.pick(TARGETS)
  if (random.chance(0.1)) version = random.pick(VERSIONS)
  const changed = changeLines(random, [...lines])
  let sent = body
  if (body === CHUNKED && random.chance(0.4)) sent = body.replace(...random.pick(CHUNK_FORMS))
  return Buffer.from(`${[`${method} ${target} ${version}`, ...changed].join('\r\n')}\r\n\r\n${sent}`, 'latin1')
}

function changeLines(random, lines) {
  for (let count = random.below(3); count > 0; count -= 1) {
    const at = random.below(lines.length + 1)
    if (random.chance(0.7)) lines.splice(at, 0, random.pick(LINES))
    else lines.splice(at, 1, ...(random.chance(0.5) ? [] : [(lines[at] ?? '').toUpperCase(), lines[at] ?? '']))
  }
  return lines
}
