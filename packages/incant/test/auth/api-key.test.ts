import { expect, test } from 'vitest'
import { apiKeyAuth } from '../../src/auth/index.ts'
import { call, outcome, serveWith } from './_fixtures.ts'

const CHALLENGE = 'ApiKey realm="predict", header="X-Model-Key"'

test.each<[string, Record<string, string>, string]>([
  ['the key', { 'X-Model-Key': 'k1!"(),;' }, '200 token-1'],
  ['the header in any case', { 'x-model-key': 'k2' }, '200 token-2'],
  ['another key', { 'X-Model-Key': 'k3' }, `401 invalid_credentials ${CHALLENGE}, error="invalid_token"`],
  ['an empty one', { 'X-Model-Key': '' }, `400 malformed_credentials ${CHALLENGE}, error="invalid_request"`],
  ['two of them', { 'X-Model-Key': 'k2, k2' }, `400 malformed_credentials ${CHALLENGE}, error="invalid_request"`],
  ['beyond ASCII', { 'X-Model-Key': 'kÿ' }, `400 malformed_credentials ${CHALLENGE}, error="invalid_request"`],
  ['another header', { 'X-API-Key': 'k2' }, `401 unauthorized ${CHALLENGE}`],
  ['Authorization', { Authorization: 'ApiKey k2' }, `401 unauthorized ${CHALLENGE}`],
  ['a cookie', { Cookie: 'X-Model-Key=k2' }, `401 unauthorized ${CHALLENGE}`],
])('%s', async (_name, headers, expected) => {
  const { app } = await serveWith(apiKeyAuth({ header: 'X-Model-Key', tokens: ['k1!"(),;', 'k2'] }))
  expect(await outcome(call(app, headers))).toBe(expected)
})
