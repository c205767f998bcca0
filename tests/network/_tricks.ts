import { METHODS } from 'node:http'
import { ADDRESSES } from './_namespaces.ts'

const { inside } = ADDRESSES

/** The head of a request, and what follows it, as bytes. */
export function request(line: string, headers: readonly string[] = [], body = ''): string {
  return [`${line} HTTP/1.1`, `Host: ${inside.server}`, ...headers, 'Connection: close', '', body].join('\r\n')
}

/** As {@link request}, with a Host line of its own, or none. */
function requestOf(line: string, headers: readonly string[]): string {
  return [`${line} HTTP/1.1`, ...headers, 'Connection: close', '', ''].join('\r\n')
}

/** Header lines that some server, proxy or library takes for the address of the caller. */
const CLIENT_ADDRESS = [
  ...['X-Forwarded-For', 'X-Forwarded', 'X-Forwarded-Host', 'X-Forwarded-Server', 'X-Forwarded-By', 'X-Forward-For'],
  ...['Forwarded-For', 'Forwarded-For-IP', 'X-Forwarded-For-Original', 'X-Original-Forwarded-For', 'X-Real-IP'],
  ...['X-Client-IP', 'Client-IP', 'True-Client-IP', 'CF-Connecting-IP', 'CF-Connecting-IPv6', 'CF-Pseudo-IPv4'],
  ...['Fastly-Client-IP', 'Fly-Client-IP', 'DO-Connecting-IP', 'X-Cluster-Client-IP', 'X-Originating-IP', 'X-Host'],
  ...['X-Remote-IP', 'X-Remote-Addr', 'X-Azure-ClientIP', 'X-Azure-SocketIP', 'X-ProxyUser-Ip', 'X-Appengine-User-IP'],
  ...['X-Appengine-Remote-Addr', 'X-Envoy-External-Address', 'X-Envoy-Original-Dst-Host', 'X-Nf-Client-Connection-Ip'],
  ...[
    'X-Vercel-Forwarded-For',
    'X-Vercel-Proxied-For',
    'X-Gateway-Host',
    'X-Ip',
    'X-Client',
    'X-Custom-IP-Authorization',
  ],
  ...['Proxy-Client-IP', 'WL-Proxy-Client-IP', 'Http-Client-Ip', 'X-WAP-Profile', 'Via', 'X-Peer-Addr', 'Remote-Addr'],
]

/** Each way to write an address that is inside. */
const CLAIMED = [
  inside.insider,
  '127.0.0.1',
  `::ffff:${inside.insider}`,
  '::ffff:a51:2',
  inside.insider6,
  '::1',
  'localhost',
]

const claims = CLIENT_ADDRESS.flatMap(name => CLAIMED.map(address => `${name}: ${address}`))
const forwarded = [
  `for=${inside.insider}`,
  `for="[::ffff:${inside.insider}]"`,
  `for=${inside.insider};x="`,
  'for=_hidden',
]

/** 1,100 lines, after which Node 20 drops what follows; short enough for the limit on bytes, and not. */
const fillers = (value: string) => Array.from({ length: 1100 }, (_, index) => `X-${index}: ${value}`)

/** What an outsider tries. All of it is answered alike. */
export const TRICKS: readonly string[] = [
  ...METHODS.filter(method => method !== 'HEAD').map(method => request(`${method} /predict`)),
  ...['BREW', 'get', 'PRI'].map(method => request(`${method} /predict`)),
  ...['/', '/health', '/livez', '/ready', '/openapi.json', '/metrics', '/%70redict', '//predict', '/predict/'].map(
    path => request(`GET ${path}`),
  ),
  ...[
    '/predict?auth=good-token',
    '/../predict',
    '/x/../predict',
    '/predict\\',
    '*',
    'health',
    `/${'a'.repeat(9000)}`,
  ].map(path => request(`GET ${path}`)),
  ...claims.map(claim => request('GET /health', [claim])),
  ...forwarded.map(value => request('GET /health', [`Forwarded: ${value}`])),
  request('GET /health', claims.slice(0, 90)),
  request('GET /health', [`X-Forwarded-For: ${inside.insider}`, `X-Forwarded-For: ${inside.insider}`]),
  request('GET /health', [`X-Forwarded-For: ${inside.insider}, ${inside.proxy}`]),
  request('GET /health', [`X-Forwarded-For: ${inside.insider}`, ...fillers('a')]),
  request('GET /health', [...fillers('a'), `X-Forwarded-For: ${inside.insider}`]),
  request('GET /health', [...fillers('a'.repeat(40)), `X-Forwarded-For: ${inside.insider}`]),
  ...['good-token', 'bad-token', ''].flatMap(token => [
    request('GET /health', [`Authorization: Bearer ${token}`]),
    request(
      'POST /predict',
      [`Authorization: Bearer ${token}`, 'Content-Type: application/json', 'Content-Length: 2'],
      '{}',
    ),
  ]),
  request('GET /health', ['Authorization: Bearer good-token', 'Authorization: Bearer good-token']),
  request('POST /predict', ['Content-Length: 99999999']),
  request('POST /predict', ['Content-Length: 2', 'Expect: 100-continue'], '{}'),
  request('POST /predict', ['Transfer-Encoding: gzip, chunked']),
  request('POST /predict', ['Transfer-Encoding: chunked', 'Content-Length: 5'], '0\r\n\r\n'),
  request('GET /health', ['Expect: miracles']),
  request('GET /health', ['Upgrade: websocket', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==']),
  request('GET /health', ['Upgrade: h2c']),
  ...[inside.server, 'model.internal', '127.0.0.1', 'evil.example', `[::ffff:${inside.server}]`, 'a b', ''].flatMap(
    host => [
      requestOf('GET /health', [`Host: ${host}`]),
      requestOf(`GET http://${host}/health`, [`Host: ${host}`]),
      requestOf(`GET https://${host}/health`, [`Host: ${inside.server}`]),
    ],
  ),
  requestOf('GET /health', []),
  requestOf('GET /health', [`Host: ${inside.server}`, `Host: ${inside.server}`]),
  'nonsense\r\n\r\n',
  'GET /health HTTP/9.9\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  `PROXY TCP4 ${inside.insider} ${inside.server} 1000 443\r\n${request('GET /health')}`,
]
