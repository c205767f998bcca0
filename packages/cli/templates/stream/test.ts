import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testPredictor } from 'incant/testing'
import Predictor from './predictor.ts'

test('streams the words of a text', async () => {
  await using predictor = await testPredictor(Predictor)
  const words: string[] = []
  for await (const { word } of await predictor.client.predict({ text: 'one by one' })) words.push(word)
  assert.deepEqual(words, ['one', 'by', 'one'])
})

test('refuses an empty text', async () => {
  await using predictor = await testPredictor(Predictor)
  assert.equal((await predictor.predict({ text: '' })).status, 422)
})
