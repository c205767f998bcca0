import { expect, test } from 'vitest'
import { apiKeyAuth, basicAuth } from '../../src/auth/index.ts'
import { HTTPException } from '../../src/index.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { served } from '../node/_served.ts'
import { basic, serveClass, WITH_CONTEXT } from './_fixtures.ts'

/** Refuses in each way that predict can. */
class Refusing extends BasePredictor {
  predict(how: unknown): Response {
    if (how === 'throw') throw new HTTPException(401, { message: 'No token.' })
    if (how === 'throw a response') throw new HTTPException(401, { res: new Response('no', { status: 401 }) })
    const headers = how === 'own' ? { 'WWW-Authenticate': 'Mine realm="a"' } : {}
    return new Response('no', { status: how === 'forbidden' ? 403 : 401, headers })
  }
}

const call = (how: string, headers = {}) => ({ method: 'POST', body: JSON.stringify(how), headers })

test.each([
  ['throw', 'Predictor realm="predict"'],
  ['throw a response', 'Predictor realm="predict"'],
  ['return', 'Predictor realm="predict"'],
  ['own', 'Mine realm="a"'],
])('a 401 of predict itself has a challenge (RFC 9110 §15.5.2): %s', async (how, expected) => {
  const { app } = await serveClass(Refusing)
  const response = await app.request('/predict', call(how))
  expect(response.status).toBe(401)
  expect(response.headers.get('www-authenticate')).toBe(expected)
  expect(response.headers.get('cache-control')).toBe('no-store')
})

test('a 403 has none', async () => {
  const { app } = await serveClass(Refusing)
  const response = await app.request('/predict', call('forbidden'))
  expect([response.status, response.headers.get('www-authenticate')]).toEqual([403, null])
})

test.each(['throw', 'return'])('with strategies it is theirs, a line each: %s', async how => {
  class Predictor extends Refusing {}
  basicAuth({ users: { till: 'a' } })(Predictor)
  apiKeyAuth({ tokens: 'k' })(Predictor)
  const { server } = await served(Predictor, { signature: WITH_CONTEXT })
  const response = await fetch(
    `${server.url}/predict`,
    call(how, { authorization: basic('till:a'), 'x-api-key': 'k', 'content-type': 'application/json' }),
  )
  expect(response.status).toBe(401)
  expect(response.headers.get('www-authenticate')).toBe(
    'Basic realm="predict", charset="UTF-8", ApiKey realm="predict", header="X-API-Key"',
  )
})
