import { join } from 'node:path'
import { createApp, silentLogger } from 'incant'
import { expect, test } from 'vitest'
import { loadPredictor } from '../../dist/index.js'
import { temporaryFolder } from '../temporary-folder.ts'

test('predict as an arrow function in a property is served, and its payload checked', async () => {
  const source = `import { BasePredictor } from 'incant'
export default class P extends BasePredictor {
  greeting = 'Hello'
  predict = (payload: { name: string }) => ({ text: this.greeting + ' ' + payload.name })
}`
  const { predictor, signature } = await loadPredictor(join(temporaryFolder({ 'p.ts': source }), 'p.ts'))
  const app = createApp(predictor, { ...(signature && { signature }), logger: silentLogger })
  await app.ready
  const post = (body: object) => app.request('/predict', { method: 'POST', body: JSON.stringify(body) })
  expect(await (await post({ name: 'you' })).json()).toEqual({ text: 'Hello you' })
  expect((await post({ name: 5 })).status).toBe(422)
})
