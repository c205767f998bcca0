import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/app/create-app.ts'
import { describePredictor } from '../../src/openapi/describe-predictor.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { expectProblem, gate, post, postJSON, recordLog, requestLines, serveInMemory } from './_serving.ts'

class Echo extends BasePredictor {
  predict(payload: unknown) {
    return payload
  }
}

describe('routes', () => {
  test.each([
    ['/health', { status: 'ok' }],
    ['/ready', { status: 'ready' }],
    ['/livez', { status: 'alive' }],
  ])('GET %s', async (path, body) => {
    const { app } = await serveInMemory(Echo)
    const response = await app.request(path)
    expect({ status: response.status, body: await response.json() }).toEqual({ status: 200, body })
    expect(response.headers.get('content-type')).toBe('application/json')
  })

  test('a model that was given a name is also where it would be beside others', async () => {
    const { app, lines } = await serveInMemory(Echo, { modelInfo: { name: 'words-2.0', version: 'v1' } })
    const answer = await app.request('/models/words-2.0/predict', { method: 'POST', body: '[1]' })
    expect(await answer.json()).toEqual([1])
    for (const path of ['/models/words-2.0/ready', '/models/words-2.0/health', '/predict'])
      expect((await app.request(path)).status, path).toBe(path === '/predict' ? 405 : 200)
    expect((await requestLines(lines, 4))[0]).toMatchObject({ route: '/predict' })
    await expectProblem(await app.request('/models/words-2x0/ready'), 404, 'not_found')
    const { app: unnamed } = await serveInMemory(Echo)
    await expectProblem(await unnamed.request('/models/predictor/ready'), 404, 'not_found')
    const { app: odd } = await serveInMemory(Echo, { modelInfo: { name: 'any :name/*' } })
    expect((await odd.request('/ready')).status).toBe(200)
  })

  test('GET /openapi.json is the document, unless it is switched off', async () => {
    const { app } = await serveInMemory(Echo)
    const response = await app.request('/openapi.json')
    expect(await response.json()).toMatchObject({ openapi: '3.1.1', info: { title: 'Echo' } })
    const { app: closed } = await serveInMemory(Echo, { openapi: false })
    await expectProblem(await closed.request('/openapi.json'), 404, 'not_found')
  })

  test('the document has every route and no other', async () => {
    const { app } = await serveInMemory(Echo)
    const { paths } = describePredictor({ signature: app.signature })
    // A server alone has metrics and the page.
    const known = app.routes.map(({ path }) => path).filter(path => path !== '/metrics' && path !== '/')
    expect(new Set(known)).toEqual(new Set(Object.keys(paths)))
  })

  test.each(['/', '/predict/', '/Predict', '/x', '/predict/x', '//predict', '/metrics'])(
    '%s is unknown',
    async path => {
      const { app } = await serveInMemory(Echo)
      const response = await app.request(`http://localhost${path}`)
      expect(await expectProblem(response, 404, 'not_found')).not.toHaveProperty('detail')
    },
  )

  test.each([
    ['GET', '/predict', 'POST'],
    ['HEAD', '/predict', 'POST'],
    ['PUT', '/predict', 'POST'],
    ['OPTIONS', '/predict', 'POST'],
    ['POST', '/health', 'GET, HEAD'],
    ['DELETE', '/ready', 'GET, HEAD'],
    ['PATCH', '/livez', 'GET, HEAD'],
    ['POST', '/openapi.json', 'GET, HEAD'],
  ])('%s %s is not allowed', async (method, path, allow) => {
    const { app } = await serveInMemory(Echo)
    const response = await app.request(path, { method })
    expect({ status: response.status, allow: response.headers.get('allow') }).toEqual({ status: 405, allow })
    if (method === 'HEAD') expect(await response.text()).toBe('')
    else expect(await expectProblem(response, 405, 'method_not_allowed')).toMatchObject({ detail: `Use ${allow}.` })
  })

  test.each(['/health', '/ready', '/livez', '/openapi.json'])('HEAD %s is GET without the body', async path => {
    const { app } = await serveInMemory(Echo)
    const response = await app.request(path, { method: 'HEAD' })
    expect({ status: response.status, body: await response.text() }).toEqual({ status: 200, body: '' })
    expect(response.headers.get('content-type')).toBe('application/json')
  })

  test('the application can be mounted under another', async () => {
    const { app } = await serveInMemory(Echo)
    const parent = new Hono().route('/model', app)
    const refused = await parent.request('/model/predict')
    expect(await expectProblem(refused, 405, 'method_not_allowed')).toMatchObject({ detail: 'Use POST.' })
    const response = await parent.request('/model/predict', { method: 'POST', body: '{"a":1}' })
    expect(await response.json()).toEqual({ a: 1 })
  })
})

describe('every answer has', () => {
  const answers: [string, (app: Awaited<ReturnType<typeof serveInMemory>>['app']) => Response | Promise<Response>][] = [
    ['200', app => postJSON(app, 1)],
    ['probe', app => app.request('/livez')],
    ['400', app => post(app, '{')],
    ['404', app => app.request('/x')],
    ['405', app => app.request('/predict')],
  ]

  test.each(answers)('X-Request-Id and nosniff, and says nothing of the server: %s', async (_name, ask) => {
    const { app } = await serveInMemory(Echo)
    const { headers } = await ask(app)
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.has('server') || headers.has('x-powered-by')).toBe(false)
  })

  test.each(['a', 'A-b_c.9', 'x'.repeat(128)])('the request id of the caller where it is harmless: %s', async id => {
    const { app } = await serveInMemory(Echo)
    expect((await postJSON(app, 1, { 'x-request-id': id })).headers.get('x-request-id')).toBe(id)
  })

  test.each(['', 'a b', 'a,b', 'é', '"', '<script>', 'x'.repeat(129), '../etc'])('else a new one: %j', async id => {
    const { app } = await serveInMemory(Echo)
    const given = (await postJSON(app, 1, { 'x-request-id': id })).headers.get('x-request-id')
    expect(given).toHaveLength(36)
  })
})

describe('the log has one line for each request', () => {
  test('with its id, route, status and time; queries, bodies and headers are not in it', async () => {
    const { app, lines } = await serveInMemory(Echo)
    await app.request('/predict?token=canary', {
      method: 'POST',
      body: '"canary"',
      headers: { 'x-request-id': 'id-1', authorization: 'canary', cookie: 'canary' },
    })
    expect(await requestLines(lines)).toEqual([
      {
        level: 'info',
        message: 'request',
        requestId: 'id-1',
        method: 'POST',
        route: '/predict',
        status: 200,
        ms: expect.any(Number),
      },
    ])
    expect(JSON.stringify(lines)).not.toContain('canary')
  })

  test('errors have their code as reason, unknown paths no path', async () => {
    const { app, lines } = await serveInMemory(Echo)
    await post(app, '{')
    await app.request('/canary')
    await app.request('/predict')
    expect(await requestLines(lines, 3)).toMatchObject([
      { route: '/predict', status: 400, reason: 'invalid_json' },
      { route: '*', status: 404, reason: 'not_found' },
      { route: '/predict', status: 405, reason: 'method_not_allowed' },
    ])
    expect(JSON.stringify(lines)).not.toContain('canary')
  })

  test('probes are told at info when their answer changes, else at debug', async () => {
    const { logger, lines } = recordLog()
    const begun = gate()
    class Slow extends Echo {
      override async setup() {
        await begun.opened
      }
    }
    const app = createApp(Slow, { logger })
    const paths = ['/livez', '/ready', '/ready', '/health']
    for (const path of paths) await app.request(path)
    begun.open()
    await app.ready
    for (const path of paths) await app.request(path)
    app.drain()
    for (const path of paths) await app.request(path)
    await app.request('/ready', { method: 'POST' })
    const levels = (await requestLines(lines, 13)).map(({ route, status, level }) => `${route} ${status} ${level}`)
    expect(levels).toEqual([
      ...['/livez 200 debug', '/ready 503 info', '/ready 503 debug', '/health 503 info'],
      ...['/livez 200 debug', '/ready 200 info', '/ready 200 debug', '/health 200 info'],
      ...['/livez 200 debug', '/ready 503 info', '/ready 503 debug', '/health 200 debug', '/ready 405 info'],
    ])
  })

  test('a caller that leaves is a 499', async () => {
    const begun = gate()
    class Slow extends BasePredictor {
      predict(_payload: unknown) {
        begun.open()
        return new Promise(() => {})
      }
    }
    const { app, lines } = await serveInMemory(Slow)
    const controller = new AbortController()
    const pending = app.request('/predict', { method: 'POST', body: '{}', signal: controller.signal })
    await begun.opened
    controller.abort()
    await pending
    expect(await requestLines(lines)).toMatchObject([{ status: 499, reason: 'client_closed' }])
  })

  test('one that had left before it was heard, too, and predict is not called', async () => {
    const { app, lines } = await serveInMemory(Echo)
    const response = await app.request('/predict', { method: 'POST', body: '{}', signal: AbortSignal.abort() })
    expect(response.status).toBe(499)
    expect(lines.find(({ message }) => message === 'request')).toMatchObject({ status: 499 })
    expect(app.unfinished).toBe(0)
  })
})

describe('createApp refuses what it cannot serve', () => {
  test.each<[string, unknown, string, string]>([
    ['nothing', undefined, 'no_predictor', 'undefined does not extend BasePredictor'],
    ['an instance', new Echo(), 'no_predictor', 'an object of the class Echo does not extend BasePredictor'],
    ['another class', class Other {}, 'no_predictor', 'the class Other does not extend BasePredictor'],
    ['the base itself', BasePredictor, 'no_predictor', 'the class BasePredictor does not extend BasePredictor'],
    [
      'a class without predict',
      class Bare extends BasePredictor {},
      'no_predict',
      'the class Bare has no predict method',
    ],
  ])('%s', (_name, predictor, code, found) => {
    expect(() => createApp(predictor as typeof Echo)).toThrow(expect.objectContaining({ code, found }))
  })

  test('an option it does not know', () => {
    expect(() => createApp(Echo, { concurency: 1 } as object)).toThrow(
      expect.objectContaining({ code: 'unknown_option', found: 'there is no option "concurency"' }),
    )
  })
})
