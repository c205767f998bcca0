import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../cli/test/temporary-folder.ts'
import { bearerAuth } from '../../src/auth/index.ts'
import { METRICS } from '../../src/metrics/definitions.ts'
import type { ServeOptions } from '../../src/node/serve-options.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { protect, WITH_CONTEXT } from '../auth/_fixtures.ts'
import { talk } from '../node/_raw-connection.ts'
import { eventually, post, served } from '../node/_served.ts'
import { makeIssuer, writePair } from '../node/tls/_certificates.ts'
import { ask as askOverTLS } from '../node/tls/_requests.ts'
import { startReplicas } from '../replica/_replicas.ts'
import { Exposition, scrape, scrapeUntil } from './_scrape.ts'

const { version: VERSION } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const COUNTING = '../../metrics/fixtures/counting.js'

/** The same predictor in this process and in one of its own. */
const ENGINES: [string, ServeOptions][] = [
  ['in this process', { workers: 0 }],
  ['in a process of its own', { workers: 1 }],
]

async function start(options: ServeOptions & { readonly exportName?: string }) {
  const replicas = await startReplicas(COUNTING, options)
  await replicas.server.ready
  const ask = async (payload: object): Promise<string> => {
    const response = await fetch(`${replicas.server.url}/predict`, { method: 'POST', body: JSON.stringify(payload) })
    return response.text()
  }
  return { ...replicas, ask }
}

describe.each(ENGINES)('a predictor %s', (_name, engine) => {
  it('has its requests, its calls and their bytes counted', async () => {
    const { server, ask } = await start(engine)
    const bodies: string[] = []
    const payloads = [{ text: 'ä' }, { text: 'bb' }, { kind: 'throw' }]
    for (const payload of payloads) bodies.push(await ask(payload))
    const seen = await scrapeUntil(server, found => found.sum(METRICS.requests.name, { route: '/predict' }) === 3)
    const requests = { method: 'POST', route: '/predict' }
    expect(seen.value(METRICS.requests.name, { ...requests, status: '200' })).toBe(2)
    expect(seen.value(METRICS.requests.name, { ...requests, status: '500' })).toBe(1)
    expect(seen.value(`${METRICS.requestDuration.name}_count`, { route: '/predict' })).toBe(3)
    expect(seen.value(`${METRICS.requestDuration.name}_bucket`, { route: '/predict', le: '+Inf' })).toBe(3)
    expect(seen.value(`${METRICS.requestDuration.name}_sum`, { route: '/predict' })).toBeGreaterThan(0)
    expect(seen.value(`${METRICS.predictDuration.name}_count`)).toBe(3)
    expect(seen.value(`${METRICS.queueWait.name}_bucket`, { le: '0.0001' })).toBe(3)
    const sent = payloads.reduce((sum, payload) => sum + Buffer.byteLength(JSON.stringify(payload)), 0)
    expect(seen.value(METRICS.requestBytes.name)).toBe(sent)
    // The scrapes before have bodies of their own.
    expect(seen.value(METRICS.responseBytes.name)).toBeGreaterThanOrEqual(bodies.join('').length)
    // This scrape is one.
    expect(seen.value(METRICS.requestsInFlight.name)).toBe(1)
    expect(seen.value(METRICS.callsInFlight.name)).toBe(0)
  })

  it('has what it measures itself exposed as soon as its answer is there', async () => {
    const { server, ask } = await start(engine)
    const before = await scrape(server)
    for (const text of ['a'.repeat(5), 'a'.repeat(50), 'a'.repeat(500)]) await ask({ text, kind: 'known' })
    const seen = await scrape(server)
    const grown = (name: string, labels: Record<string, string> = {}): number =>
      (seen.value(name, labels) ?? 0) - (before.value(name, labels) ?? 0)
    expect(grown('fixture_calls_total', { kind: 'known' })).toBe(3)
    expect(['10', '100', '+Inf'].map(le => grown('fixture_length_bucket', { le }))).toEqual([1, 2, 3])
    expect([grown('fixture_length_sum'), grown('fixture_length_count')]).toEqual([555, 3])
    const replica = engine.workers === 0 ? 'front' : '0'
    expect(seen.value('fixture_level', { replica })).toBe(500)
    expect(seen.value('incant_custom', { name: 'length', tag: 'known', replica })).toBe(500)
    expect(seen.value('incant_custom', { name: 'from setup', replica })).toBe(1)
    expect(seen.value('fixture_untouched', { replica })).toBe(0)
    expect(seen.all('fixture_untouched')).toHaveLength(1)
    // What prom-client alone has made is read once a second.
    await scrapeUntil(
      server,
      found => (found.value('fixture_own_total') ?? 0) - (before.value('fixture_own_total') ?? 0) === 3,
    )
  })

  it('has the items of its streams counted', async () => {
    const { server, ask } = await start({ ...engine, exportName: 'Streaming' })
    const before = await scrape(server)
    await ask({ items: 7 })
    await ask({ items: 0 })
    const seen = await scrape(server)
    expect(seen.value(METRICS.streamItems.name)).toBe(7)
    const items = { kind: 'item' }
    expect((seen.value('fixture_calls_total', items) ?? 0) - (before.value('fixture_calls_total', items) ?? 0)).toBe(7)
  })

  it('has its batches and the waits of their items counted', async () => {
    const { server, ask } = await start({ ...engine, exportName: 'Batched' })
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(text => ask({ text })))
    const seen = await scrape(server)
    expect(seen.value(`${METRICS.batchSize.name}_sum`)).toBe(5)
    expect(seen.value(`${METRICS.batchSize.name}_count`)).toBeGreaterThanOrEqual(1)
    expect(seen.value(`${METRICS.batchWait.name}_count`)).toBe(5)
    // The first one waited for company.
    expect(seen.value(`${METRICS.batchWait.name}_sum`)).toBeGreaterThan(0.09)
  })

  it('has calls that wait counted, and those that are turned away', async () => {
    const { server, ask } = await start({ ...engine, concurrency: 1, queue: 2 })
    const release = join(temporaryFolder({}), 'release')
    const pending = [ask({ waitFor: release }), ask({}), ask({})]
    const during = await scrapeUntil(server, found => found.value(METRICS.queueLength.name) === 2)
    expect(during.value(METRICS.callsInFlight.name)).toBe(1)
    expect(during.value(METRICS.queueLimit.name)).toBe(2)
    expect(await ask({})).toContain('queue_full')
    writeFileSync(release, '')
    await Promise.all(pending)
    const seen = await scrapeUntil(server, found => found.sum(METRICS.requests.name, { route: '/predict' }) === 4)
    expect(seen.value(METRICS.requests.name, { route: '/predict', status: '503' })).toBe(1)
    expect(seen.value(`${METRICS.queueWait.name}_count`)).toBe(3)
    expect(seen.value(`${METRICS.queueWait.name}_sum`)).toBeGreaterThan(0)
    expect(seen.value(METRICS.queueLength.name)).toBe(0)
  })

  it('is one replica that is ready, in a process that is measured', async () => {
    const { server } = await start({ ...engine, modelInfo: { name: 'fixture', version: 'v7' } })
    const replicas = engine.workers === 0 ? ['front'] : ['front', '0']
    const seen = await scrapeUntil(server, found => found.all(METRICS.residentMemory.name).length === replicas.length)
    for (const replica of replicas) {
      expect(seen.value(METRICS.residentMemory.name, { replica })).toBeGreaterThan(20e6)
      expect(seen.value(METRICS.heapUsed.name, { replica })).toBeGreaterThan(1e6)
      expect(seen.value(METRICS.cpuSeconds.name, { replica })).toBeGreaterThan(0.01)
      expect(seen.value(METRICS.eventLoopDelayMedian.name, { replica })).toBeGreaterThanOrEqual(0)
      expect(seen.value(METRICS.eventLoopDelayP99.name, { replica })).toBeGreaterThanOrEqual(0)
    }
    expect(seen.all(METRICS.replicas.name).map(({ labels, value }) => [labels['state'], value])).toEqual([
      ['starting', 0],
      ['ready', 1],
      ['retiring', 0],
    ])
    expect(seen.value(METRICS.ready.name)).toBe(1)
    const build = seen.all(METRICS.buildInfo.name)
    expect(build).toEqual([
      {
        name: METRICS.buildInfo.name,
        labels: { version: VERSION, node: process.version, model: 'fixture', model_version: 'v7', model_digest: '' },
        value: 1,
      },
    ])
    server.drain()
    expect((await scrape(server)).value(METRICS.ready.name)).toBe(0)
  })
})

it('a front that computes shows in the delay of its event loop, until the next scrape', async () => {
  const { server, ask } = await start({ workers: 0 })
  const delay = async () => (await scrape(server)).value(METRICS.eventLoopDelayP99.name, { replica: 'front' }) ?? 0
  await delay()
  await ask({ block: 1000 })
  const blocked = await delay()
  expect(blocked).toBeGreaterThan(0.9)
  expect(await delay()).toBeLessThan(blocked)
})

it('a caller that leaves is counted as 499', async () => {
  const { server } = await start({ workers: 0 })
  const left = new AbortController()
  const call = fetch(`${server.url}/predict`, { method: 'POST', body: '{"wait":5000}', signal: left.signal })
  await scrapeUntil(server, found => found.value(METRICS.callsInFlight.name) === 1)
  left.abort()
  await expect(call).rejects.toThrow()
  const seen = await scrapeUntil(server, found => found.value(METRICS.requests.name, { status: '499' }) === 1)
  expect(seen.value(METRICS.requestsInFlight.name)).toBe(1)
})

it('what the gate refuses is counted, under the route of all that is not known', async () => {
  const { server } = await served()
  const refused: [string, string, string][] = [
    ['nonsense\r\n\r\n', 'other', '400'],
    ['GET / HTTP/1.1\r\n\r\n', 'GET', '400'],
    ['CONNECT a:443 HTTP/1.1\r\nHost: localhost:443\r\n\r\n', 'other', '501'],
    [`GET /${'a'.repeat(9000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 'GET', '414'],
    [`GET / HTTP/1.1\r\nHost: localhost\r\n${'X-A: b\r\n'.repeat(200)}\r\n`, 'GET', '431'],
    [`GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ${'b'.repeat(60_000)}\r\n\r\n`, 'other', '431'],
    ['POST /predict HTTP/1.1\r\nHost: localhost\r\nExpect: miracles\r\nContent-Length: 0\r\n\r\n', 'POST', '417'],
    [
      'GET /health HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n',
      'GET',
      '400',
    ],
  ]
  for (const [bytes, , status] of refused) expect((await talk(server.url, bytes)).status).toBe(Number(status))
  const seen = await scrapeUntil(server, found => found.sum(METRICS.requests.name, { route: '*' }) === refused.length)
  for (const [, method, status] of refused) {
    const expected = refused.filter(other => other[1] === method && other[2] === status).length
    expect([method, status, seen.value(METRICS.requests.name, { route: '*', method, status })]).toEqual([
      method,
      status,
      expected,
    ])
  }
  expect(seen.value(METRICS.authRefusals.name, { reason: 'malformed_credentials' })).toBe(1)
  expect(seen.value(METRICS.requestsInFlight.name)).toBe(1)
})

it('answers to HEAD have no body to be counted', async () => {
  const { server } = await served()
  await fetch(`${server.url}/metrics`, { method: 'HEAD' })
  await fetch(`${server.url}/livez`, { method: 'HEAD' })
  let sent = 0
  await scrapeUntil(server, found => {
    const known = sent
    sent += Buffer.byteLength(found.text)
    const heads = found.sum(METRICS.requests.name, { method: 'HEAD', status: '200' })
    return heads === 2 && found.value(METRICS.responseBytes.name) === known
  })
})

it('who authentication keeps out is counted by the code of the error alone', async () => {
  const guarded = protect(bearerAuth({ tokens: 'good-token' }))
  const { server } = await served(guarded, { signature: WITH_CONTEXT, maxAuthFailures: 3 })
  const ask = async (headers: Record<string, string>): Promise<number> =>
    (await fetch(`${server.url}/predict`, { method: 'POST', body: '{}', headers })).status
  expect(await ask({})).toBe(401)
  expect(await ask({ authorization: 'Bearer wrong' })).toBe(401)
  expect(await ask({ authorization: 'Bearer wr ong' })).toBe(400)
  expect(await ask({ authorization: 'Bearer wrong' })).toBe(401)
  expect(await ask({ authorization: 'Bearer wrong' })).toBe(429)
  const seen = await scrapeUntil(server, found => found.sum(METRICS.authRefusals.name) === 5)
  const refusals = Object.fromEntries(
    seen.all(METRICS.authRefusals.name).map(({ labels, value }) => [labels['reason'], value]),
  )
  expect(refusals).toEqual({
    unauthorized: 1,
    invalid_credentials: 2,
    malformed_credentials: 1,
    insufficient_scope: 0,
    rate_limited: 1,
    auth_failed: 0,
    auth_unavailable: 0,
  })
})

it('random methods, paths and request ids make no series of their own', async () => {
  const { server } = await served()
  const methods = ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'MKCOL', 'SUBSCRIBE', 'M-SEARCH', 'TRACE']
  for (let round = 0; round < 60; round += 1) {
    const method = methods[round % methods.length] ?? 'GET'
    const path = `/${Math.random().toString(36).slice(2)}?${Math.random()}`
    await talk(
      server.url,
      `${method} ${path} HTTP/1.1\r\nHost: h${round}.localhost\r\nX-Request-Id: r${round}\r\nConnection: close\r\n\r\n`,
    )
  }
  const seen = await scrapeUntil(server, found => found.sum(METRICS.requests.name, { route: '*' }) === 60)
  const series = seen.all(METRICS.requests.name).filter(({ labels }) => labels['route'] === '*')
  expect(new Set(series.map(({ labels }) => labels['method']))).toEqual(
    new Set(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'other']),
  )
  expect(series.length).toBeLessThanOrEqual(8)
  expect(seen.text).not.toMatch(/h\d+\.example/)
})

it('every metric of the table is exposed, and nothing else that begins like them', async () => {
  class Sending extends BasePredictor {
    override async setup(): Promise<void> {
      const { sendMetric } = await import('../../src/metrics/index.ts')
      sendMetric('any', 1)
    }

    predict(): string {
      return ''
    }
  }
  const { server } = await served(Sending)
  const { names } = await scrape(server)
  const expected = Object.values(METRICS).map(({ name }) => name)
  // Without TLS, and without jobs.
  const absent = /_tls_|_jobs?_|_jobs$|_webhooks?_/
  const present = expected.filter(name => !absent.test(name))
  expect([...names].filter(name => name.startsWith('incant_')).sort()).toEqual(present.sort())
})

it('the end of the certificate is exposed where there is one', async () => {
  const authority = await makeIssuer()
  const until = new Date(Math.floor(Date.now() / 1000) * 1000 + 50 * 86_400_000)
  const { server } = await served(undefined, writePair(await authority.issue({ until })).files)
  const { body } = await askOverTLS(`${server.url}/metrics`, { ca: authority.cert })
  expect(new Exposition(body).value(METRICS.certificateExpiry.name)).toBe(until.getTime() / 1000)
})

it('with metrics off nothing is counted and nothing is there', async () => {
  const { server } = await served(undefined, { metrics: 'off' })
  expect((await fetch(`${server.url}/metrics`)).status).toBe(404)
  const answer = await talk(server.url, post('{}', ['Connection: close']))
  expect(answer.status).toBe(200)
})

it('a drained connection leaves nothing in flight', async () => {
  const { server } = await served()
  await Promise.all(Array.from({ length: 20 }, () => fetch(`${server.url}/livez`).then(response => response.text())))
  await eventually(() => server.state === 'ready')
  await scrapeUntil(server, found => found.value(METRICS.requestsInFlight.name) === 1)
})
