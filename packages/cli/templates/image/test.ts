import assert from 'node:assert/strict'
import { test } from 'node:test'
import { form } from 'incant/client'
import { testPredictor } from 'incant/testing'
import Predictor from './predictor.ts'

/** A PNG of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)
const image = new File([PIXEL], 'pixel.png', { type: 'image/png' })

test('measures a picture', async () => {
  await using predictor = await testPredictor(Predictor)
  assert.deepEqual(await predictor.client.predict(form({ image })), { width: 1, height: 1, large: false })
  assert.equal((await predictor.client.predict(form({ image, large: 1 }))).large, true)
})

test('refuses a file that is no picture', async () => {
  await using predictor = await testPredictor(Predictor)
  const text = new File(['not a picture'], 'text.png', { type: 'image/png' })
  assert.equal((await predictor.predict(form({ image: text }))).status, 422)
})
