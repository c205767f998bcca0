import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import type { PredictorApp } from '../../src/app/predictor-app.ts'
import { bearerAuth, bodyTokenAuth } from '../../src/auth/index.ts'
import { signatureOf } from '../app/_serving.ts'
import { talk } from '../node/_raw-connection.ts'
import { served } from '../node/_served.ts'
import { call, protect, serveClass, serveWith, WITH_CONTEXT } from './_fixtures.ts'

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'QUERY',
  'PROPFIND',
  'get',
  'Post',
  'predict',
]

/** What is declared public: constant answers about the server and not the predictor's. */
const PUBLIC = new Set(['GET /health', 'HEAD /health', 'GET /ready', 'HEAD /ready', 'GET /livez', 'HEAD /livez'])

/** Ways to write a path that some part on the way may take for another. */
function spellings(path: string): string[] {
  return [
    path,
    `${path}/`,
    `/${path}`,
    `/.${path}`,
    `${path}/.`,
    `/x/..${path}`,
    path.toUpperCase(),
    `${path}?auth=a&token=a`,
    `${path}%20`,
    `${path}%00`,
    `/%2e${path}`,
    path.replace('r', '%72'),
    `${path};a=b`,
    `${path}.json`,
    `/invocations`,
    `/v1${path}`,
  ]
}

async function sweep(app: PredictorApp, base = ''): Promise<string[]> {
  const paths = [...new Set(app.routes.map(({ path }) => path).filter(path => path !== '/*'))]
  const open: string[] = []
  for (const path of paths.flatMap(spellings)) {
    for (const method of METHODS) {
      const init = { method, ...(/^(get|head)$/i.test(method) ? {} : { body: '{"auth":"x"}' }) }
      const response = await app.request(`${base}${path}`, init)
      if (response.status < 400) open.push(`${method} ${path}`)
    }
  }
  return open
}

/** The same route by another spelling of its path or method, as a URL parser reads it. */
function canonical(line: string): string {
  const [method = '', target = ''] = line.split(' ')
  return `${method.toUpperCase()} ${decodeURIComponent(new URL(`http://a${target.replace(/^\/\//, '/.//')}`).pathname)}`
}

describe('no route reaches predict without credentials', () => {
  test.each([
    ['in a header', bearerAuth({ tokens: 'a' })],
    ['in the payload', bodyTokenAuth({ tokens: 'a' })],
  ])('%s: every path and method', async (_name, decorator) => {
    const { app } = await serveWith(decorator)
    const open = await sweep(app)
    expect(open.map(canonical).filter(line => !PUBLIC.has(line))).toEqual([])
    expect(open).toContain('GET /health')
  })

  test('the sweep would find one that is open', async () => {
    const { app } = await serveWith()
    expect(await sweep(app)).toEqual(expect.arrayContaining(['POST /predict', 'GET /openapi.json', 'GET /health']))
  })

  test('mounted in another application, with and without a prefix', async () => {
    const { app } = await serveWith(bearerAuth({ tokens: 'a' }))
    const parent = new Hono().route('/model', app)
    for (const path of ['/model/predict', '/model//predict', '/predict']) {
      expect((await parent.request(path, { method: 'POST', body: '{}' })).status).toBeGreaterThanOrEqual(401)
    }
    const headers = { authorization: 'Bearer a' }
    expect((await parent.request('/model/predict', { method: 'POST', body: '{}', headers })).status).toBe(200)
  })

  test('by an override of the method', async () => {
    const { app } = await serveWith(bearerAuth({ tokens: 'a' }))
    const headers = { 'X-HTTP-Method-Override': 'POST', 'X-Original-URL': '/predict', 'X-Rewrite-URL': '/predict' }
    for (const path of ['/health', '/ready', '/livez']) {
      expect(await (await app.request(path, { headers })).text()).not.toContain('payload')
    }
  })
})

describe('/openapi.json', () => {
  test('tells those who may call what they may call', async () => {
    const { app } = await serveWith(bearerAuth({ tokens: 'a' }))
    expect((await app.request('/openapi.json')).status).toBe(401)
    const response = await app.request('/openapi.json', { headers: { authorization: 'Bearer a' } })
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('tells everybody where an option says so', async () => {
    const { app } = await serveClass(protect(bodyTokenAuth({ tokens: 'a' })), { publicOpenapi: true })
    expect((await app.request('/openapi.json')).status).toBe(200)
    expect((await call(app)).status).toBe(401)
  })
})

describe('over a socket', () => {
  const secured = () => served(protect(bearerAuth({ tokens: 'a' })), { signature: WITH_CONTEXT })
  const head = (...lines: string[]) => ['POST /predict HTTP/1.1', 'Host: localhost', ...lines, '', ''].join('\r\n')

  test('the refusal comes instead of 100 Continue, and the connection ends', async () => {
    const { server } = await secured()
    const response = await talk(server.url, head('Content-Length: 1000000', 'Expect: 100-continue'))
    expect(response.status).toBe(401)
    expect(response.head).not.toContain('100 Continue')
    expect(response.headers.get('connection')).toEqual(['close'])
    expect(response.headers.get('www-authenticate')).toEqual(['Bearer realm="predict"'])
  })

  test('with credentials it does come', async () => {
    const { server } = await secured()
    const text = head('Content-Length: 2', 'Expect: 100-continue', 'Authorization: Bearer a', 'Connection: close')
    expect((await talk(server.url, `${text}{}`)).status).toBe(100)
  })

  test('each strategy has a line of its own, Basic first', async () => {
    const { basicAuth, anyOf } = await import('../../src/auth/index.ts')
    const either = anyOf(bearerAuth({ tokens: 'a' }), basicAuth({ users: { a: 'b' } }))
    const { server } = await served(protect(either), { signature: WITH_CONTEXT })
    const response = await talk(server.url, head('Content-Length: 2', 'Connection: close', '').replace(/$/, '{}'))
    expect(response.headers.get('www-authenticate')).toEqual([
      'Basic realm="predict", charset="UTF-8"',
      'Bearer realm="predict"',
    ])
  })

  test('also where predict takes the raw request', async () => {
    const { basicAuth, anyOf } = await import('../../src/auth/index.ts')
    const either = anyOf(bearerAuth({ tokens: 'a' }), basicAuth({ users: { a: 'b' } }))
    const { server } = await served(protect(either), { signature: signatureOf({ role: 'request' }) })
    const response = await talk(server.url, `${head('Content-Length: 2', 'Connection: close')}{}`)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toEqual([
      'Basic realm="predict", charset="UTF-8"',
      'Bearer realm="predict"',
    ])
    expect(JSON.parse(response.body).code).toBe('unauthorized')
  })

  test('also for HEAD', async () => {
    const { basicAuth, anyOf } = await import('../../src/auth/index.ts')
    const either = anyOf(bearerAuth({ tokens: 'a' }), basicAuth({ users: { a: 'b' } }))
    const { server } = await served(protect(either), { signature: WITH_CONTEXT })
    const text = 'HEAD /openapi.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
    const response = await talk(server.url, text)
    expect([response.status, response.body]).toEqual([401, ''])
    expect(response.headers.get('www-authenticate')?.length).toBe(2)
  })

  test('two Authorization lines are malformed credentials, whichever predict takes', async () => {
    for (const signature of [WITH_CONTEXT, signatureOf({ role: 'request' })]) {
      const { server } = await served(protect(bearerAuth({ tokens: 'a' })), { signature })
      const text = head('Content-Length: 2', 'Authorization: Bearer a', 'authorization: Bearer a')
      const response = await talk(server.url, `${text}{}`)
      expect(response.status).toBe(400)
      expect(JSON.parse(response.body).code).toBe('malformed_credentials')
      expect(response.headers.get('www-authenticate')).toEqual(['Bearer realm="predict", error="invalid_request"'])
      expect(response.headers.get('connection')).toEqual(['close'])
    }
  })

  test.each<[string, string[], number]>([
    ['two Authorization lines', ['Authorization: Bearer a', 'Authorization: Bearer a'], 400],
    ['a folded line', ['Authorization: Bearer', ' a'], 400],
    ['a space before the colon', ['Authorization : Bearer a'], 400],
    ['a tab behind the value', ['Authorization: Bearer a\t'], 200],
    ['a NUL in the value', ['Authorization: Bearer a\0'], 400],
    ['a vertical tab', ['Authorization: Bearer\va'], 400],
    ['an underscore for a hyphen', ['Proxy_Authorization: Bearer a'], 401],
    ['behind a hundred lines', [...Array(100).fill('X: y'), 'Authorization: Bearer a'], 431],
    ['in a trailer', ['Transfer-Encoding: chunked', 'Trailer: Authorization', '', '0', 'Authorization: Bearer a'], 401],
    ['Connection names Authorization', ['Authorization: Bearer a', 'Connection: close, authorization'], 200],
  ])('%s', async (_name, lines, status) => {
    const { server } = await secured()
    const chunked = lines.some(line => line.startsWith('Transfer-Encoding'))
    const text = chunked
      ? head('Connection: close', ...lines)
      : `${head('Connection: close', 'Content-Length: 2', ...lines)}{}`
    expect((await talk(server.url, text)).status).toBe(status)
  })

  test('in the target, as user and password, lets nobody in', async () => {
    const { server } = await secured()
    const text = head('Content-Length: 2', 'Connection: close').replace('/predict', 'http://a:a@localhost/predict')
    expect([400, 401]).toContain((await talk(server.url, `${text}{}`)).status)
  })

  test('a server beyond this machine is warned about only where anybody may call', async () => {
    const { lines: open } = await served(protect(), { host: '0.0.0.0', signature: WITH_CONTEXT })
    expect(open.some(({ message }) => message.startsWith('ANYONE'))).toBe(true)
    const options = { host: '0.0.0.0', insecureHttp: true, signature: WITH_CONTEXT }
    const { lines } = await served(protect(bearerAuth({ tokens: 'a' })), options)
    expect(lines.some(({ message }) => message.startsWith('ANYONE'))).toBe(false)
  })
})

test('refused before the limits and the body: order of decisions', async () => {
  const { app } = await serveClass(protect(bearerAuth({ tokens: 'a' })), { maxBodySize: 1, queue: 0, concurrency: 1 })
  const send = (headers: Record<string, string>) =>
    app.request('/predict', { method: 'POST', body: '{"too":"large"}', headers })
  expect((await send({ 'content-encoding': 'gzip', 'content-type': 'text/html' })).status).toBe(401)
  expect((await send({ authorization: 'Bearer a' })).status).toBe(413)
})
