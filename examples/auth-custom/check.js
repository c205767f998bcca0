// Serves the predictor and calls it with signatures, good and bad: node examples/auth-custom/check.js
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { withServer } from '../serving.js'

const SHARED_KEY = 'thirty-two characters, or some more'
process.env['SHARED_KEY'] = SHARED_KEY

await withServer(new URL('predictor.ts', import.meta.url), async base => {
  const now = Math.floor(Date.now() / 1000)
  assert.deepEqual(await call(base, signed('till', now)), {
    status: 200,
    body: { length: 2, caller: 'till' },
    challenge: null,
  })
  const refused = [
    [undefined, 401, 'unauthorized', 'Signed realm="predict"'],
    ['Bearer x', 401, 'unauthorized', 'Signed realm="predict"'],
    [signed('till', now - 301), 401, 'invalid_credentials', 'Signed realm="predict", error="invalid_token"'],
    [signed('till', now, 'another key'), 401, 'invalid_credentials', 'Signed realm="predict", error="invalid_token"'],
    [
      signed('till', now).replace('till', 'anna'),
      401,
      'invalid_credentials',
      'Signed realm="predict", error="invalid_token"',
    ],
    ['Signed till', 400, 'malformed_credentials', 'Signed realm="predict", error="invalid_request"'],
  ]
  for (const [authorization, status, code, challenge] of refused) {
    const answer = await call(base, authorization)
    assert.deepEqual([answer.status, answer.body.code, answer.challenge], [status, code, challenge])
  }
})

console.log('auth-custom: right')

function signed(name, seconds, key = SHARED_KEY) {
  return `Signed ${name} ${seconds} ${createHmac('sha256', key).update(`${name} ${seconds}`).digest('hex')}`
}

async function call(base, authorization) {
  const headers = { 'Content-Type': 'application/json', ...(authorization === undefined ? {} : { authorization }) }
  const response = await fetch(`${base}/predict`, { method: 'POST', headers, body: '{"text":"hi"}' })
  return { status: response.status, body: await response.json(), challenge: response.headers.get('www-authenticate') }
}
