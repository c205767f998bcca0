import { describe, expect, it } from 'vitest'
import { RawConnection, talk } from './_raw-connection.ts'
import { post, served } from './_served.ts'

const lines = (...given: string[]) => `${given.join('\r\n')}\r\n\r\n`
const get = (...headers: string[]) => lines('GET /livez HTTP/1.1', ...headers)
const chunked = (coding: string, version = '1.1') =>
  `${lines(`POST /predict HTTP/${version}`, 'Host: localhost', `Transfer-Encoding: ${coding}`)}2\r\n{}\r\n0\r\n\r\n`
const manyHeaders = (count: number) => Array.from({ length: count }, (_, index) => `X-${index}: 1`)

interface Case {
  readonly what: string
  readonly request: string
  readonly status: number
  readonly code: string
  /** What happens without our check. */
  readonly guards: string
}

const refused: readonly Case[] = [
  {
    what: 'two Host lines',
    request: get('Host: localhost', 'Host: b'),
    status: 400,
    code: 'bad_request',
    guards: 'Node answers 200',
  },
  { what: 'an empty Host', request: get('Host:'), status: 400, code: 'bad_request', guards: 'Node answers 200' },
  {
    what: 'no Host',
    request: get('X: a'),
    status: 400,
    code: 'bad_request',
    guards: 'Node answers 400 without a body',
  },
  {
    what: 'a Host with a path',
    request: get('Host: a/b'),
    status: 400,
    code: 'bad_request',
    guards: 'the URL gets the path',
  },
  {
    what: 'a Host with a user',
    request: get('Host: u@a'),
    status: 400,
    code: 'bad_request',
    guards: 'the URL gets the user',
  },
  {
    what: 'a Host with port 99999',
    request: get('Host: a:99999'),
    status: 400,
    code: 'bad_request',
    guards: 'an empty 400',
  },
  {
    what: 'an absolute-form target of another authority',
    request: lines('GET http://127.0.0.1/livez HTTP/1.1', 'Host: localhost'),
    status: 400,
    code: 'bad_request',
    guards: 'the request URL is the attacker’s',
  },
  {
    what: 'an absolute-form target with a user',
    request: lines('GET http://u:p@localhost/livez HTTP/1.1', 'Host: localhost'),
    status: 400,
    code: 'bad_request',
    guards: 'the request URL has a password',
  },
  {
    what: 'an asterisk-form target of another method',
    request: lines('GET * HTTP/1.1', 'Host: localhost'),
    status: 400,
    code: 'bad_request',
    guards: 'an empty 400',
  },
  {
    what: 'a backslash in the path',
    request: lines('GET /a\\b HTTP/1.1', 'Host: localhost'),
    status: 400,
    code: 'bad_request',
    guards: 'an empty 400',
  },
  {
    what: 'gzip, chunked',
    request: chunked('gzip, chunked'),
    status: 501,
    code: 'not_implemented',
    guards: 'the raw bytes are the body',
  },
  {
    what: 'gzip alone',
    request: chunked('gzip'),
    status: 501,
    code: 'not_implemented',
    guards: 'the handler runs before the parser fails',
  },
  {
    what: 'chunked with HTTP/1.0',
    request: chunked('chunked', '1.0'),
    status: 400,
    code: 'bad_request',
    guards: 'Node answers 200',
  },
  {
    what: 'HTTP/0.9',
    request: 'GET /livez\r\n\r\n',
    status: 505,
    code: 'version_not_supported',
    guards: 'Node answers 200',
  },
  {
    what: 'HTTP/2.0',
    request: lines('GET /livez HTTP/2.0', 'Host: localhost'),
    status: 505,
    code: 'version_not_supported',
    guards: 'Node answers 200',
  },
  {
    what: 'HTTP/1.2',
    request: lines('GET /livez HTTP/1.2', 'Host: localhost'),
    status: 505,
    code: 'version_not_supported',
    guards: 'an empty 400',
  },
  {
    what: 'the preface of HTTP/2',
    request: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    status: 505,
    code: 'version_not_supported',
    guards: 'an empty 400',
  },
  {
    what: 'Transfer-Encoding and Content-Length',
    request: `${lines('POST /predict HTTP/1.1', 'Host: localhost', 'Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
    status: 400,
    code: 'bad_request',
    guards: 'an empty 400',
  },
  {
    what: 'two Content-Length lines',
    request: `${lines('POST /predict HTTP/1.1', 'Host: localhost', 'Content-Length: 2', 'Content-Length: 2')}{}`,
    status: 400,
    code: 'bad_request',
    guards: 'an empty 400',
  },
  {
    what: 'a header folded over two lines',
    request: get('Host: localhost', 'X: a', ' b'),
    status: 400,
    code: 'bad_request',
    guards: 'an empty 400',
  },
  {
    what: 'a NUL in a header',
    request: get('Host: localhost', 'X: a\0b'),
    status: 400,
    code: 'bad_request',
    guards: 'an empty 400',
  },
  {
    what: 'bare line feeds',
    request: 'GET /livez HTTP/1.1\nHost: localhost\n\n',
    status: 400,
    code: 'bad_request',
    guards: 'an empty 400',
  },
  {
    what: 'TLS on a plain port',
    request: '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03',
    status: 400,
    code: 'bad_request',
    guards: 'an empty 400',
  },
  {
    what: 'an unknown method',
    request: lines('BREW /pot HTTP/1.1', 'Host: localhost'),
    status: 501,
    code: 'not_implemented',
    guards: 'an empty 400',
  },
  {
    what: 'CONNECT',
    request: lines('CONNECT a:1 HTTP/1.1', 'Host: localhost'),
    status: 501,
    code: 'not_implemented',
    guards: 'the connection closes unanswered',
  },
  {
    what: 'two Authorization lines',
    request: get('Host: localhost', 'Authorization: Bearer a', 'Authorization: Bearer b'),
    status: 400,
    code: 'malformed_credentials',
    guards: 'the adapter joins them, Node takes the first',
  },
  {
    what: 'an unknown expectation',
    request: get('Host: localhost', 'Expect: 200-ok'),
    status: 417,
    code: 'expectation_failed',
    guards: 'an empty 417',
  },
  {
    what: '100-continue among others',
    request: get('Host: localhost', 'Expect: a, 100-continue'),
    status: 417,
    code: 'expectation_failed',
    guards: 'Node sends 100',
  },
  {
    what: '101 header lines',
    request: get('Host: localhost', ...manyHeaders(100)),
    status: 431,
    code: 'headers_too_large',
    guards: 'Node answers 200',
  },
  {
    what: '1,100 header lines, Authorization the last',
    request: get('Host: localhost', ...manyHeaders(1100), 'Authorization: Bearer a'),
    status: 431,
    code: 'headers_too_large',
    guards: 'lines past about 1021 are dropped, and with them Authorization',
  },
  {
    what: '17 KiB of headers',
    request: get('Host: localhost', `X: ${'a'.repeat(17_000)}`),
    status: 431,
    code: 'headers_too_large',
    guards: 'an empty 431',
  },
  {
    what: '60 KiB of headers',
    request: get('Host: localhost', `X: ${'a'.repeat(60_000)}`),
    status: 431,
    code: 'headers_too_large',
    guards: 'an empty 431',
  },
  {
    what: 'a target of 9 KiB',
    request: lines(`GET /${'a'.repeat(9000)} HTTP/1.1`, 'Host: localhost'),
    status: 414,
    code: 'uri_too_long',
    guards: 'Node answers 200',
  },
  {
    what: 'a target of 60 KiB',
    request: lines(`GET /${'a'.repeat(60_000)} HTTP/1.1`, 'Host: localhost'),
    status: 414,
    code: 'uri_too_long',
    guards: 'an empty 431',
  },
]

describe('the gate refuses', () => {
  it.each(refused)('$what with $status (else $guards)', async ({ request, status, code }) => {
    const { server, lines } = await served()
    const response = await talk(server.url, request)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toEqual(['application/problem+json'])
    expect(response.headers.get('connection')).toEqual(['close'])
    expect(response.headers.get('cache-control')).toEqual(['no-store'])
    expect(response.headers.get('x-content-type-options')).toEqual(['nosniff'])
    const problem: unknown = JSON.parse(response.body)
    expect(problem).toMatchObject({ status, code, requestId: response.headers.get('x-request-id')?.[0] })
    expect(lines).toContainEqual({
      level: 'info',
      message: 'request',
      fields: expect.objectContaining({ status, reason: code, client: '127.0.0.1', requestId: expect.any(String) }),
    })
  })

  it('a request after the refused one: nothing that follows on the connection is looked at', async () => {
    const { server } = await served()
    const connection = await RawConnection.open(server.url)
    connection.send(get('Host: localhost', 'Host: b') + get('Host: localhost'))
    await connection.closed
    expect(connection.received.match(/HTTP\/1\.1/g)).toHaveLength(1)
  })

  it("what is past limits of one's own", async () => {
    const { server } = await served(undefined, { maxUrlLength: 64, maxHeaderSize: 1024, maxHeaderCount: 3 })
    const statuses = await Promise.all(
      [
        lines(`GET /${'a'.repeat(64)} HTTP/1.1`, 'Host: localhost'),
        lines(`GET /${'a'.repeat(2000)} HTTP/1.1`, 'Host: localhost'),
        get('Host: localhost', `X: ${'a'.repeat(1020)}`),
        get('Host: localhost', ...manyHeaders(3)),
      ].map(async request => (await talk(server.url, request)).status),
    )
    expect(statuses).toEqual([414, 414, 431, 431])
  })

  it('never with a piece of the input', async () => {
    const { server } = await served()
    const response = await talk(
      server.url,
      lines('GET /livez HTTP/1.1', 'Host: secret-canary/x', 'X-Request-Id: kept-1'),
    )
    expect(response.body).not.toContain('canary')
    expect(response.headers.get('x-request-id')).toEqual(['kept-1'])
  })
})

describe('the gate lets through', () => {
  it.each([
    ['an IPv6 Host', get('Host: [::1]:8000')],
    ['an upper-case Host with a low port', get('Host: LOCALHOST:80')],
    [
      'an absolute-form target of the same authority',
      lines('GET http://localhost:80/livez HTTP/1.1', 'Host: LOCALHOST'),
    ],
    ['HTTP/1.0 without a Host', lines('GET /livez HTTP/1.0')],
    ['100 header lines', get('Host: localhost', ...manyHeaders(99))],
    ['an Upgrade, which it ignores', get('Host: localhost', 'Connection: upgrade', 'Upgrade: h2c')],
    ['Expect without a body', get('Host: localhost', 'Expect: 100-continue')],
  ])('%s', async (_what, request) => {
    const { server } = await served()
    const connection = await RawConnection.open(server.url)
    expect((await connection.send(request).response()).status).toBe(200)
    connection.destroy()
  })

  it('TRACE to the application, which knows no such method', async () => {
    const { server } = await served()
    const connection = await RawConnection.open(server.url)
    const response = await connection
      .send(lines('TRACE /livez HTTP/1.1', 'Host: localhost', 'X-Secret: canary'))
      .response()
    expect(response.status).toBe(405)
    expect(response.body).not.toContain('canary')
    connection.destroy()
  })

  it('request after request on one connection, pipelined or not', async () => {
    const { server } = await served()
    const connection = await RawConnection.open(server.url)
    connection.send(post('1') + post('2')).send(post('3'))
    const bodies = [await connection.response(), await connection.response(), await connection.response()]
    expect(bodies.map(({ body }) => body)).toEqual(['{"got":1}', '{"got":2}', '{"got":3}'])
    connection.destroy()
  })
})
