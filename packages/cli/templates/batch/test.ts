import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testPredictor } from 'incant/testing'
import Predictor from './predictor.ts'

test('gives each caller a result', async () => {
  await using predictor = await testPredictor(Predictor)
  const texts = ['one', 'one two', 'one two three']
  const results = await Promise.all(texts.map(text => predictor.client.predict({ text })))
  assert.deepEqual(results, [{ words: 1 }, { words: 2 }, { words: 3 }])
})

test('refuses an empty text, and nobody else', async () => {
  await using predictor = await testPredictor(Predictor)
  const [refused, answered] = await Promise.all(['', 'one'].map(text => predictor.predict({ text })))
  assert.deepEqual([refused?.status, answered?.status], [422, 200])
})
