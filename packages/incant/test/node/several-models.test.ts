import { HTTPException } from 'hono/http-exception'
import { describe, expect, onTestFinished, test } from 'vitest'
import { bearerAuth } from '../../src/auth/strategies/bearer.ts'
import { privateNetwork } from '../../src/network/private-network.ts'
import type { ModelsServer } from '../../src/node/models-server.ts'
import type { ModelsToServe, ServeModelsInternals } from '../../src/node/read-models.ts'
import { serveModels } from '../../src/node/serve-models.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import type { PredictContext } from '../../src/predictor/context.ts'
import { takes } from '../../src/signature/decorators.ts'
import { TEST_FACE } from '../faces/_test-face.ts'
import { Echo, type LoggedLine, rememberingLogger } from './_served.ts'

class Upper extends BasePredictor {
  predict(payload: unknown): unknown {
    return { upper: String(payload).toUpperCase() }
  }
}

class Named extends BasePredictor {
  @takes('payload', 'context')
  predict(_payload: unknown, { modelInfo, log }: PredictContext): unknown {
    log.info('asked')
    return { name: modelInfo.name, version: modelInfo.version }
  }
}

@bearerAuth({ tokens: ['first-token-of-callers', 'second-token-of-callers'] })
class Guarded extends Named {}

async function servedTogether(
  models: ModelsToServe,
  options: ServeModelsInternals = {},
): Promise<{ server: ModelsServer; lines: LoggedLine[] }> {
  const { logger, lines } = rememberingLogger()
  const server = await serveModels(models, { port: 0, logger, gracePeriod: 0, ...options })
  onTestFinished(async () => void (await server.close({ gracePeriod: 0 })))
  await server.ready
  return { server, lines }
}

async function call(
  { url }: Pick<ModelsServer, 'url'>,
  path: string,
  { body = '1', ...headers }: Record<string, string> = {},
): Promise<{ status: number; json: Record<string, unknown> }> {
  const sent = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }
  const response = await fetch(`${url}${path}`, sent)
  // A test looks at the members that it expects.
  return { status: response.status, json: (await response.json()) as Record<string, unknown> }
}

describe('routes', () => {
  test('each model has its own, and the server those of all', async () => {
    const { server } = await servedTogether({ echo: Echo, upper: Upper })
    expect(await call(server, '/models/echo/predict', { body: '"a"' })).toEqual({ status: 200, json: { got: 'a' } })
    expect(await call(server, '/models/upper/predict', { body: '"a"' })).toEqual({ status: 200, json: { upper: 'A' } })
    for (const path of ['/livez', '/ready', '/health', '/models/echo/ready', '/models/upper/health']) {
      expect((await fetch(server.url + path)).status, path).toBe(200)
    }
    expect([...server.models.keys()]).toEqual(['echo', 'upper'])
  })

  test('what is no model, no action or another method is refused as everywhere', async () => {
    const { server } = await servedTogether({ echo: Echo, upper: Upper })
    for (const path of [
      '/predict',
      '/models/none/predict',
      '/models/echo',
      '/models/echo/other',
      '/models/Echo/predict',
    ]) {
      const { status, json } = await call(server, path)
      expect([status, json['code']], path).toEqual([404, 'not_found'])
    }
    const refused = await fetch(`${server.url}/models/echo/predict`)
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST'])
  })

  test('a name may be percent-encoded, as clients do with a colon', async () => {
    const { server } = await servedTogether({ 'words:v1': Named, 'words:v2': Named })
    expect((await call(server, '/models/words:v2/predict')).json).toEqual({ name: 'words', version: 'v2' })
    expect((await call(server, '/models/words%3Av2/predict')).json).toEqual({ name: 'words', version: 'v2' })
  })

  test('without shares the first version answers for the name', async () => {
    const { server } = await servedTogether({ 'words:v1': Named, 'words:v2': Named })
    expect((await call(server, '/models/words/predict')).json).toEqual({ name: 'words', version: 'v1' })
  })
})

describe('a share of the calls', () => {
  const models = { 'words:v1': Guarded, 'words:v2': Guarded }
  const versionOf = async (server: ModelsServer, headers: Record<string, string>): Promise<unknown> =>
    (await call(server, '/models/words/predict', headers)).json['version']

  test('goes to each version by the id of the request, always the same one for the same id', async () => {
    const { server } = await servedTogether(
      { 'words:v1': Named, 'words:v2': Named },
      { split: { words: { v1: 80, v2: 20 } } },
    )
    const ids = Array.from({ length: 300 }, (_, index) => `request-${index}`)
    const first = await Promise.all(ids.map(id => versionOf(server, { 'x-request-id': id })))
    const again = await Promise.all(ids.map(id => versionOf(server, { 'x-request-id': id })))
    expect(again).toEqual(first)
    const share = first.filter(version => version === 'v2').length
    expect(share).toBeGreaterThan(35)
    expect(share).toBeLessThan(90)
  })

  test('goes to one version for one principal, whatever the ids', async () => {
    const { server } = await servedTogether(models, { split: { words: { v1: 50, v2: 50 } } })
    for (const token of ['first-token-of-callers', 'second-token-of-callers']) {
      const headers = { authorization: `Bearer ${token}` }
      const versions = await Promise.all(Array.from({ length: 20 }, () => versionOf(server, headers)))
      expect(new Set(versions).size, token).toBe(1)
    }
  })

  test('lets nobody in who would not be', async () => {
    const { server } = await servedTogether(models, { split: { words: { v1: 50, v2: 50 } } })
    expect((await call(server, '/models/words/predict')).status).toBe(401)
    expect((await call(server, '/models/words/predict', { authorization: 'Bearer wrong' })).status).toBe(401)
  })

  test.each([
    [{ other: { v1: 1 } }, 'split names the model other'],
    [{ words: { v3: 1 } }, 'split names words:v3'],
    [{ words: { v1: 0, v2: 0 } }, 'the shares of words are 0 and 0'],
    [{ words: { v1: -1, v2: 2 } }, 'the shares of words are -1 and 2'],
  ])('%j is refused at the start', async (split, found) => {
    await expect(serveModels(models, { port: 0, split })).rejects.toMatchObject({ code: 'invalid_option', found })
  })

  test('shows in the metrics', async () => {
    const { server } = await servedTogether(
      { 'words:v1': Named, 'words:v2': Named },
      { split: { words: { v1: 0, v2: 100 } } },
    )
    await call(server, '/models/words/predict')
    const text = await (await fetch(`${server.url}/metrics`)).text()
    expect(text).toContain(
      'incant_requests_total{model="words",model_version="v2",method="POST",route="/models/words/predict",status="200"} 1',
    )
  })
})

describe('each model for itself', () => {
  test('logs and metrics name it', async () => {
    const { server, lines } = await servedTogether({ echo: Echo, named: Named })
    await call(server, '/models/named/predict')
    await expect
      .poll(() => lines.find(({ message }) => message === 'request')?.fields)
      .toMatchObject({
        model: 'named',
        route: '/models/named/predict',
      })
    expect(lines.find(({ message }) => message === 'asked')?.fields).toMatchObject({ model: 'named' })
    const text = await (await fetch(`${server.url}/metrics`)).text()
    expect(text).toContain('incant_predict_duration_seconds_count{model="named"} 1')
    expect(text).toContain('incant_predict_duration_seconds_count{model="echo"} 0')
    expect(text).toContain('incant_ready{model="echo"} 1')
    expect(text.match(/# TYPE incant_requests_total /g)).toHaveLength(1)
  })

  test('one that is not ready leaves the server ready', async () => {
    class Broken extends Echo {
      override health(): never {
        throw new HTTPException(503)
      }
    }
    const { server } = await servedTogether({ echo: Echo, broken: Broken })
    expect(await (await fetch(`${server.url}/health`)).json()).toEqual({ status: 'degraded' })
    expect((await fetch(`${server.url}/models/broken/health`)).status).toBe(503)
    expect((await fetch(`${server.url}/ready`)).status).toBe(200)
  })

  test('settings of a model are its own', async () => {
    const { server } = await servedTogether({ echo: { predictor: Echo, maxBodySize: 4 }, other: Echo })
    expect((await call(server, '/models/echo/predict', { body: '"abcdef"' })).status).toBe(413)
    expect((await call(server, '/models/other/predict', { body: '"abcdef"' })).status).toBe(200)
  })

  test('a reload replaces one, and one that fails changes nothing', async () => {
    const { server } = await servedTogether({ echo: Echo, upper: Upper })
    class Failing extends Echo {
      override setup(): void {
        throw new Error('no such file')
      }
    }
    await expect(server.replace('echo', Failing)).rejects.toMatchObject({ code: 'setup_failed' })
    expect((await call(server, '/models/echo/predict', { body: '"a"' })).json).toEqual({ got: 'a' })
    await server.replace('echo', Upper)
    expect((await call(server, '/models/echo/predict', { body: '"a"' })).json).toEqual({ upper: 'A' })
    expect((await call(server, '/models/upper/predict', { body: '"b"' })).json).toEqual({ upper: 'B' })
    await expect(server.replace('none', Upper)).rejects.toMatchObject({ found: 'there is no model "none"' })
  })

  test('one that cannot be set up ends the start, and is named', async () => {
    class Failing extends Echo {
      override setup(): void {
        throw new Error('no such file')
      }
    }
    const { logger } = rememberingLogger()
    const server = await serveModels({ echo: Echo, failing: Failing }, { port: 0, logger, gracePeriod: 0 })
    onTestFinished(async () => void (await server.close({ gracePeriod: 0 })))
    await expect(server.ready).rejects.toMatchObject({
      code: 'setup_failed',
      found: 'model failing: setup() threw: no such file',
    })
    expect((await fetch(`${server.url}/ready`)).status).toBe(503)
  })
})

describe('the document', () => {
  test('has every model, each under its paths', async () => {
    const { server } = await servedTogether({ echo: Echo, upper: Upper })
    const document = await (await fetch(`${server.url}/openapi.json`)).json()
    expect(Object.keys(Object(document).paths)).toEqual([
      ...['predict', 'health', 'ready'].map(action => `/models/echo/${action}`),
      ...['predict', 'health', 'ready'].map(action => `/models/upper/${action}`),
      ...['/health', '/ready', '/livez', '/openapi.json'],
    ])
  })

  test('has those alone that its reader may call', async () => {
    const { server } = await servedTogether({ echo: Echo, guarded: Guarded })
    const read = async (headers: Record<string, string>): Promise<readonly string[]> => {
      const document = await (await fetch(`${server.url}/openapi.json`, { headers })).json()
      return Object.keys(Object(document).paths).filter(path => path.endsWith('/predict'))
    }
    expect(await read({})).toEqual(['/models/echo/predict'])
    const known = { authorization: 'Bearer first-token-of-callers' }
    expect(await read(known)).toEqual(['/models/echo/predict', '/models/guarded/predict'])
  })
})

describe('protocols beside /predict', () => {
  class Raw extends BasePredictor {
    @takes('request')
    predict(): unknown {
      return {}
    }
  }
  const faces = [TEST_FACE]

  test('have the models that fit, those that the caller may call', async () => {
    const models = { echo: Echo, 'words:v2': Named, guarded: Guarded, raw: Raw }
    const { server } = await servedTogether(models, { faces, protocols: ['openai'] })
    const names = async (headers: Record<string, string>): Promise<unknown> => {
      const listed: unknown = await (await fetch(`${server.url}/t1/models`, { headers })).json()
      return Array.isArray(listed) ? listed.map(model => Object(model).name) : listed
    }
    expect(await names({})).toEqual(['echo', 'words'])
    expect(await names({ authorization: 'Bearer first-token-of-callers' })).toEqual(['echo', 'words', 'guarded'])
    const called = await call(server, '/t1/call', { body: '{"model":"words:v2","payload":1}' })
    expect(called).toMatchObject({ status: 200, json: { answers: [{ value: { name: 'words', version: 'v2' } }] } })
    expect((await call(server, '/t1/call', { body: '{"model":"raw"}' })).status).toBe(404)
    expect((await call(server, '/t1/call', { body: '{"model":"guarded"}' })).status).toBe(401)
    await server.replace('echo', Upper)
    const reloaded = await call(server, '/t1/call', { body: '{"model":"echo","payload":"a"}' })
    expect(reloaded.json).toMatchObject({ answers: [{ value: { upper: 'A' } }] })
  })

  test('are refused where none of the models fits', async () => {
    const options = { port: 0, faces, protocols: ['openai'] } as const
    await expect(serveModels({ raw: Raw, other: Raw }, options)).rejects.toMatchObject({ code: 'protocol_unfit' })
  })
})

describe('a start is refused', () => {
  class Private extends Echo {}
  privateNetwork({ allow: ['127.0.0.0/8'] })(Private)

  test.each<[string, ModelsToServe, object]>([
    ['without a model', {}, { found: 'no model was given' }],
    ['with a name that no path can have', { 'a/b': Echo }, { found: '"a/b" is not the name of a model' }],
    [
      'with an option that is not of one model',
      { a: { predictor: Echo, port: 1 } as never },
      { found: 'model a: "port" is no option of one model' },
    ],
    ['with a wrong value', { a: { predictor: Echo, queue: -1 } }, { found: 'model a: the option "queue" is -1' }],
    ['where the networks differ', { a: Echo, b: Private }, { code: 'invalid_option' }],
    [
      'with env for no process',
      { a: { predictor: Echo, env: { A: '1' } } },
      { found: 'model a: env is given, and no separate process runs the predictor' },
    ],
  ])('%s', async (_what, models, error) => {
    await expect(serveModels(models, { port: 0 })).rejects.toMatchObject(error)
  })
})
