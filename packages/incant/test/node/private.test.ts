import { METHODS } from 'node:http'
import { networkInterfaces } from 'node:os'
import { describe, expect, it } from 'vitest'
import { bearerAuth, privateNetwork } from '../../src/auth/index.ts'
import { serve } from '../../src/node/serve.ts'
import type { ServeOptions } from '../../src/node/serve-options.ts'
import { BasePredictor, type PredictorClass } from '../../src/predictor/base-predictor.ts'
import type { PredictContext } from '../../src/predictor/context.ts'
import { signatureOf } from '../app/_serving.ts'
import { protect, serveClass, WITH_CONTEXT } from '../auth/_fixtures.ts'
import { type RawResponse, talk } from './_raw-connection.ts'
import { Echo, rememberingLogger, served } from './_served.ts'
import { ask } from './tls/_requests.ts'

/** Loopback has many addresses: the peer is an outsider or an insider by the address it connects from. */
const PRIVATE: ServeOptions = {
  visibility: 'private',
  allow: ['127.0.0.2'],
  allowedHosts: ['model.internal'],
  insecureHttp: true,
}
const INSIDER = { localAddress: '127.0.0.2', headers: { host: 'model.internal' } }

const guarded = protect(bearerAuth({ tokens: 'good-token' }))

/** An answer without what differs between two equal requests. */
function comparable({ head, body }: RawResponse): string {
  const lines = head.split('\r\n').filter(line => !/^(?:date|x-request-id):/i.test(line))
  return [...lines, body.replace(/"requestId":"[^"]*"/, '')].join('\n')
}

function request(line: string, headers: readonly string[] = ['Host: model.internal'], body = ''): string {
  return [line, ...headers, 'Connection: close', '', body].join('\r\n')
}

/** Header lines that some server, proxy or library takes for the address of the caller. */
const CLAIMS = [
  ...['X-Forwarded-For', 'X-Real-IP', 'X-Client-IP', 'True-Client-IP', 'CF-Connecting-IP', 'Fastly-Client-IP'],
  ...['X-Cluster-Client-IP', 'X-Originating-IP', 'X-Remote-IP', 'X-Remote-Addr', 'X-Azure-ClientIP', 'X-ProxyUser-Ip'],
  ...['Client-IP', 'X-Host', 'X-Forwarded', 'Forwarded-For', 'X-Appengine-User-IP', 'Via', 'X-Envoy-External-Address'],
].map(name => `${name}: 127.0.0.2`)

describe('an outsider', () => {
  it('gets the answer that an insider gets for an unknown path, whatever the request', async () => {
    const { server } = await served(guarded, { ...PRIVATE, signature: WITH_CONTEXT })
    const { server: open } = await served(Echo)
    const unknown = comparable(await talk(open.url, request('GET /unknown HTTP/1.1')))
    expect(unknown).toContain('"code":"not_found"')
    const host = 'Host: model.internal'
    const tricks = [
      ...['/', '/predict', '/health', '/livez', '/ready', '/openapi.json', '/metrics', '/%70redict', '//predict'].map(
        path => request(`GET ${path} HTTP/1.1`),
      ),
      ...CLAIMS.map(claim => request('GET /health HTTP/1.1', [host, claim])),
      request('GET /health HTTP/1.1', [host, 'Forwarded: for=127.0.0.2', 'Forwarded: for="[::1]"']),
      request('GET /health HTTP/1.1', [host, 'X-Forwarded-For: 127.0.0.2', 'X-Forwarded-For: 127.0.0.2']),
      request('GET /health HTTP/1.1', [host, 'Authorization: Bearer good-token']),
      request('GET /health HTTP/1.1', [host, 'Authorization: Bearer a', 'Authorization: Bearer b']),
      request('GET http://model.internal/health HTTP/1.1'),
      request('GET http://127.0.0.2/health HTTP/1.1', ['Host: 127.0.0.2']),
      request('GET http://evil.example/health HTTP/1.1'),
      request('GET /health HTTP/1.1', [host, host]),
      request('GET /health HTTP/1.1', []),
      request('GET /health HTTP/1.1', ['Host: a b']),
      request('GET /health HTTP/1.1', [host, 'Expect: miracles']),
      request('POST /predict HTTP/1.1', [host, 'Content-Length: 2'], '{}'),
      request('POST /predict HTTP/1.1', [host, 'Content-Length: 20', 'Expect: 100-continue']),
      request('POST /predict HTTP/1.1', [host, 'Content-Length: 99999999']),
      request('POST /predict HTTP/1.1', [host, 'Transfer-Encoding: gzip, chunked']),
      request('GET /health HTTP/1.1', [host, ...Array.from({ length: 200 }, (_, index) => `X-Filler-${index}: a`)]),
      request(`GET /${'a'.repeat(9000)} HTTP/1.1`),
    ]
    for (const trick of tricks) expect(comparable(await talk(server.url, trick)), trick).toBe(unknown)
  })

  it.each(METHODS.filter(method => method !== 'CONNECT' && method !== 'HEAD'))('who uses %s too', async method => {
    const { server } = await served(Echo, PRIVATE)
    const { server: open } = await served(Echo)
    const unknown = comparable(await talk(open.url, request(`${method} /unknown HTTP/1.1`)))
    expect(comparable(await talk(server.url, request(`${method} /predict HTTP/1.1`)))).toBe(unknown)
  })

  it('who sends 1,100 filler lines, a CONNECT, or no HTTP at all, learns no more', async () => {
    const { server } = await served(Echo, PRIVATE)
    const fillers = Array.from({ length: 1100 }, (_, index) => `X-Filler-${index}: ${'a'.repeat(20)}`)
    const claim = 'X-Forwarded-For: 127.0.0.2'
    const unknown = comparable(await talk(server.url, request('GET /unknown HTTP/1.1')))
    for (const bytes of [
      request('GET /health HTTP/1.1', ['Host: model.internal', ...fillers, claim]),
      request('CONNECT model.internal:443 HTTP/1.1'),
      request('BREW /predict HTTP/1.1'),
      'nonsense\r\n\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      request('GET /health HTTP/9.9'),
    ]) {
      expect(comparable(await talk(server.url, bytes)), bytes).toBe(unknown)
    }
  })

  it('behind a proxy, and an insider who asks for another name, learn no more of what cannot be framed', async () => {
    const { server } = await served(Echo, { ...PRIVATE, trustedProxies: ['127.0.0.3'] })
    const unknown = comparable(await talk(server.url, request('GET /unknown HTTP/1.1')))
    const claim = 'X-Forwarded-For: 127.0.0.2'
    const fillers = Array.from({ length: 1100 }, (_, index) => `X-${index}: a`)
    const host = 'Host: model.internal'
    for (const [localAddress, bytes] of [
      ['127.0.0.3', request('GET /health HTTP/1.1', [host, claim, ...fillers, 'X-Forwarded-For: 192.0.2.1'])],
      ['127.0.0.3', request('GET /health HTTP/1.1', [host, claim, 'Expect: miracles'])],
      ['127.0.0.3', request('CONNECT model.internal:443 HTTP/1.1', [host, claim])],
      ['127.0.0.3', 'nonsense\r\n\r\n'],
      ['127.0.0.2', request('GET /health HTTP/1.1', ['Host: evil.example', ...fillers])],
      ['127.0.0.2', request('GET http://evil.example/health HTTP/1.1', [host])],
      ['127.0.0.2', request('GET http://[fe80::1%25lo]/health HTTP/1.1', ['Host: [fe80::1%25lo]'])],
      ['127.0.0.2', request('GET /health HTTP/1.1', [])],
    ] as const) {
      expect(comparable(await talk(server.url, bytes, localAddress)), bytes).toBe(unknown)
    }
  })

  it('gets the 404 also while the server stops', async () => {
    const { server } = await served(Echo, PRIVATE)
    server.drain()
    expect((await talk(server.url, request('GET /ready HTTP/1.1'))).status).toBe(404)
  })
})

describe('an insider', () => {
  it.each([
    ['nonsense\r\n\r\n', 400, 'bad_request'],
    [request('GET /health HTTP/1.1', ['Host: model.internal', 'Host: model.internal']), 400, 'bad_request'],
    [request('GET /health HTTP/1.1', ['Host: model.internal', 'Expect: miracles']), 417, 'expectation_failed'],
    [request('CONNECT model.internal:443 HTTP/1.1'), 501, 'not_implemented'],
  ])('is told what is wrong with %j', async (bytes, status, code) => {
    const { server } = await served(Echo, PRIVATE)
    const answer = await talk(server.url, bytes, '127.0.0.2')
    expect([answer.status, JSON.parse(answer.body)]).toEqual([status, expect.objectContaining({ code })])
  })

  it('goes on to the other strategies', async () => {
    const { server } = await served(guarded, { ...PRIVATE, signature: WITH_CONTEXT })
    expect((await ask(`${server.url}/health`, INSIDER)).status).toBe(200)
    const call = { ...INSIDER, method: 'POST', body: '{}' }
    expect((await ask(`${server.url}/predict`, call)).status).toBe(401)
    const headers = { ...INSIDER.headers, authorization: 'Bearer good-token', 'content-type': 'application/json' }
    expect((await ask(`${server.url}/predict`, { ...call, headers })).status).toBe(200)
  })

  it.each([
    ['model.internal', 200],
    ['model.internal:8443', 200],
    ['MODEL.INTERNAL', 200],
    ['evil.example', 404],
    ['model.internal.evil.example', 404],
    ['127.0.0.1', 404],
  ])('who asks for %s gets %i', async (host, status) => {
    const { server } = await served(Echo, PRIVATE)
    expect((await ask(`${server.url}/health`, { ...INSIDER, headers: { host } })).status).toBe(status)
  })

  it.each([
    ['127.0.0.1', 200],
    ['localhost', 200],
    ['127.0.0.9', 404],
    ['evil.example', 404],
  ])('who asks for %s, where no names are given, gets %i', async (host, status) => {
    const { server } = await served(Echo, { ...PRIVATE, allowedHosts: undefined })
    expect((await ask(`${server.url}/health`, { ...INSIDER, headers: { host } })).status).toBe(status)
  })

  it('is known by what a trusted proxy says, and by nothing else', async () => {
    const { server } = await served(Echo, { ...PRIVATE, trustedProxies: ['127.0.0.3'] })
    const through = async (forwarded: Record<string, string>) => {
      const headers = { host: 'model.internal', ...forwarded }
      return (await ask(`${server.url}/health`, { localAddress: '127.0.0.3', headers })).status
    }
    expect(await through({ 'x-forwarded-for': '127.0.0.2' })).toBe(200)
    expect(await through({ 'x-forwarded-for': '192.0.2.1, 127.0.0.2' })).toBe(200)
    expect(await through({ 'x-forwarded-for': '127.0.0.2, 192.0.2.1' })).toBe(404)
    expect(await through({ 'x-forwarded-for': '127.0.0.2, unknown' })).toBe(404)
    expect(await through({})).toBe(404)
    expect(await through({ forwarded: 'for=127.0.0.2' })).toBe(404)
  })
})

const hasIPv6 = Object.values(networkInterfaces()).some(all => all?.some(({ family }) => family === 'IPv6') === true)

/** Gives back the address that was decided. */
class Where extends BasePredictor {
  predict(context: PredictContext): object {
    return { address: context.client.address }
  }
}

describe('context.client', () => {
  it.skipIf(!hasIPv6)('has an IPv4 address as such, also where the socket takes both families', async () => {
    const { server } = await served(Where, { host: '::', signature: signatureOf({ role: 'context' }) })
    const url = `http://127.0.0.1:${new URL(server.url).port}/predict`
    expect(JSON.parse((await ask(url, { method: 'POST', localAddress: '127.0.0.5' })).body)).toEqual({
      address: '127.0.0.5',
    })
  })

  it.each([
    ['127.0.0.3', { 'x-forwarded-for': '10.0.0.1, 192.0.2.1' }, '192.0.2.1'],
    ['127.0.0.3', {}, '127.0.0.3'],
    ['127.0.0.4', { 'x-forwarded-for': '192.0.2.1' }, '127.0.0.4'],
  ])('of a peer at %s with %j is %s', async (localAddress, headers, address) => {
    const signature = signatureOf({ role: 'context' })
    const { server, lines } = await served(Where, { trustedProxies: ['127.0.0.3'], signature })
    const { body } = await ask(`${server.url}/predict`, { method: 'POST', localAddress, headers })
    expect(JSON.parse(body)).toEqual({ address })
    expect(lines.find(({ message }) => message === 'request')?.fields['client']).toBe(address)
  })
})

describe('@privateNetwork', () => {
  function extend(parent: PredictorClass): PredictorClass {
    // The type of a class with any constructor cannot be extended; Echo's can, and the decorator looks at no member.
    return class Extended extends (parent as typeof Echo) {}
  }

  /** A class with the decorator, as it would stand above it. */
  function privateClass(options: Parameters<typeof privateNetwork>[0], parent: PredictorClass = Echo): PredictorClass {
    const Private = extend(parent)
    privateNetwork(options)(Private)
    return Private
  }

  const status = async (predictor: PredictorClass, options: ServeOptions = {}) => {
    const { server } = await served(predictor, { insecureHttp: true, ...options })
    const from = async (localAddress: string) => (await ask(`${server.url}/livez`, { localAddress })).status
    return [await from('127.0.0.1'), await from('127.0.0.2'), await from('127.0.0.3')]
  }

  it('makes a server private, and subclasses inherit it', async () => {
    const parent = privateClass({ allow: ['127.0.0.2', '127.0.0.3'] })
    expect(await status(parent)).toEqual([404, 200, 200])
    expect(await status(extend(parent))).toEqual([404, 200, 200])
  })

  it('is met together with those it inherits and the options', async () => {
    const parent = privateClass({ allow: ['127.0.0.2', '127.0.0.3'] })
    expect(await status(privateClass({ allow: ['127.0.0.0/8'] }, parent))).toEqual([404, 200, 200])
    expect(await status(parent, { allow: ['127.0.0.1', '127.0.0.2'] })).toEqual([404, 200, 404])
  })

  it('answers nobody where the runtime does not tell the address', async () => {
    const { app } = await serveClass(privateClass({ allow: ['0.0.0.0/0'] }, protect()))
    expect((await app.request('/livez')).status).toBe(404)
    expect((await app.request('/predict', { method: 'POST', body: '{}' })).status).toBe(404)
  })

  it('allows somebody', () => {
    expect(() => privateNetwork({ allow: [] })).toThrow(
      expect.objectContaining({
        code: 'invalid_option',
        message: expect.stringContaining('@privateNetwork allows no address'),
      }),
    )
  })

  it('contradicts a public listener', async () => {
    await expect(
      serve(privateClass({ allow: ['127.0.0.1'] }), { public: '127.0.0.1:0', logger: rememberingLogger().logger }),
    ).rejects.toMatchObject({ code: 'invalid_option', message: expect.stringContaining('names a public address') })
  })
})

describe('a public and a private listener', () => {
  const both: ServeOptions = { private: '127.0.0.1:0', allow: ['127.0.0.2'], insecureHttp: true }
  const seen = async (url: string, path: string, localAddress: string) =>
    (await ask(`${url}${path}`, { localAddress })).status

  it('of one process: predict for everybody, the rest for insiders', async () => {
    const { server } = await served(Echo, both)
    const { url, privateUrl = '' } = server
    expect((await ask(`${url}/predict`, { method: 'POST', body: '{}' })).status).toBe(200)
    for (const path of ['/health', '/livez', '/openapi.json', '/%68ealth', '/predict/../health', '//health'])
      expect([path, await seen(url, path, '127.0.0.2')]).toEqual([path, 404])
    expect(await seen(privateUrl, '/health', '127.0.0.2')).toBe(200)
    expect(await seen(privateUrl, '/health', '127.0.0.1')).toBe(404)
  })

  it('both may be named', async () => {
    const { server } = await served(Echo, { ...both, public: '127.0.0.1:0', publicRoutes: ['/predict', '/livez'] })
    expect(await seen(server.url, '/livez', '127.0.0.1')).toBe(200)
    expect(await seen(server.privateUrl ?? '', '/livez', '127.0.0.1')).toBe(404)
  })

  it.each<[string, ServeOptions, string]>([
    ['an address that is none', { ...both, private: 'everywhere' }, 'the option "private" is "everywhere"'],
    ['two private ones', { ...both, visibility: 'private' }, 'names a second private address'],
    ['addresses, and everybody allowed', { allow: ['10.0.0.1'] }, '--allow is given, but the server is public'],
    ['nobody allowed', { ...both, allow: undefined }, 'the server is private, but no address is allowed'],
  ])('not with %s', async (_what, options, message) => {
    await expect(serve(Echo, { port: 0, logger: rememberingLogger().logger, ...options })).rejects.toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining(message),
    })
  })

  it('needs a certificate', async () => {
    await expect(
      serve(Echo, { port: 0, ...both, insecureHttp: false, logger: rememberingLogger().logger }),
    ).rejects.toMatchObject({
      code: 'insecure_http',
      message: expect.stringContaining('a private server needs a certificate and its key'),
    })
  })
})

describe('a warning is given', () => {
  it.each<[string, ServeOptions]>([
    ['the private server is open to EVERYBODY: 0.0.0.0/0 allows every address', { allow: ['0.0.0.0/0'] }],
    ['the private server answers addresses of the internet: 8.8.8.0/24', { allow: ['127.0.0.1', '8.8.8.0/24'] }],
    ['ANYBODY can claim any address: 0.0.0.0/0 trusts every peer as a proxy', { trustedProxies: ['0.0.0.0/0'] }],
    ['ANYBODY can claim any address: ::/0 trusts every peer as a proxy', { trustedProxies: ['::/0'] }],
    ['ANYBODY can claim any address: ::ffff:0:0/96 trusts every', { trustedProxies: ['::ffff:0:0/96'] }],
    ['the private server listens on 127.0.0.1, where no allowed address can reach it', { allow: ['10.0.0.0/8'] }],
  ])('that %s', async (message, options) => {
    const { lines } = await served(Echo, { ...PRIVATE, ...options })
    expect(lines.filter(({ level }) => level === 'warn').map(line => line.message)).toContainEqual(
      expect.stringContaining(message),
    )
  })
})
