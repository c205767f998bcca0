import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testPredictor } from 'incant/testing'
import Predictor from './predictor.ts'

test('rates a text', async () => {
  await using predictor = await testPredictor(Predictor)
  assert.deepEqual(await predictor.client.predict({ text: 'A great book' }), { words: 3, good: 1 })
})

test('refuses an empty text', async () => {
  await using predictor = await testPredictor(Predictor)
  assert.equal((await predictor.predict({ text: '' })).status, 422)
})
