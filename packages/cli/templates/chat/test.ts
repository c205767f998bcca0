import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testPredictor } from 'incant/testing'
import Predictor from './predictor.ts'

function ask(request: object): RequestInit {
  return { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(request) }
}

test('answers a chat of the OpenAI API', async () => {
  await using predictor = await testPredictor(Predictor)
  const messages = [{ role: 'user', content: 'Good morning' }]
  const response = await predictor.app.request('/v1/chat/completions', ask({ messages }))
  const { choices }: { choices: { message: { content: string } }[] } = JSON.parse(await response.text())
  assert.equal(choices[0]?.message.content.trim(), 'Good morning')
})

test('refuses what it does not support', async () => {
  await using predictor = await testPredictor(Predictor)
  const response = await predictor.app.request('/v1/chat/completions', ask({ messages: [], top_k: 5 }))
  assert.equal(response.status, 400)
})
