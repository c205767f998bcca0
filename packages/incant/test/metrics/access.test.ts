import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from '../../../cli/test/temporary-folder.ts'
import { createApp } from '../../src/app/create-app.ts'
import { silentLogger } from '../../src/log/logger.ts'
import { serve } from '../../src/node/serve.ts'
import type { ServeOptions } from '../../src/node/serve-options.ts'
import { talk } from '../node/_raw-connection.ts'
import { codeOf, Echo, served } from '../node/_served.ts'

function setVariable(name: string, value: string): void {
  process.env[name] = value
  onTestFinished(() => void delete process.env[name])
}

/** The status and the body of a scrape with these header lines, from loopback. */
async function read(url: string, lines: readonly string[] = ['Host: 127.0.0.1'], line = 'GET /metrics HTTP/1.1') {
  // What listens on all addresses is asked on this one.
  return talk(url, `${[line, ...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`)
}

function comparable({ head, body }: { readonly head: string; readonly body: string }): string {
  const lines = head.split('\r\n').filter(line => !/^(?:date|x-request-id):/i.test(line))
  return [...lines, body.replace(/"requestId":"[^"]*"/, '')].join('\n')
}

const ANYWHERE: ServeOptions = { host: '0.0.0.0' }

describe('a server that listens for this machine alone', () => {
  it.each([[['Host: 127.0.0.1']], [['Host: localhost:8000']], [['Host: [::1]']], [['Host: 127.9.9.9:1']]])(
    'shows metrics to who asks for it: %s',
    async lines => {
      const { server } = await served()
      const { status, body, head } = await read(server.url, lines)
      expect([status, body.startsWith('# HELP incant_requests_total ')]).toEqual([200, true])
      expect(head).toMatch(/\r\ncontent-type: text\/plain; version=0\.0\.4; charset=utf-8\r\n/i)
      expect(head).toMatch(/\r\ncache-control: no-store\r\n/i)
    },
  )

  it.each([
    [['Host: model.example']],
    [['Host: localhost.evil.example']],
    [['Host: 127.0.0.1.evil.example']],
    [['Host: 127.0.0.1', 'X-Forwarded-For: 203.0.113.7']],
    [['Host: 127.0.0.1', 'X-Forwarded-For: 127.0.0.1']],
    [['Host: 127.0.0.1', 'Forwarded: for=203.0.113.7']],
    [['Host: 127.0.0.1', 'X-Real-IP: 203.0.113.7']],
    [['Host: 127.0.0.1', 'Via: 1.1 proxy']],
    [['Host: 127.0.0.1', 'X-Forwarded-Proto: https']],
  ])('shows nothing through a proxy or under another name: %s', async lines => {
    const { server } = await served()
    const unknown = comparable(await read(server.url, lines, 'GET /unknown HTTP/1.1'))
    expect(unknown).toContain('"code":"not_found"')
    for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) {
      const other = comparable(await read(server.url, lines, `${method} /unknown HTTP/1.1`))
      expect(comparable(await read(server.url, lines, `${method} /metrics HTTP/1.1`))).toBe(other)
    }
  })

  it('shows nothing where a proxy was named: loopback is then everybody', async () => {
    const { server } = await served(Echo, { trustedProxies: ['127.0.0.1'] })
    expect((await read(server.url)).status).toBe(404)
  })
})

it('a server that listens for others shows nothing, not even to this machine', async () => {
  const { server, lines } = await served(Echo, ANYWHERE)
  expect((await read(server.url)).status).toBe(404)
  expect((await fetch(`${server.url}/metrics`, { method: 'POST' })).status).toBe(404)
  expect(lines.filter(({ message }) => message.includes('/metrics'))).toEqual([])
})

it('open shows them to everybody who is answered, and says so at the start', async () => {
  const { server, lines } = await served(Echo, { ...ANYWHERE, metrics: 'open' })
  expect((await read(server.url, ['Host: model.example', 'X-Forwarded-For: 203.0.113.7'])).status).toBe(200)
  expect(lines.filter(({ level, message }) => level === 'warn' && message.includes('can read /metrics'))).toHaveLength(
    1,
  )
})

it('other methods than GET and HEAD are a 405', async () => {
  const { server } = await served()
  const response = await fetch(`${server.url}/metrics`, { method: 'POST' })
  expect([response.status, response.headers.get('allow'), await codeOf(response)]).toEqual([
    405,
    'GET, HEAD',
    'method_not_allowed',
  ])
})

it('HEAD has the head of GET and no body', async () => {
  const { server } = await served()
  const { status, body, head } = await read(server.url, undefined, 'HEAD /metrics HTTP/1.1')
  expect([status, body]).toEqual([200, ''])
  expect(head).toMatch(/\r\ncontent-type: text\/plain; version=0\.0\.4; charset=utf-8\r\n/i)
})

it('an application without a server has no metrics', async () => {
  const app = createApp(Echo, { logger: silentLogger })
  await app.ready
  expect((await app.request('/metrics')).status).toBe(404)
  await app.close()
})

it('what calls a server without a socket is not shown them', async () => {
  const { server } = await served()
  expect((await server.fetch(new Request('http://localhost/metrics'))).status).toBe(404)
})

describe('a token', () => {
  it.each([
    ['on loopback', { allowedHosts: ['model.example'] }],
    ['beyond this machine', { ...ANYWHERE, insecureHttp: true }],
  ])('is asked for where one is named, %s', async (_name, options) => {
    setVariable('METRICS_TOKEN', 'good-token another-token')
    const { server } = await served(Echo, { ...options, metricsAuth: 'env:METRICS_TOKEN' })
    const answers = async (...lines: string[]) => {
      const { status, head, body } = await read(server.url, ['Host: model.example', ...lines])
      const challenge = /\r\nwww-authenticate: ([^\r]*)/i.exec(head)?.[1]
      return [status, challenge, status === 200 ? undefined : JSON.parse(body).code]
    }
    expect(await answers()).toEqual([401, 'Bearer realm="metrics"', 'unauthorized'])
    const invalid = [401, 'Bearer realm="metrics", error="invalid_token"', 'invalid_credentials']
    expect(await answers('Authorization: Bearer bad-token')).toEqual(invalid)
    expect(await answers('Authorization: Bearer good-toke')).toEqual(invalid)
    expect((await answers('Authorization: Bearer good token'))[0]).toBe(400)
    expect(await answers('Authorization: Bearer good-token')).toEqual([200, undefined, undefined])
    expect(await answers('Authorization: Bearer another-token')).toEqual([200, undefined, undefined])
    // The predictor itself is as open as it was.
    expect((await fetch(`${server.url}/predict`, { method: 'POST', body: '{}' })).status).toBe(200)
  })

  it('comes from a file, whose change is taken up', async () => {
    const folder = temporaryFolder({ token: 'one\n' })
    const { server } = await served(Echo, { metricsAuth: `file:${join(folder, 'token')}` })
    const ask = (token: string) =>
      fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status)
    expect([await ask('one'), await ask('two')]).toEqual([200, 401])
    writeFileSync(join(folder, 'token'), 'two\nthree\n')
    await expect.poll(() => ask('two')).toBe(200)
    expect(await ask('one')).toBe(401)
  })

  it('is counted among failed attempts, as that of the predictor is', async () => {
    setVariable('METRICS_TOKEN', 'good-token')
    const { server } = await served(Echo, { metricsAuth: 'env:METRICS_TOKEN', maxAuthFailures: 2 })
    const ask = (token: string) => fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${token}` } })
    const statuses = []
    for (const token of ['a', 'b', 'c', 'good-token']) statuses.push((await ask(token)).status)
    // Whoever has the token is not kept out by who guesses.
    expect(statuses).toEqual([401, 401, 429, 200])
  })
})

describe('a start is refused', () => {
  it.each<[string, ServeOptions, string, RegExp]>([
    [
      'a token in the open',
      { metricsAuth: 'secret' },
      'invalid_option',
      /"metricsAuth" does not name the source of the token/,
    ],
    ['a variable that is not set', { metricsAuth: 'env:NOT_SET' }, 'invalid_auth', /NOT_SET, which is not set/],
    ['a file that is not there', { metricsAuth: 'file:/not/there' }, 'invalid_auth', /not\/there/],
    [
      'a token and open',
      { metricsAuth: 'env:A', metrics: 'open' },
      'invalid_option',
      /metrics is open, and metricsAuth/,
    ],
    ['a token and off', { metricsAuth: 'env:A', metrics: 'off' }, 'invalid_option', /metrics is off, and metricsAuth/],
  ])('with %s', async (_name, options, code, message) => {
    const refused = serve(Echo, { port: 0, logger: silentLogger, ...options })
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('secret"') })
  })

  it('with a token that would cross the network in the open', async () => {
    setVariable('METRICS_TOKEN', 'good-token')
    const refused = serve(Echo, { port: 0, logger: silentLogger, ...ANYWHERE, metricsAuth: 'env:METRICS_TOKEN' })
    await expect(refused).rejects.toMatchObject({ code: 'insecure_http' })
  })
})

describe('two addresses', () => {
  const two: ServeOptions = { private: '127.0.0.1:0', allow: ['127.0.0.0/8'], insecureHttp: true }

  it('the private one shows metrics, the public one does not', async () => {
    const { server } = await served(Echo, { ...ANYWHERE, ...two })
    expect((await read(server.privateUrl ?? '')).status).toBe(200)
    expect((await read(server.url)).status).toBe(404)
  })

  it('the public one does not even where its routes name them', async () => {
    const { server } = await served(Echo, { ...ANYWHERE, ...two, publicRoutes: ['/predict', '/metrics'] })
    expect((await read(server.url)).status).toBe(404)
  })

  it('the private one shows nothing where everybody is allowed', async () => {
    const { server } = await served(Echo, { ...two, allow: ['0.0.0.0/0'] })
    expect((await read(server.privateUrl ?? '')).status).toBe(404)
  })

  it('both ask for a token where one is named', async () => {
    setVariable('METRICS_TOKEN', 'good-token')
    const { server } = await served(Echo, { ...two, metricsAuth: 'env:METRICS_TOKEN', publicRoutes: ['/metrics'] })
    for (const url of [server.url, server.privateUrl ?? '']) {
      expect((await read(url)).status).toBe(401)
      expect((await read(url, ['Host: 127.0.0.1', 'Authorization: Bearer good-token'])).status).toBe(200)
    }
  })
})
