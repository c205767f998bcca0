import { expect, onTestFinished, test } from 'vitest'
import { serveModels } from '../../src/node/serve-models.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { signatureOf } from '../app/_serving.ts'
import { rememberingLogger } from '../node/_served.ts'

class Echo extends BasePredictor {
  predict(payload: unknown): unknown {
    return payload
  }
}

test('the list that two protocols have is of the models of both, each once', async () => {
  const chat = { ...signatureOf({ protocol: 'openai.chat' }), returns: [{ kind: 'stream' as const }] }
  const both = signatureOf({ protocol: 'openai.chat' })
  const models = {
    chat: { predictor: Echo, signature: chat },
    both: { predictor: Echo, signature: both },
    plain: { predictor: Echo, signature: signatureOf({ schema: { type: 'object' } }) },
  }
  const { logger } = rememberingLogger()
  const server = await serveModels(models, { port: 0, logger, gracePeriod: 0, protocols: ['openai', 'v1'] })
  onTestFinished(async () => void (await server.close({ gracePeriod: 0 })))
  await server.ready
  const read = async (path: string) => (await fetch(`${server.url}${path}`)).json()
  const list = (await read('/v1/models')) as { data: { id: string }[]; models: string[] }
  expect(list.models.toSorted()).toEqual(['both', 'chat', 'plain'])
  expect(list.data.map(({ id }) => id)).toEqual(list.models)
  expect(await read('/v1/models/plain')).toMatchObject({ id: 'plain', object: 'model', name: 'plain', ready: true })
  const headers = { 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body: '{"instances":[{}]}' }
  expect(await (await fetch(`${server.url}/v1/models/plain:predict`, init)).json()).toEqual({ predictions: [{}] })
  expect((await fetch(`${server.url}/v1/models/chat:predict`, init)).status).toBe(404)
})
