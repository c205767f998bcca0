import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createApp } from '../../src/app/create-app.ts'
import type { PredictorApp } from '../../src/app/predictor-app.ts'
import { anyOf, basicAuth, bearerAuth } from '../../src/auth/index.ts'
import type { ReplicaSource } from '../../src/node/choose-engine.ts'
import type { PredictorServer } from '../../src/node/predictor-server.ts'
import { serve } from '../../src/node/serve.ts'
import type { ServeOptions } from '../../src/node/serve-options.ts'
import { MAIN } from '../replica/_replicas.ts'
import { Echo, rememberingLogger } from './_served.ts'

async function serveApp(app: PredictorApp, options: ServeOptions = {}): Promise<PredictorServer> {
  const { logger } = rememberingLogger()
  const server = await serve(app, { port: 0, logger, gracePeriod: 0, ...options })
  onTestFinished(async () => void (await server.close({ gracePeriod: 0 })))
  await server.ready
  return server
}

const predict = (url: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/predict`, {
    method: 'POST',
    body: '{"a":1}',
    headers: { 'content-type': 'application/json', ...headers },
  })

describe('an application with routes and middleware of its own is served', () => {
  test('before the first request and after serve, on sockets, counted', async () => {
    const app = createApp(Echo)
    app.use(async (context, next) => {
      await next()
      context.header('X-Added', 'before')
    })
    const server = await serveApp(app)
    app.get('/version', context => context.json({ version: 5 }))
    const response = await predict(server.url)
    expect(response.headers.get('x-added')).toBe('before')
    expect(await response.json()).toEqual({ got: { a: 1 } })
    expect(await (await fetch(`${server.url}/version`)).json()).toEqual({ version: 5 })
    const metrics = await (await fetch(`${server.url}/metrics`)).text()
    expect(metrics).toMatch(/incant_requests_total\{[^}]*route="\/predict"[^}]*\} 1/)
  })

  test('and what comes too late is refused by an error', async () => {
    const app = createApp(Echo)
    const server = await serveApp(app)
    app.use(async (_context, next) => next())
    await predict(server.url)
    expect(() => app.get('/late', context => context.text('late'))).toThrow('matcher is already built')
  })

  test('also where nothing was added: the first request goes past the router, and middleware may still come', async () => {
    const app = createApp(Echo)
    const server = await serveApp(app)
    expect((await predict(server.url)).headers.get('x-added')).toBeNull()
    app.use(async (context, next) => {
      await next()
      context.header('X-Added', 'later')
    })
    expect((await predict(server.url)).headers.get('x-added')).toBe('later')
  })

  test('middleware sees a refusal, whose several challenges stay several lines', async () => {
    @anyOf(bearerAuth({ tokens: ['a-token-of-the-test'] }), basicAuth({ users: { ann: 'a-password-of-hers' } }))
    class Guarded extends Echo {}
    const app = createApp(Guarded)
    app.use(secureHeaders())
    const server = await serveApp(app)
    const response = await predict(server.url)
    expect(response.status).toBe(401)
    expect(response.headers.get('x-frame-options')).toBe('SAMEORIGIN')
    expect(response.headers.get('www-authenticate')).toMatch(/Basic.*, Bearer/)
  })

  test('mounts other applications, and is mounted with what was added to it later', async () => {
    const more = new Hono().get('/list', context => context.json([1]))
    const app = createApp(Echo)
    app.route('/more', more)
    app.use(async (context, next) => {
      await next()
      context.header('X-Added', 'yes')
    })
    const parent = new Hono().route('/model', app)
    const response = await parent.request('/model/predict', { method: 'POST', body: '1' })
    expect(response.headers.get('x-added')).toBe('yes')
    expect(await (await parent.request('/model/more/list')).json()).toEqual([1])
    await app.close()
  })

  test('in replicas', { tags: ['slow'] }, async () => {
    const module = fileURLToPath(new URL('../replica/fixtures/echo.js', import.meta.url))
    const { default: Predictor } = await import(module)
    const app = createApp(Predictor)
    app.get('/pid', context => context.json(process.pid))
    const source: ReplicaSource = { module, main: MAIN }
    const server = await serveApp(app, { workers: 1, source })
    expect(await (await fetch(`${server.url}/pid`)).json()).toBe(process.pid)
    const metrics = await (await fetch(`${server.url}/metrics`)).text()
    expect(metrics).toMatch(/incant_replicas\{[^}]*state="ready"[^}]*\} 1/)
  })

  test('and replaced by another, which a class is not', async () => {
    const server = await serveApp(createApp(Echo))
    const next = createApp(Echo)
    next.get('/next', context => context.text('next'))
    await server.replace(next)
    expect(await (await fetch(`${server.url}/next`)).text()).toBe('next')
    await expect(server.replace(Echo)).rejects.toMatchObject({ code: 'invalid_option' })
  })
})

describe('serve refuses', () => {
  test('an application that has started', async () => {
    const app = createApp(Echo)
    await app.ready
    await expect(serve(app, { port: 0 })).rejects.toMatchObject({ code: 'already_started' })
    await app.close()
  })

  test.each([
    ['an application of another kind', new Hono(), {}, 'no_predictor', 'createApp did not make'],
    ['processes that have nothing to import', Echo, { workers: 4 }, 'invalid_option', 'workers is 4, and nothing says'],
    ['as many of them as there are cores', Echo, { workers: -1 }, 'invalid_option', 'nothing says where'],
  ] as const)('%s', async (_name, servable, options, code, found) => {
    // As a program in JavaScript may call it.
    await expect(Reflect.apply(serve, undefined, [servable, { port: 0, ...options }])).rejects.toMatchObject({
      code,
      found: expect.stringContaining(found),
    })
  })

  test('options of the application beside it', async () => {
    const app = createApp(Echo)
    await expect(serve(app, { port: 0, requestTimeout: 5, queue: 1 })).rejects.toMatchObject({
      code: 'invalid_option',
      found: 'requestTimeout and queue are options of the application, which exists already',
      instead: 'Pass them to createApp.',
    })
    await app.close()
  })

  test('a port that is taken, and the application can be served on another', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    onTestFinished(() => void other.close())
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const app = createApp(Echo)
    await expect(serve(app, { port })).rejects.toMatchObject({ code: 'port_in_use' })
    expect((await predict((await serveApp(app)).url)).status).toBe(200)
  })
})
