// Serves the predictor and calls it as the README says: node examples/auth-body/check.js
import assert from 'node:assert/strict'
import { postJSON, withServer } from '../serving.js'

process.env['AUTH_TOKENS'] = 'example-token,the-next-token'

await withServer(new URL('predictor.ts', import.meta.url), async base => {
  const url = `${base}/predict`
  assert.deepEqual(await postJSON(url, { data: [1, 2, 3], auth: 'example-token' }), {
    status: 200,
    body: { sum: 6, caller: 'token-1' },
  })
  assert.equal((await postJSON(url, { data: [1], auth: 'the-next-token' })).body.caller, 'token-2')
  for (const payload of [{ data: [1] }, { data: [1], auth: 'wrong' }, { data: [1], auth: null }, null, 5, 'text', []]) {
    const { status, body } = await postJSON(url, payload)
    assert.equal(status, 401, JSON.stringify(payload))
    assert.match(body.code, /^(unauthorized|invalid_credentials)$/)
  }
  // Who may call is asked before what is sent is looked at.
  assert.equal((await postJSON(url, { data: 'wrong' })).status, 401)
  assert.equal((await postJSON(url, { data: 'wrong', auth: 'example-token' })).status, 422)
})

console.log('auth-body: right')
