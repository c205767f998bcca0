import { expect, onTestFinished, test } from 'vitest'
import { bearerAuth } from '../../src/auth/strategies/bearer.ts'
import type { ModelsToServe, ServeModelsInternals } from '../../src/node/read-models.ts'
import { serveModels } from '../../src/node/serve-models.ts'
import { BasePredictor, type PredictorClass } from '../../src/predictor/base-predictor.ts'
import { signatureOf } from '../app/_serving.ts'
import { rememberingLogger } from '../node/_served.ts'
import { NAMING, refusalOf } from './_served-face.ts'
import { TEST_FACE } from './_test-face.ts'

class Echo extends BasePredictor {
  predict(payload: object): object {
    return { from: 'echo', payload }
  }
}

class First extends BasePredictor {
  predict(): object {
    return { from: 'v1' }
  }
}

class Second extends BasePredictor {
  predict(): object {
    return { from: 'v2' }
  }
}

const TOKEN = 'inc_abcdefghijkl_0123456789'

@bearerAuth({ tokens: [TOKEN] })
class Guarded extends BasePredictor {
  predict(): object {
    return { from: 'guarded' }
  }
}

@bearerAuth({ tokens: ['inc_bcdefghijklm_0123456789'] })
class Other extends Guarded {}

const NAMED = { signature: NAMING }
const PLAIN = { signature: signatureOf({ role: 'payload' }) }

async function open(models: ModelsToServe, options: ServeModelsInternals = {}) {
  const { logger, lines } = rememberingLogger()
  const server = await serveModels(models, { port: 0, logger, gracePeriod: 0, faces: [TEST_FACE], ...options })
  onTestFinished(async () => void (await server.close({ gracePeriod: 0 })))
  await server.ready
  const call = (model: string | undefined, init: RequestInit = {}) =>
    fetch(`${server.url}/t1/call`, { method: 'POST', body: JSON.stringify({ model, payload: { text: 'a' } }), ...init })
  const from = async (model: string, init: RequestInit = {}) => {
    // The answer of the face of the test.
    const { answers = [] } = (await (await call(model, init)).json()) as { answers?: { value: { from: string } }[] }
    return answers[0]?.value.from
  }
  const names = async (init: RequestInit = {}) => {
    const listed = (await (await fetch(`${server.url}/t1/models`, init)).json()) as { name: string; version: unknown }[]
    return listed.map(({ name, version }) => `${name}:${version}`)
  }
  return { server, lines, call, from, names }
}

test('an alias leads where the name of its model does', async () => {
  const models = { echo: named(Echo), 'words:v1': named(First), 'words:v2': named(Second) }
  const modelAliases = ['one=echo', 'both=words', 'new=words:v2']
  const { from } = await open(models, { modelAliases, split: { words: { v1: 0, v2: 100 } } })
  expect(await Promise.all(['one', 'both', 'new', 'words:v1'].map(name => from(name)))).toEqual([
    'echo',
    'v2',
    'v2',
    'v1',
  ])
  await expect(open(models, { modelAliases: ['one'] })).rejects.toMatchObject({
    code: 'invalid_option',
    found: 'the model alias "one" is for echo and words',
  })
})

function named(predictor: PredictorClass): ModelsToServe[string] {
  return { predictor, ...NAMED }
}

test('the models of a server that a protocol fits are chosen by their names', async () => {
  const { from, names, call, lines } = await open({
    echo: named(Echo),
    'words:v1': named(First),
    'words:v2': named(Second),
    plain: { predictor: Echo, ...PLAIN },
  })
  expect(await names()).toEqual(['echo:null', 'words:v1', 'words:v2'])
  expect(await Promise.all(['echo', 'words:v1', 'words:v2', 'words'].map(name => from(name)))).toEqual([
    'echo',
    'v1',
    'v2',
    'v1',
  ])
  expect((await call('plain')).status).toBe(404)
  // Which is meant must be said.
  expect((await call(undefined)).status).toBe(404)
  const logged = lines.filter(({ message }) => message === 'request').map(({ fields }) => fields['model'])
  expect(logged.slice(1, 5).sort()).toEqual(['echo', 'words:v1', 'words:v1', 'words:v2'])
})

test('a request counts as one of the model that it names, also where it is refused', async () => {
  const { call, server, lines } = await open({ guarded: named(Guarded), 'words:v1': named(First) })
  const known = { headers: { authorization: `Bearer ${TOKEN}` } }
  const statuses = [await call('words'), await call('guarded'), await call('guarded', known), await call('none')]
  expect(statuses.map(({ status }) => status)).toEqual([200, 401, 200, 404])
  const logged = lines.filter(({ message }) => message === 'request').map(({ fields }) => fields['model'])
  expect(logged).toEqual(['words:v1', 'guarded', 'guarded', undefined])
  const text = await (await fetch(`${server.url}/metrics`)).text()
  const counted = text
    .split('\n')
    .filter(line => line.startsWith('incant_requests_total{') && line.includes('/t1/call'))
  const place = 'method="POST",route="/t1/call",protocol="openai"'
  expect(counted.map(line => line.replace(/^[^{]*/, '')).sort()).toEqual([
    `{${place},status="404"} 1`,
    `{model="guarded",${place},status="200"} 1`,
    `{model="guarded",${place},status="401"} 1`,
    `{model="words",model_version="v1",${place},status="200"} 1`,
  ])
  expect(text).toContain('incant_requests_in_flight 1')
})

test('a name without a version leads to the version that the shares choose, the same one for a caller', async () => {
  const { from } = await open(
    { 'words:v1': named(First), 'words:v2': named(Second) },
    { split: { words: { v1: 0, v2: 100 } } },
  )
  expect(await Promise.all(['words', 'words', 'words:v1'].map(name => from(name)))).toEqual(['v2', 'v2', 'v1'])
})

test('a caller sees the models that admit it, and each model that it calls is asked', async () => {
  const { from, names, call } = await open({ guarded: named(Guarded), other: named(Other), echo: named(Echo) })
  const known = { headers: { authorization: `Bearer ${TOKEN}` } }
  expect(await names()).toEqual(['echo:null'])
  expect(await names(known)).toEqual(['guarded:null', 'echo:null'])
  expect(await from('guarded', known)).toBe('guarded')
  expect(await refusalOf(await call('guarded'))).toEqual({ status: 401, code: 'unauthorized', read: true })
  expect(await refusalOf(await call('other', known))).toEqual({ status: 401, code: 'invalid_credentials', read: true })
})

test('a caller whom no model admits is refused by its head', async () => {
  const { call } = await open({ guarded: named(Guarded), other: named(Other) })
  const refused = await call('guarded', { body: '{' })
  expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer/)
  expect(await refusalOf(refused)).toEqual({ status: 401, code: 'unauthorized', read: false })
})

test('a reload has the next request answered by the model that took its place', async () => {
  const { server, from } = await open({ echo: named(Echo), words: named(First) })
  expect(await from('words')).toBe('v1')
  await server.replace('words', Second, NAMED)
  expect(await from('words')).toBe('v2')
})
