import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { createApp } from '../../src/app/create-app.ts'
import { silentLogger } from '../../src/log/logger.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { NAMING, refusalOf, serveFace } from './_served-face.ts'
import { TEST_FACE } from './_test-face.ts'

class Echo extends BasePredictor {
  predict(payload: object): object {
    return { got: payload }
  }
}

it('answers on the paths of the protocol, in each of its areas', async () => {
  const { ask } = await serveFace(Echo)
  for (const path of ['/t1/call', '/other/t1/call']) {
    const response = await ask(path, { payload: { text: 'a', more: 1 } })
    expect(response.status).toBe(200)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('x-request-id')).toMatch(/./)
    // As of /predict: a member that the type does not name is dropped.
    expect(await response.json()).toEqual({ answers: [{ kind: 'value', value: { got: { text: 'a' } } }] })
  }
})

it('leaves /predict as it is', async () => {
  const { ask, requests } = await serveFace(Echo)
  expect(await (await ask('/predict', { text: 'a' })).json()).toEqual({ got: { text: 'a' } })
  const refused = await ask('/predict', {})
  expect([refused.status, refused.headers.get('content-type')]).toEqual([422, 'application/problem+json'])
  expect((await requests(2)).map(({ route, protocol }) => [route, protocol])).toEqual([
    ['/predict', undefined],
    ['/predict', undefined],
  ])
})

it('names the model by its file, or as it was named', async () => {
  const { ask } = await serveFace(Echo)
  expect(await (await ask('/t1/models')).json()).toEqual([{ name: 'echo', version: null, isRecent: true }])
  const named = await serveFace(Echo, { modelInfo: { name: 'org/words', version: 'v2' } })
  expect(await (await named.ask('/t1/models')).json()).toEqual([{ name: 'org/words', version: 'v2', isRecent: true }])
  const status = async (model: string) => (await named.ask('/t1/call', { model, payload: { text: 'a' } })).status
  expect(await Promise.all(['org/words', 'org/words:v2', 'org/words:v1', 'other'].map(status))).toEqual([
    200, 200, 404, 404,
  ])
})

it('gives the parameters of paths, decoded, and the query', async () => {
  const { ask } = await serveFace(Echo)
  const read = async (path: string, init: RequestInit = {}) => (await ask(path, undefined, init)).json()
  expect(await read('/t1/models/org%2Fm%20x?q=1%202')).toEqual({ params: { '*': 'org/m x' }, q: '1 2' })
  expect(await read('/t1/models/org/m')).toEqual({ params: { '*': 'org/m' }, q: null })
  expect(await read('/t1/things/7')).toEqual({ id: '7' })
  expect(await read('/t1/things/%ff')).toEqual({ id: '%ff' })
  expect(await read('/t1/things/7', { method: 'DELETE' })).toEqual({ deleted: '7' })
  const bytes = await ask('/t1/bytes/a/end', undefined, { method: 'POST', body: new Uint8Array(3) })
  expect(await bytes.json()).toEqual({ params: { name: 'a' }, length: 3 })
})

it('answers HEAD as GET', async () => {
  const { ask } = await serveFace(Echo)
  for (const path of ['/t1/models', '/t1/models/a']) {
    const response = await ask(path, undefined, { method: 'HEAD' })
    expect([response.status, await response.text()]).toEqual([200, ''])
  }
})

it('answers unknown paths, and other methods, in the form of the protocol', async () => {
  const { ask } = await serveFace(Echo)
  expect(await refusalOf(await ask('/t1/nothing'))).toEqual({ status: 404, code: 'not_found', read: false })
  expect(await refusalOf(await ask('/other/t1/models'))).toEqual({ status: 404, code: 'not_found', read: false })
  const method = await ask('/t1/things/7', {})
  expect(method.headers.get('allow')).toBe('GET, HEAD, DELETE')
  expect(await refusalOf(method)).toEqual({ status: 405, code: 'method_not_allowed', read: false })
  const outside = await ask('/t10')
  expect([outside.status, outside.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
})

it('reads forms', async () => {
  const { ask } = await serveFace(Echo)
  const form = new FormData()
  form.append('model', 'a')
  form.append('file', new Blob(['x']), 'a.wav')
  const response = await ask('/t1/form', undefined, { method: 'POST', body: form })
  expect(await response.json()).toEqual({ names: ['model', 'file'] })
})

it('works without a socket, mounted, and with middleware of a person', async () => {
  const app = createApp(Echo, { signature: NAMING, logger: silentLogger, ...{ faces: [TEST_FACE] } })
  app.use(async (context, next) => {
    await next()
    context.res.headers.set('x-added', 'yes')
  })
  await app.ready
  const parent = new Hono().route('/deep', app)
  for (const [served, prefix] of [
    [app, ''],
    [parent, '/deep'],
  ] as const) {
    const models = await served.request(`${prefix}/t1/models/org/m?q=a`)
    expect(await models.json()).toEqual({ params: { '*': 'org/m' }, q: 'a' })
    const call = await served.request(`${prefix}/t1/call`, { method: 'POST', body: '{"payload":{"text":"a"}}' })
    expect([call.status, call.headers.get('x-added')]).toEqual([200, 'yes'])
    expect((await served.request(`${prefix}/t1/nothing`)).headers.get('x-face')).toBe('test')
  }
  await app.close()
})
