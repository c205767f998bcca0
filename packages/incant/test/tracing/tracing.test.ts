// @module-tag slow
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { EngineFactory } from '../../src/app/app-options.ts'
import { createApp } from '../../src/app/create-app.ts'
import { bearerAuth, bodyTokenAuth } from '../../src/auth/index.ts'
import { chooseEngine } from '../../src/node/choose-engine.ts'
import { serve } from '../../src/node/serve.ts'
import { readServeOptions, type ServeInternals, type ServeOptions } from '../../src/node/serve-options.ts'
import { BasePredictor, type PredictorClass } from '../../src/predictor/base-predictor.ts'
import { BatchPredictor } from '../../src/predictor/batch-predictor.ts'
import { openTelemetry } from '../../src/tracing/open-telemetry.ts'
import { gate, signatureOf, turns } from '../app/_serving.ts'
import { eventually, type LoggedLine, rememberingLogger } from '../node/_served.ts'
import { MAIN } from '../replica/_replicas.ts'
// In JavaScript, since replicas import it as it is.
import * as sdk from './_sdk.js'

interface FoundSpan {
  readonly name: string
  readonly kind: number
  readonly traceId: string
  readonly spanId: string
  readonly parent?: string
  readonly traceState?: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly status: number
  readonly events: readonly { readonly name: string; readonly attributes: object }[]
  readonly pid: number
}

let folder = ''
/** Of each test its own: a replica of the one before may still have something to tell. */
let file = ''
let tests = 0
let own: FoundSpan[] = []

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'incant-spans-'))
})

beforeEach(() => {
  tests += 1
  file = join(folder, `spans-${tests}`)
  process.env['SPANS_FILE'] = file
  own = []
  // Whatever it tells of is one of these.
  sdk.registerSDK((span: unknown) => own.push(span as FoundSpan))
})

afterEach(() => {
  sdk.unregisterSDK()
  delete process.env['SPANS_FILE']
})

afterAll(() => rmSync(folder, { recursive: true }))

/** All spans that have ended, of this process and of replicas. */
function readSpans(): FoundSpan[] {
  const written = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  return [...own, ...written.map(line => JSON.parse(line) as FoundSpan)]
}

const signature = signatureOf({ role: 'payload' }, { role: 'context' })
const MODULE = new URL('./fixtures/traced.js', import.meta.url)

interface Served {
  readonly url: string
  readonly lines: LoggedLine[]
}

async function serveTraced(workers: number, options: ServeOptions = {}, protect = false): Promise<Served> {
  // The fixture exports a predictor.
  const { default: Traced } = (await import(MODULE.href)) as { default: PredictorClass }
  // What extends a predictor is one.
  const predictor = protect ? (class Protected extends Traced {} as PredictorClass) : Traced
  if (protect) bearerAuth({ tokens: 'cAnArY' })(predictor)
  const { logger, lines } = rememberingLogger()
  const engine: EngineFactory | undefined = chooseEngine(readServeOptions({ workers }).settings, {
    module: MODULE,
    main: MAIN,
  })
  const all: ServeInternals = { port: 0, logger, gracePeriod: 0, signature, engine, ...options }
  const server = await serve(predictor, all)
  onTestFinished(async () => void (await server.close({ gracePeriod: 0 })))
  await server.ready
  return { url: server.url, lines }
}

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const CALLER = 'b7ad6b7169203331'
const HEADERS = { traceparent: `00-${TRACE}-${CALLER}-01`, tracestate: 'vendor=1', authorization: 'Bearer cAnArY' }

/** Calls predict, and waits for the span of the request to end. Returns the answer and the spans of its trace by name. */
async function call({ url }: Served, payload: object, headers: Record<string, string> = HEADERS) {
  const response = await fetch(`${url}/predict?token=cAnArY`, {
    method: 'POST',
    headers,
    body: JSON.stringify(payload),
  })
  const text = await response.text()
  await eventually(() => readSpans().some(({ kind }) => kind === SERVER))
  const spans = readSpans()
  const named = (name: string): FoundSpan | undefined => spans.find(span => span.name === name)
  return { status: response.status, text, spans, named }
}

const SERVER = 1

describe.each([0, 1])('with --workers %s', workers => {
  it('every step of a request is a span of the trace of its caller', async () => {
    const served = await serveTraced(workers, {}, true)
    const { status, text, spans, named } = await call(served, {})
    expect(status).toBe(200)
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]))
    const request = named('POST /predict')
    expect(request).toMatchObject({ kind: SERVER, parent: CALLER, status: 0, traceState: 'vendor=1' })
    expect(request?.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/predict',
      'http.response.status_code': 200,
      'url.path': '/predict',
      'url.scheme': 'http',
      'client.address': '127.0.0.1',
      'incant.request_id': expect.any(String),
    })
    const steps = ['authenticate', 'queue', ...(workers === 0 ? ['predict'] : ['replica'])]
    for (const name of steps) expect(named(name)).toMatchObject({ parent: request?.spanId })
    if (workers === 1) {
      expect(named('replica')?.attributes).toEqual({ 'incant.replica': 0 })
      expect(named('predict')?.parent).toBe(named('replica')?.spanId)
      expect(named('predict')?.pid).not.toBe(process.pid)
    }
    expect(named('own')?.parent).toBe(named('predict')?.spanId)
    expect(JSON.parse(text)).toEqual({
      traceparent: `00-${TRACE}-${named('predict')?.spanId}-01`,
      tracestate: 'vendor=1',
    })
    expect(spans).toHaveLength(workers === 0 ? 5 : 6)
  })

  it('a request that belongs to no trace begins one', async () => {
    const { named } = await call(await serveTraced(workers), {}, {})
    expect(named('POST /predict')?.parent).toBeUndefined()
    expect(named('predict')?.traceId).toBe(named('POST /predict')?.traceId)
    expect(named('authenticate')).toBeUndefined()
  })

  it('lines of the log say which span they belong to', async () => {
    const served = await serveTraced(workers)
    const { named } = await call(served, { how: 'throw' })
    const idsOf = (message: string) => {
      const { traceId, spanId } = served.lines.find(line => line.message === message)?.fields ?? {}
      return { traceId, spanId }
    }
    await eventually(() => served.lines.some(({ message }) => message === 'request'))
    const predict = { traceId: TRACE, spanId: named('predict')?.spanId }
    const request = { traceId: TRACE, spanId: named('POST /predict')?.spanId }
    expect(idsOf('from predict')).toEqual(predict)
    expect(idsOf('from the log')).toEqual(predict)
    expect(idsOf('predict failed')).toEqual(request)
    expect(idsOf('request')).toEqual(request)
  })

  it('what is thrown is told by its kind, and never by its message', async () => {
    const served = await serveTraced(workers, {}, true)
    const { status, spans, named } = await call(served, { how: 'throw' })
    expect(status).toBe(500)
    expect(named('POST /predict')).toMatchObject({ status: 2, attributes: { 'error.type': 'internal' } })
    expect(named('predict')).toMatchObject({
      status: 2,
      attributes: { 'error.type': 'internal' },
      events: [{ name: 'exception', attributes: { 'exception.type': 'TypeError' } }],
    })
    expect(JSON.stringify(spans)).not.toContain('cAnArY')
  })

  it.each([
    ['a status that predict chooses', { how: 'refuse' }, {}, 418, 0, 'http_418'],
    ['a deadline', { wait: 5000 }, { requestTimeout: '600ms' }, 504, 2, 'deadline_exceeded'],
  ] as const)('%s is told by its code', async (_name, payload, options, status, spanStatus, reason) => {
    const answer = await call(await serveTraced(workers, options), payload)
    expect(answer.status).toBe(status)
    expect(answer.named('POST /predict')).toMatchObject({ status: spanStatus, attributes: { 'error.type': reason } })
    if (workers === 0) expect(answer.named('predict')).toMatchObject({ attributes: { 'error.type': reason } })
  })

  it('a stream belongs to predict to its end', async () => {
    const { named, spans } = await call(await serveTraced(workers), { how: 'stream' })
    const items = spans.filter(({ name }) => name === 'item')
    expect(items.map(({ parent }) => parent)).toEqual(Array.from({ length: 3 }, () => named('predict')?.spanId))
    const names = spans.map(({ name }) => name)
    expect(names.lastIndexOf('item')).toBeLessThan(names.indexOf('predict'))
  })
})

it('a batch runs in a span of its own calls, also one that follows another', async () => {
  const [begun, release] = [gate(), gate()]
  class Batches extends BatchPredictor {
    async predictBatch(items: number[]): Promise<(string | undefined)[]> {
      begun.open()
      await release.opened
      return items.map(() => sdk.activeSpanId())
    }
  }
  const app = createApp(Batches, { logger: rememberingLogger().logger, tracing: openTelemetry() })
  onTestFinished(() => app.close())
  await app.ready
  const post = async () => (await app.request('/predict', { method: 'POST', body: '1' })).text()
  const first = post()
  await begun.opened
  const later = [post(), post()]
  await turns()
  release.open()
  const ids = await Promise.all([first, ...later])
  await eventually(() => own.filter(({ name }) => name === 'POST /predict').length === 3)
  const predicts = own.filter(({ name }) => name === 'predict').map(({ spanId }) => spanId)
  expect(predicts).toHaveLength(3)
  expect(predicts).toEqual(expect.arrayContaining(ids))
  // Whatever company the second and third had, it was not the first.
  expect(ids.slice(1)).not.toContain(ids[0])
})

it('a refused caller is no fault of the server', async () => {
  const { status, named } = await call(await serveTraced(0, {}, true), {}, {})
  expect(status).toBe(401)
  expect(named('POST /predict')).toMatchObject({ status: 0, attributes: { 'error.type': 'unauthorized' } })
  expect(named('authenticate')).toMatchObject({ attributes: { 'error.type': 'unauthorized' } })
})

it('credentials in a payload are a part of authentication', async () => {
  class Guarded extends BasePredictor {
    predict(payload: { a: number }): object {
      return payload
    }
  }
  bodyTokenAuth({ tokens: 'cAnArY' })(Guarded)
  const app = createApp(Guarded, { logger: rememberingLogger().logger, tracing: openTelemetry() })
  onTestFinished(() => app.close())
  await app.ready
  const post = (body: object) => app.request('/predict', { method: 'POST', body: JSON.stringify(body) })
  expect(await (await post({ a: 1, auth: 'cAnArY' })).json()).toEqual({ a: 1 })
  expect((await post({ a: 1, auth: 'wrong' })).status).toBe(401)
  await eventually(() => own.filter(({ name }) => name === 'POST /predict').length === 2)
  const asked = own.filter(({ name }) => name === 'authenticate').map(({ attributes }) => attributes['error.type'])
  // Each time the headers are looked at first.
  expect(asked).toEqual([undefined, undefined, undefined, 'invalid_credentials'])
  expect(JSON.stringify(own)).not.toContain('cAnArY')
})

it('a probe has no span', async () => {
  const { url } = await serveTraced(0)
  for (const path of ['/livez', '/ready', '/health', '/openapi.json'])
    await (await fetch(`${url}${path}`)).arrayBuffer()
  await eventually(() => own.length > 0)
  expect(own.map(({ name }) => name)).toEqual(['GET /openapi.json'])
})

it('an unknown path has no route, and its query is nowhere', async () => {
  const { url } = await serveTraced(0)
  await (await fetch(`${url}/no/where?token=cAnArY`)).arrayBuffer()
  await eventually(() => own.length > 0)
  expect(own).toMatchObject([
    { name: 'GET', attributes: { 'url.path': '/no/where', 'http.response.status_code': 404 } },
  ])
  expect(own[0]?.attributes).not.toHaveProperty('http.route')
  expect(JSON.stringify(own)).not.toContain('cAnArY')
})

it('createApp traces what it is given, and is part of what goes on around it', async () => {
  class Plain extends BasePredictor {
    predict(): string {
      return 'a'
    }
  }
  const tracing = openTelemetry()
  const app = createApp(Plain, { logger: rememberingLogger().logger, tracing })
  onTestFinished(() => app.close())
  await app.ready
  const outer = await sdk.within('outer', async () =>
    (await app.request('/predict', { method: 'POST', body: '1' })).text(),
  )
  expect(outer).toBe('a')
  await eventually(() => own.length === 4)
  const byName = new Map(own.map(span => [span.name, span]))
  expect(byName.get('POST /predict')).toMatchObject({ kind: 0, parent: byName.get('outer')?.spanId })
})

it('without an SDK there is nothing to trace with, and one that is registered is found whoever made it', () => {
  expect(openTelemetry()).toBeDefined()
  sdk.unregisterSDK()
  expect(openTelemetry()).toBeUndefined()
})
