import { expect, test } from 'vitest'
import { createApp } from '../../src/app/create-app.ts'
import { ModelClient } from '../../src/client/model-client.ts'
import { silentLogger } from '../../src/log/logger.ts'
import { Echo } from '../node/_served.ts'

test('the URL of a server that was given with /predict is named as what is wrong', async () => {
  const app = createApp(Echo, { logger: silentLogger, unchecked: true })
  await app.ready
  const options = { fetch: async (url: string, init: RequestInit) => app.request(url, init) }
  await expect(new ModelClient('http://host.test/predict', options).predict({})).rejects.toThrow(
    'Give ModelClient the URL of the server, without /predict.',
  )
  await expect(new ModelClient('http://host.test/other', options).predict({})).rejects.toThrow(
    /^404 not_found: Not found$/,
  )
  await app.close()
})
