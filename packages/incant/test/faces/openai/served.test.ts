import type OpenAI from 'openai'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { bearerAuth } from '../../../src/auth/index.ts'
import { BasePredictor } from '../../../src/predictor/base-predictor.ts'
import { BatchPredictor } from '../../../src/predictor/batch-predictor.ts'
import type { PredictSignature } from '../../../src/signature/signature.ts'
import { serveInMemory, signatureOf } from '../../app/_serving.ts'
import { makeModel, readJSON, send } from './_face.ts'

const CHAT = signatureOf({ protocol: 'openai.chat' })
const TEXT: PredictSignature = {
  ...signatureOf({ role: 'text', schema: { type: 'string' } }),
  returns: [{ kind: 'json', protocol: 'openai.embedding' }],
}
const JSON_TYPE = { 'content-type': 'application/json' }

function post(body: unknown, headers: Record<string, string> = JSON_TYPE): RequestInit {
  return { method: 'POST', headers, body: JSON.stringify(body) }
}

describe('an application', () => {
  test('computes the texts of one request in batches with those of others', async () => {
    const batches: string[][] = []
    class Embedder extends BatchPredictor {
      async predictBatch(texts: string[]): Promise<number[][]> {
        batches.push(texts)
        await new Promise(resolve => setImmediate(resolve))
        return texts.map(text => [text.length])
      }
    }
    const { app } = await serveInMemory(Embedder, { signature: TEXT })
    const ask = (input: readonly string[]) => app.request('/v1/embeddings', post({ input }))
    const inputs = ['a', 'b', 'c'].map(letter => Array.from({ length: 5 }, (_, index) => letter.repeat(index + 1)))
    const answers = await Promise.all(inputs.map(ask))
    for (const answer of answers) {
      const { data } = await readJSON<OpenAI.CreateEmbeddingResponse>(answer)
      expect(data.map(({ embedding }) => embedding)).toEqual([1, 2, 3, 4, 5].map(length => [length]))
    }
    const mixed = batches.filter(texts => new Set(texts.map(text => text[0])).size > 1)
    expect(mixed.length, JSON.stringify(batches)).toBeGreaterThan(0)
    expect(batches.flat()).toHaveLength(15)
    await app.close()
  })

  test('asks for credentials on every route, whatever the body, and says so in the form of the API', async () => {
    const calls: unknown[] = []
    class Bot extends BasePredictor {
      @bearerAuth({ tokens: ['a-key-of-the-test'] })
      predict(chat: unknown): string {
        calls.push(chat)
        return 'Hi'
      }
    }
    const { app } = await serveInMemory(Bot, { signature: CHAT })
    const routes = [
      'chat/completions',
      'completions',
      'responses',
      'embeddings',
      'moderations',
      'rerank',
      'images/generations',
    ]
    for (const area of ['/v1', '/openai/v1']) {
      for (const route of routes) {
        for (const body of [{ messages: [] }, 'no object', { model: 'other' }]) {
          const response = await app.request(`${area}/${route}`, post(body))
          expect([route, response.status]).toEqual([route, 401])
          expect(response.headers.get('www-authenticate')).toMatch(/^Bearer /)
          const { error } = await readJSON<{ error: object }>(response)
          expect(error).toMatchObject({ type: 'invalid_request_error', code: 'invalid_api_key' })
        }
      }
      for (const path of ['models', 'models/predictor']) {
        expect((await app.request(`${area}/${path}`)).status).toBe(401)
      }
    }
    expect(calls).toEqual([])
    const headers = { ...JSON_TYPE, authorization: 'Bearer a-key-of-the-test' }
    expect((await app.request('/v1/chat/completions', post({ messages: [] }, headers))).status).toBe(200)
    await app.close()
  })

  test.each([
    ['no JSON', '/v1/chat/completions', { method: 'POST', headers: JSON_TYPE, body: '{' }, 400, 'invalid_json'],
    ['a form', '/v1/chat/completions', { method: 'POST', body: new FormData() }, 415, 'unsupported_media_type'],
    ['an unknown path', '/v1/nothing', {}, 404, 'not_found'],
    ['another method', '/v1/chat/completions', {}, 405, 'method_not_allowed'],
    ['too much', '/v1/chat/completions', post({ messages: 'x'.repeat(2000) }), 413, 'body_too_large'],
    ['another kind of request', '/v1/embeddings', post({ input: 'a' }), 404, 'model_not_found'],
  ])('refuses %s in the form of the API', async (_case, path, init, status, code) => {
    class Bot extends BasePredictor {
      predict(): string {
        return 'Hi'
      }
    }
    const { app } = await serveInMemory(Bot, { signature: CHAT, maxBodySize: 1000 })
    const response = await app.request(path, init)
    expect(response.headers.get('content-type')).toBe('application/json')
    const document = await readJSON<{ requestId: string; error: object }>(response)
    expect([response.status, document.error]).toMatchObject([status, { code, type: 'invalid_request_error' }])
    expect(response.headers.get('x-request-id')).toBe(document.requestId)
    await app.close()
  })

  test('answers to each of its aliases', async () => {
    class Bot extends BasePredictor {
      predict(): string {
        return 'Hi'
      }
    }
    const modelInfo = { name: 'bot', version: 'v1' }
    const modelAliases = ['gpt-4o-mini', 'org/bot=bot', 'exact=bot:v1']
    const { app } = await serveInMemory(Bot, { signature: CHAT, modelInfo, modelAliases })
    const list = await readJSON<OpenAI.ModelsPage>(await app.request('/v1/models'))
    const names = ['bot:v1', 'gpt-4o-mini', 'org/bot', 'exact']
    expect(list).toMatchObject({ data: names.map(id => ({ id, object: 'model' })), models: names })
    for (const model of [...names, 'bot']) {
      const response = await app.request('/v1/chat/completions', post({ model, messages: [] }))
      expect(await response.json()).toMatchObject({ model, choices: [{ message: { content: 'Hi' } }] })
    }
    expect(await (await app.request('/v1/models/org%2Fbot')).json()).toMatchObject({ id: 'org/bot' })
    expect(await (await app.request('/v1/models/bot')).json()).toMatchObject({ id: 'bot:v1' })
    expect((await app.request('/v1/models/other')).status).toBe(404)
    await app.close()
  })

  test('has none of these routes where the types name no request', async () => {
    class Plain extends BasePredictor {
      predict(): string {
        return 'Hi'
      }
    }
    const { app } = await serveInMemory(Plain, { signature: signatureOf({}) })
    const response = await app.request('/v1/models')
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
    await app.close()
  })
})

describe('a stream that waits', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  test('says every 15 seconds that it is there', async () => {
    vi.useFakeTimers()
    let go = (): void => {}
    const waited = new Promise<void>(resolve => {
      go = resolve
    })
    const model = makeModel('m', {
      protocol: 'openai.chat',
      async *predict() {
        yield 'first'
        await waited
        yield 'second'
      },
    })
    const response = await send([model], '/v1/chat/completions', { messages: [], stream: true })
    const text = response.text()
    await vi.advanceTimersByTimeAsync(46_000)
    go()
    expect((await text).split('\n\n').filter(event => event === ':')).toHaveLength(3)
  })
})
