// Starts the server as `npm start` does, asks it, and stops it: node examples/language-id/check.js
import assert from 'node:assert/strict'
import { postJSON, withServer } from '../serving.js'

const SENTENCES = {
  English: 'The quick brown fox jumps over the lazy dog',
  German: 'Guten Tag, wie geht es Ihnen heute?',
  French: 'Bonjour tout le monde, comment ça va ?',
  Spanish: 'Buenos días, ¿cómo estás?',
  Italian: 'Buongiorno a tutti, come state?',
  Russian: 'Привет, как твои дела?',
  Japanese: '今日はとても良い天気ですね',
  Chinese: '今天天气很好，我们去公园吧',
  Arabic: 'مرحبا، كيف حالك اليوم؟',
}

await withServer(new URL('predictor.ts', import.meta.url), async url => {
  for (const [language, text] of Object.entries(SENTENCES)) {
    const { status, body } = await postJSON(`${url}/predict`, { text })
    assert.equal(status, 200, text)
    assert.equal(body[0].language, language, text)
    assert.equal(body.length, 3, text)
    assert.ok(body[0].probability > 0.5 && body[0].probability <= 1, text)
  }
  const one = await postJSON(`${url}/predict`, { text: `Guten\nTag,\nwie geht es Ihnen?`, top: 1 })
  assert.deepEqual(
    one.body.map(guess => guess.code),
    ['deu'],
  )
  for (const payload of [{ text: 5 }, { text: '' }, { text: ' \n' }, { text: 'a', top: 11 }, { text: 'a', top: 1.5 }]) {
    const { status, body } = await postJSON(`${url}/predict`, payload)
    assert.equal(status, 422, JSON.stringify(payload))
    assert.equal(body.code, 'invalid_payload')
    assert.match(body.errors[0].pointer, /^#\/(text|top)$/)
  }
})

console.log(`language-id: ${Object.keys(SENTENCES).length} of ${Object.keys(SENTENCES).length} languages right`)
