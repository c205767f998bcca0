import { describe, expect, it } from 'vitest'
import { bearerAuth } from '../../src/auth/index.ts'
import { HTTPException } from '../../src/index.ts'
import { serve } from '../../src/node/serve.ts'
import type { ServeOptions } from '../../src/node/serve-options.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { protect, WITH_CONTEXT } from '../auth/_fixtures.ts'
import { type RawResponse, talk } from './_raw-connection.ts'
import { Echo, rememberingLogger, served } from './_served.ts'

const APP = 'http://localhost:5173'

const guarded = protect(bearerAuth({ tokens: 'good-token' }))

/** Counts what reaches it. */
class Counter extends BasePredictor {
  static calls = 0
  predict(payload: unknown): unknown {
    Counter.calls += 1
    return payload
  }
}

interface Sent {
  readonly line?: string
  readonly host?: string
  readonly lines?: readonly string[]
  readonly body?: string
}

function request({ line = 'POST /predict', host = 'localhost', lines = [], body = '{"a":1}' }: Sent): string {
  const hosts = host === '' ? [] : [`Host: ${host}`]
  const type = body === '' ? [] : ['Content-Type: application/json', `Content-Length: ${body.length}`]
  return [
    `${line} HTTP/${host === '' ? '1.0' : '1.1'}`,
    ...hosts,
    ...lines,
    ...type,
    'Connection: close',
    '',
    body,
  ].join('\r\n')
}

const send = (url: string, sent: Sent) => talk(url, request(sent))

/** An answer without what differs between two equal requests. */
function comparable({ head, body }: RawResponse): string {
  const lines = head.split('\r\n').filter(line => !/^(?:date|x-request-id):/i.test(line))
  return [...lines, body.replace(/"requestId":"[^"]*"/, '')].join('\n')
}

const header = ({ headers }: RawResponse, name: string) => headers.get(name)?.join(' | ')

describe('a server that listens on loopback', () => {
  it.each([
    ...['127.0.0.1', '127.0.0.1:8000', '127.9.9.9', '10.1.2.3:80', '[::1]:8000', '[::ffff:127.0.0.1]', '0.0.0.0'],
    ...['localhost', 'localhost:8000', 'LOCALHOST', 'localhost.', 'app.localhost', 'a.b.localhost:1', ''],
  ])('answers the host "%s"', async host => {
    const { server } = await served()
    expect((await send(server.url, { host })).status).toBe(200)
  })

  it.each([
    ...['evil.example', 'evil.example:8000', 'localhost.evil.example', '127.0.0.1.evil.example', 'notlocalhost'],
    ...['model.internal', '127.1', '0x7f000001', '2130706433', 'localhost.localdomain', 'x', '127.0.0.1.'],
  ])('hides from the host "%s"', async host => {
    const { server } = await served(Counter)
    const before = Counter.calls
    const unknown = comparable(await send(server.url, { line: 'GET /unknown', body: '' }))
    for (const path of ['/', '/unknown', '/livez', '/ready', '/health', '/openapi.json', '/metrics', '/predict'])
      expect(comparable(await send(server.url, { host, line: `GET ${path}`, body: '' }))).toBe(unknown)
    const lines = [`Origin: http://${host}`, 'Sec-Fetch-Site: same-origin']
    expect(comparable(await send(server.url, { host, lines }))).toBe(
      comparable(await send(server.url, { line: 'POST /unknown' })),
    )
    expect(Counter.calls).toBe(before)
  })

  it('hides from a target that names another host, and from a head that is wrong besides', async () => {
    const { server } = await served()
    const unknown = comparable(await send(server.url, { line: 'GET /unknown', body: '' }))
    const absolute = { line: 'GET http://evil.example/livez', host: 'evil.example', body: '' }
    expect(comparable(await send(server.url, absolute))).toBe(unknown)
    const wrong = { host: 'evil.example', line: 'GET /livez', lines: ['Expect: miracles'], body: '' }
    expect(comparable(await send(server.url, wrong))).toBe(unknown)
  })

  it('says once in the log which name it was, and which option answers it', async () => {
    const { server, lines } = await served()
    for (const host of ['model.example:8443', 'evil.example']) await send(server.url, { host })
    const told = lines.filter(({ message }) => message.includes('unknown host name'))
    expect(told.map(({ level, fields }) => [level, fields['host'], fields['advice']])).toEqual([
      ['warn', 'model.example:8443', '--allowed-host model.example answers it'],
    ])
  })

  it('answers the names of --allowed-host, too, and no others', async () => {
    const { server } = await served(Echo, { allowedHosts: ['model.example', '*.models.example'] })
    const ask = async (host: string) => (await send(server.url, { host })).status
    expect(await ask('model.example:443')).toBe(200)
    expect(await ask('a.models.example')).toBe(200)
    expect(await ask('localhost')).toBe(200)
    expect(await ask('evil.example')).toBe(404)
  })
})

it('a server for other machines answers every name, unless it is given some', async () => {
  const { server } = await served(Echo, { host: '0.0.0.0' })
  expect((await send(server.url, { host: 'model.example' })).status).toBe(200)
  const { server: named } = await served(Echo, { host: '0.0.0.0', allowedHosts: ['model.example'] })
  expect((await send(named.url, { host: 'model.example' })).status).toBe(200)
  expect((await send(named.url, { host: '127.0.0.1' })).status).toBe(200)
  expect((await send(named.url, { host: 'evil.example' })).status).toBe(404)
})

/** Beside ours, the cases of the tests of Go's `http.CrossOriginProtection`. */
const SAME: readonly (readonly string[])[] = [
  [],
  ['Sec-Fetch-Site: same-origin'],
  ['Sec-Fetch-Site: none'],
  ['Sec-Fetch-Site: same-origin', 'Origin: https://evil.example'],
  ['Origin: http://localhost'],
  ['Origin: https://localhost'],
  ['Origin: HTTP://LOCALHOST'],
  ['Sec-Fetch-Mode: cors'],
]
const CROSS: readonly (readonly string[])[] = [
  ['Sec-Fetch-Site: cross-site'],
  ['Sec-Fetch-Site: same-site'],
  ['Sec-Fetch-Site: cross-site', 'Origin: http://localhost'],
  ['Sec-Fetch-Site: Same-Origin'],
  ['Sec-Fetch-Site: none', 'Sec-Fetch-Site: cross-site'],
  ['Origin: https://evil.example'],
  ['Origin: http://localhost:5173'],
  ['Origin: http://localhost.evil.example'],
  ['Origin: null'],
  ['Origin: not a URL'],
  ['Origin: file://'],
]

describe('a request that acts', () => {
  it.each(SAME)('is served: %s %s', async (...lines) => {
    const { server } = await served()
    expect((await send(server.url, { lines })).status).toBe(200)
  })

  it.each(CROSS)('is a 403 where another site sent it: %s %s', async (...lines) => {
    const { server, lines: log } = await served(Counter)
    const before = Counter.calls
    for (const line of ['POST /predict', 'PUT /predict', 'DELETE /health', 'PATCH /unknown']) {
      const response = await send(server.url, { line, lines })
      expect([response.status, JSON.parse(response.body).code]).toEqual([403, 'cross_site'])
    }
    for (const method of ['GET', 'HEAD', 'OPTIONS'])
      expect((await send(server.url, { line: `${method} /livez`, lines, body: '' })).status).not.toBe(403)
    expect(Counter.calls).toBe(before)
    expect(log.filter(({ fields }) => fields['reason'] === 'cross_site')).not.toEqual([])
  })

  it('is refused before its credentials and its body', async () => {
    const { server } = await served(guarded, { signature: WITH_CONTEXT })
    const lines = ['Sec-Fetch-Site: cross-site', 'Authorization: Bearer bad-token', 'Expect: 100-continue']
    const response = await talk(
      server.url,
      ['POST /predict HTTP/1.1', 'Host: localhost', ...lines, 'Content-Length: 7', '', ''].join('\r\n'),
    )
    expect(response.head).not.toContain('100 Continue')
    expect([response.status, header(response, 'connection')]).toEqual([403, 'close'])
  })

  it('is of the same origin behind a proxy that is trusted and says which host it was asked for', async () => {
    const lines = [
      'Origin: https://model.example',
      'X-Forwarded-Host: model.example, inner',
      'X-Forwarded-For: 192.0.2.1',
    ]
    const { server } = await served(Echo, { trustedProxies: ['127.0.0.1'] })
    expect((await send(server.url, { lines })).status).toBe(200)
    const { server: direct } = await served()
    expect((await send(direct.url, { lines })).status).toBe(403)
  })
})

const allowing = (...corsOrigins: readonly string[]): ServeOptions => ({ corsOrigins })
const PREFLIGHT = ['Access-Control-Request-Method: POST', 'Access-Control-Request-Headers: authorization,content-type']

describe('an origin that may call', () => {
  it('gets an answer to its preflight, without credentials', async () => {
    const { server } = await served(guarded, { ...allowing(APP), signature: WITH_CONTEXT })
    for (const line of ['OPTIONS /predict', 'OPTIONS /unknown']) {
      const response = await send(server.url, { line, lines: [`Origin: ${APP}`, ...PREFLIGHT], body: '' })
      expect(response.status).toBe(204)
      expect(header(response, 'access-control-allow-origin')).toBe(APP)
      expect(header(response, 'access-control-allow-credentials')).toBe('true')
      expect(header(response, 'access-control-allow-methods')).toContain('POST')
      expect(header(response, 'access-control-allow-headers')).toBe('authorization,content-type')
      expect(header(response, 'access-control-max-age')).toBe('7200')
      expect(header(response, 'vary')).toBe('Origin')
    }
  })

  it.each<[string, number, Sent]>([
    ['a result', 200, { lines: ['Authorization: Bearer good-token'] }],
    ['no credentials', 401, {}],
    ['JSON that is none', 400, { lines: ['Authorization: Bearer good-token'], body: '{' }],
    ['an unknown path', 404, { line: 'POST /unknown' }],
    ['another method', 405, { line: 'GET /predict', body: '' }],
    ['too large a body', 413, { lines: ['Authorization: Bearer good-token'], body: `"${'a'.repeat(100)}"` }],
    ['too many header lines', 431, { lines: Array.from({ length: 100 }, (_, index) => `X-${index}: a`) }],
    ['two lines of credentials', 400, { lines: ['Authorization: Bearer a', 'Authorization: Bearer b'] }],
    ['a proxy request', 501, { line: 'CONNECT a:443', body: '' }],
    ['a probe', 200, { line: 'GET /livez', body: '' }],
    ['metrics', 200, { line: 'GET /metrics', body: '' }],
  ])('reads every answer: %s', async (_what, status, sent) => {
    const options = { ...allowing(APP, 'https://app.example'), maxBodySize: 64, signature: WITH_CONTEXT }
    const { server } = await served(guarded, options)
    const response = await send(server.url, { ...sent, lines: [`Origin: ${APP}`, ...(sent.lines ?? [])] })
    expect(response.status).toBe(status)
    expect(header(response, 'access-control-allow-origin')).toBe(APP)
    expect(header(response, 'access-control-expose-headers')).toBe(
      'X-Request-Id, Retry-After, WWW-Authenticate, Location, Preference-Applied',
    )
    expect(header(response, 'vary')).toBe('Origin')
  })

  it('reads streams, responses of predict and its errors; what these say of Vary stays', async () => {
    class Many extends BasePredictor {
      predict(payload: { readonly as: string }): unknown {
        if (payload.as === 'stream') return stream()
        if (payload.as === 'error') throw new HTTPException(418)
        const headers = {
          Vary: 'Accept',
          'Access-Control-Allow-Origin': '*',
          'Access-Control-Expose-Headers': 'X-Model',
        }
        return new Response('whole', { headers })
      }
    }
    const { server } = await served(Many, allowing(APP))
    const ask = (as: string) => send(server.url, { lines: [`Origin: ${APP}`], body: JSON.stringify({ as }) })
    for (const [as, status] of [
      ['stream', 200],
      ['error', 418],
      ['response', 200],
    ] as const) {
      const response = await ask(as)
      expect([response.status, header(response, 'access-control-allow-origin')]).toEqual([status, APP])
    }
    expect(header(await ask('response'), 'vary')).toBe('Accept, Origin')
    expect(header(await ask('response'), 'access-control-expose-headers')).toMatch(/^X-Model, X-Request-Id/)
  })

  it('is not another one', async () => {
    const { server } = await served(Counter, allowing(APP))
    const before = Counter.calls
    for (const origin of ['http://localhost:5174', 'https://localhost:5173', `${APP}.evil.example`, 'null']) {
      const response = await send(server.url, { lines: [`Origin: ${origin}`, 'Sec-Fetch-Site: cross-site'] })
      expect([response.status, header(response, 'access-control-allow-origin')]).toEqual([403, undefined])
      expect(header(response, 'vary')).toBe('Origin')
      const preflight = await send(server.url, {
        line: 'OPTIONS /predict',
        lines: [`Origin: ${origin}`, ...PREFLIGHT],
        body: '',
      })
      expect([preflight.status, header(preflight, 'access-control-allow-methods')]).toEqual([405, undefined])
    }
    expect(Counter.calls).toBe(before)
  })

  it('is every one with *, without credentials', async () => {
    const { server } = await served(Echo, allowing('*'))
    const response = await send(server.url, { lines: ['Origin: null', 'Sec-Fetch-Site: cross-site'] })
    expect([response.status, header(response, 'access-control-allow-origin')]).toEqual([200, '*'])
    expect([header(response, 'access-control-allow-credentials'), header(response, 'vary')]).toEqual([
      undefined,
      undefined,
    ])
  })

  it('opens no other name of this machine', async () => {
    const { server } = await served(Echo, allowing('*'))
    expect((await send(server.url, { host: 'evil.example' })).status).toBe(404)
  })

  it.each([
    ['localhost:5173', 'Write scheme, host and port as a browser does, without a path: http://localhost:5173'],
    ['http://localhost:5173/', 'without a path'],
    ['http://a.example/app', 'without a path'],
    ['http://*.example.com', 'Use * alone for every origin'],
    ['null', 'Use * alone for every origin'],
    ['*,http://a.example', 'or write * alone'],
  ])('is not written "%s"', async (text, advice) => {
    const options = { port: 0, logger: rememberingLogger().logger, corsOrigins: text.split(',') }
    await expect(serve(Echo, options)).rejects.toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining(advice),
    })
  })
})

it('without --cors-origin no answer says anything of origins', async () => {
  const { server } = await served()
  const response = await send(server.url, { lines: ['Origin: http://localhost'] })
  expect(response.head.toLowerCase()).not.toMatch(/access-control|vary/)
  const preflight = await send(server.url, {
    line: 'OPTIONS /predict',
    lines: [`Origin: ${APP}`, ...PREFLIGHT],
    body: '',
  })
  expect([preflight.status, header(preflight, 'allow')]).toEqual([405, 'POST'])
})

it('OPTIONS * says what the server can do', async () => {
  const { server, lines } = await served()
  const response = await send(server.url, { line: 'OPTIONS *', body: '' })
  expect([response.status, header(response, 'allow')]).toEqual([204, 'GET, HEAD, POST, OPTIONS'])
  expect(header(response, 'x-request-id')).toBeDefined()
  expect(lines.filter(({ fields }) => fields['route'] === '*' && fields['status'] === 204)).toHaveLength(1)
})

async function* stream() {
  yield 1
  yield 2
}
