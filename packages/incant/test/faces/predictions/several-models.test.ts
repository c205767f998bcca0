import { expect, onTestFinished, test } from 'vitest'
import { bearerAuth } from '../../../src/auth/strategies/bearer.ts'
import { ModelClient } from '../../../src/client/index.ts'
import { listJobs } from '../../../src/faces/predictions/list-jobs.ts'
import { createJob, type NewJob } from '../../../src/jobs/job.ts'
import { MemoryStore } from '../../../src/jobs/memory-store.ts'
import { serveModels } from '../../../src/node/serve-models.ts'
import { BasePredictor } from '../../../src/predictor/base-predictor.ts'
import { takes } from '../../../src/signature/decorators.ts'
import { rememberingLogger } from '../../node/_served.ts'

class Named extends BasePredictor {
  @takes('payload')
  predict(payload: unknown): unknown {
    return { said: payload }
  }
}

class Other extends Named {}

@bearerAuth({ tokens: ['the-token-of-the-guarded-model'] })
class Guarded extends Named {}

async function serveSeveral(models = { words: Named, other: Other }) {
  const { logger } = rememberingLogger()
  const server = await serveModels(models, { port: 0, logger, gracePeriod: 0, workers: 0, protocols: ['jobs'] })
  onTestFinished(async () => void (await server.close({ gracePeriod: 0 })))
  await server.ready
  const ask = async (method: string, path: string, { body, ...headers }: Record<string, unknown> = {}) => {
    const response = await fetch(server.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...(headers as Record<string, string>) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) }
  }
  return { server, ask }
}

test('a job names its model; jobs of all models are in one list, and one page follows the other', async () => {
  const { server, ask } = await serveSeveral()
  const clients = ['words', 'other'].map(name => new ModelClient(`${server.url}/models/${name}`))
  const submitted: string[] = []
  for (let job = 0; job < 120; job += 1) {
    const { id, model } = (await clients[job % 2]?.submit(job)) ?? { id: '', model: '' }
    expect(model).toBe(job % 2 === 0 ? 'words' : 'other')
    submitted.unshift(id)
  }
  const first = await ask('GET', '/predictions')
  const second = await ask('GET', first.body.next.slice(server.url.length))
  const listed = [...first.body.results, ...second.body.results].map(({ id }: { id: string }) => id)
  expect(listed).toEqual(submitted)
  expect(second.body.next).toBeNull()
  expect((await ask('POST', '/predictions', { body: { input: 1 } })).body).toMatchObject({
    code: 'invalid_payload',
    errors: [{ pointer: '#/model' }],
  })
  expect((await ask('GET', '/predictions?status=done')).body).toMatchObject({ code: 'bad_request' })
})

test('a call of one of the models becomes a job of it', async () => {
  const { ask } = await serveSeveral()
  const later = await ask('POST', '/models/other/predict', { prefer: 'respond-async', body: 'a' })
  expect(later).toMatchObject({ status: 202, body: { model: 'other', input: 'a' } })
  const ended = await ask('GET', `${later.headers.get('location')}?wait=30`)
  expect(ended.body).toMatchObject({ status: 'succeeded', output: { said: 'a' } })
  const waited = await ask('POST', '/models/words/predict', { prefer: 'wait=30', body: 'b' })
  expect(waited).toMatchObject({ status: 200, body: { said: 'b' } })
})

test('a model that needs credentials takes no job without them, and shows its jobs to their caller alone', async () => {
  const { ask } = await serveSeveral({ words: Named, other: Guarded })
  const authorization = 'Bearer the-token-of-the-guarded-model'
  const body = { input: 'a', model: 'other', id: 'mine' }
  expect((await ask('POST', '/predictions', { body })).status).toBe(422)
  expect((await ask('POST', '/models/other/predict', { body: 'a', prefer: 'respond-async' })).status).toBe(401)
  expect((await ask('POST', '/predictions', { body, authorization })).status).toBe(201)
  expect((await ask('GET', '/predictions/mine')).status).toBe(404)
  expect((await ask('POST', '/predictions/mine/cancel')).status).toBe(404)
  expect((await ask('GET', '/predictions')).body.results).toEqual([])
  expect((await ask('GET', '/predictions', { authorization })).body.results).toMatchObject([{ id: 'mine' }])
})

test('jobs of stores that differ are one list, too', async () => {
  let now = 0
  const stores = [new MemoryStore(() => now), new MemoryStore(() => now)]
  const keys: string[] = []
  for (let job = 0; job < 230; job += 1) {
    now += 1
    const key = `key${job}`
    keys.unshift(key)
    await stores[job % 3 === 0 ? 0 : 1]?.create(newJob(key))
  }
  const models = { list: () => stores.map(store => ({ jobs: { store } })) } as unknown as Parameters<typeof listJobs>[1]
  const read = async (query: URLSearchParams): Promise<readonly string[]> => {
    // What a list needs of an exchange.
    const exchange = { query, url: (path: string) => `http://a${path}` } as Parameters<typeof listJobs>[0]
    const { next, results } = JSON.parse(String((await listJobs(exchange, models)).body))
    const page = results.map(({ id }: { id: string }) => id)
    return next === null ? page : [...page, ...(await read(new URL(next).searchParams))]
  }
  expect(await read(new URLSearchParams())).toEqual(keys)
})

function newJob(key: string): NewJob {
  const { status: _, ...job } = createJob(
    {
      ...{ key, id: key, owner: '', principal: undefined, model: 'm', version: undefined, input: '1', digest: '' },
      ...{ metadata: undefined, origin: '', token: '', webhook: undefined, maxAttempts: 1, lease: undefined },
    },
    0,
  )
  return job
}
