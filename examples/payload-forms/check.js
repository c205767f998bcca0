// Serves each predictor, one after the other, and asks it: node examples/payload-forms/check.js [name ...]
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { postJSON, withServer } from '../serving.js'

const folder = new URL('predictors/', import.meta.url)

/** What is sent to each predictor, and what must come back. */
const CHECKS = {
  async payload(url) {
    assert.deepEqual(await postJSON(url, { values: [1, 3], variance: true }), ok({ mean: 2, variance: 1 }))
    assert.deepEqual(await postJSON(url, { values: [1, 3] }), ok({ mean: 2 }))
    await assertRefused(url, { values: ['1'] }, '#/values/0')
    await assertRefused(url, { values: [] }, '#/values')
  },

  async 'unvalidated-payload'(url) {
    assert.deepEqual(await postJSON(url, [1, 'a', null]), ok({ kind: 'array', payload: [1, 'a', null] }))
    assert.deepEqual(await postJSON(url, null), ok({ kind: 'null', payload: null }))
  },

  async 'raw-request'(url) {
    const answer = await post(url, '{"not":json', 'application/json')
    assert.deepEqual(answer.json(), { method: 'POST', type: 'application/json', length: 11, body: '{"not":json' })
  },

  async context(url) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'X-Request-Id': 'example-1' },
      body: '{"text":"why"}',
    })
    const { secondsLeft, ...known } = await response.json()
    assert.deepEqual(known, { requestId: 'example-1', model: 'predictor:v0', cancelled: false })
    assert.ok(secondsLeft > 0 && secondsLeft <= 60)
    assert.equal(response.headers.get('x-request-id'), 'example-1')
  },

  async 'background-tasks'(url) {
    assert.deepEqual(await postJSON(url, { option: 'tea' }), ok({ counted: {} }))
    await sleep(100)
    assert.deepEqual(await postJSON(url, { option: 'tea' }), ok({ counted: { tea: 1 } }))
  },

  async form(url) {
    const form = new FormData()
    form.set('title', 'Greeting')
    form.set('document', new File(['good morning to you'], 'greeting.txt'))
    const response = await fetch(url, { method: 'POST', body: form })
    assert.deepEqual(await response.json(), { title: 'Greeting', file: 'greeting.txt', words: 4 })
    assert.equal((await post(url, 'title=Greeting', 'application/x-www-form-urlencoded')).status, 422)
  },

  async 'form-fields'(url) {
    const form = new FormData()
    form.set('document', new File(['good morning to you, good friend'], 'greeting.txt', { type: 'text/plain' }))
    form.set('top', '2')
    form.append('skip', 'to')
    form.append('skip', 'you')
    const response = await fetch(url, { method: 'POST', body: form })
    const words = [
      { word: 'good', count: 2 },
      { word: 'morning', count: 1 },
    ]
    assert.deepEqual(await response.json(), { file: 'greeting.txt', words })
    form.set('top', 'many')
    form.delete('document')
    const refused = await fetch(url, { method: 'POST', body: form })
    const { errors } = await refused.json()
    assert.equal(refused.status, 422)
    assert.deepEqual(
      errors.map(({ pointer }) => pointer),
      ['#/document', '#/top'],
    )
  },

  async 'typed-arrays'(url) {
    const payload = { samples: [0.5, -0.5], id: '9007199254740993', image: 'AP8=', at: '2026-01-31T12:00:00.000Z' }
    assert.deepEqual(await postJSON(url, payload), ok({ ...payload, samples: [1, -1], image: '/wA=' }))
    await assertRefused(url, { ...payload, samples: [1e39] }, '#/samples/0')
  },

  async 'uint8-array'(url) {
    const answer = await post(url, new Uint8Array([1, 2, 255]), 'application/octet-stream')
    assert.equal(answer.type, 'application/octet-stream')
    assert.deepEqual([...answer.bytes], [255, 2, 1])
  },

  async 'array-buffer'(url) {
    const answer = await post(url, new Float32Array([1.5, 2.25]), 'application/octet-stream')
    assert.deepEqual(answer.json(), { sum: 3.75 })
    assert.equal((await post(url, new Uint8Array(3), 'application/octet-stream')).status, 422)
  },

  async buffer(url) {
    const answer = await post(url, Buffer.from('89504e470d0a', 'hex'), 'image/png')
    assert.deepEqual(answer.json(), { isPNG: true, start: '89504e47' })
  },

  async blob(url) {
    assert.deepEqual((await post(url, 'abc', 'text/csv')).json(), { type: 'text/csv', size: 3 })
  },

  async file(url) {
    assert.deepEqual((await post(url, 'a,b', 'text/csv')).json(), { name: 'body', type: 'text/csv', size: 3 })
  },

  async 'readable-stream'(url) {
    const line = Buffer.from('one line\n')
    const body = ReadableStream.from(Array.from({ length: 1000 }, () => line))
    const response = await fetch(url, { method: 'POST', duplex: 'half', body })
    assert.deepEqual(await response.json(), { lines: 1000, bytes: 9000 })
  },

  async text(url) {
    for (const [body, type] of [
      ['grüße', 'text/plain'],
      ['"grüße"', 'application/json'],
    ]) {
      const answer = await post(url, body, type)
      assert.equal(answer.type, 'text/plain; charset=utf-8')
      assert.equal(Buffer.from(answer.bytes).toString(), 'GRÜSSE')
    }
  },

  async everything(url) {
    const body = '{"item":"tea"}'
    const send = () =>
      fetch(url, { method: 'POST', headers: { 'X-Client': 'till' }, body }).then(response => response.json())
    assert.deepEqual(await send(), { item: 'tea', count: 1, client: 'till', body, bytesBefore: 0 })
    await sleep(100)
    assert.deepEqual(await send(), { item: 'tea', count: 1, client: 'till', body, bytesBefore: 14 })
  },

  async 'static-predict'(url) {
    assert.deepEqual(await postJSON(url, { celsius: 100 }), ok({ fahrenheit: 212 }))
    await assertRefused(url, {}, '#/celsius')
  },

  async 'async-generator'(url) {
    const items = [{ left: 2 }, { left: 1 }, { left: 0 }]
    const lines = await post(url, '{"from":2}', 'application/json', 'application/x-ndjson')
    assert.equal(lines.type, 'application/x-ndjson')
    assert.deepEqual(
      lines
        .text()
        .trim()
        .split('\n')
        .map(line => JSON.parse(line)),
      items,
    )
    const events = await post(url, '{"from":2}', 'application/json')
    assert.match(events.type, /^text\/event-stream/)
    assert.deepEqual(
      [...events.text().matchAll(/^data: ?(\{.*)$/gm)].map(([, data]) => JSON.parse(data)),
      items,
    )
    await assertRefused(url, { from: 0 }, '#/from')
  },

  async javascript(url) {
    assert.deepEqual(await postJSON(url, { width: 3, height: 4 }), ok({ area: 12 }))
    await assertRefused(url, { width: 3, height: '4' }, '#/height')
  },
}

const files = readdirSync(folder)
const names = process.argv.length > 2 ? process.argv.slice(2) : files.map(file => file.replace(/\.\w+$/, ''))

for (const name of names) {
  const file = files.find(file => file.startsWith(`${name}.`))
  assert.ok(file !== undefined && name in CHECKS, `${name}: a predictor and its check belong together`)
  await withServer(new URL(file, folder), url => CHECKS[name](`${url}/predict`))
  console.log(`payload-forms: ${file} right`)
}

function ok(body) {
  return { status: 200, body }
}

async function assertRefused(url, payload, pointer) {
  const { status, body } = await postJSON(url, payload)
  assert.equal(status, 422, JSON.stringify(body))
  assert.equal(body.code, 'invalid_payload')
  assert.equal(body.errors[0].pointer, pointer)
}

async function post(url, body, type, accept = '*/*') {
  const response = await fetch(url, { method: 'POST', headers: { 'Content-Type': type, Accept: accept }, body })
  const bytes = new Uint8Array(await response.arrayBuffer())
  const text = () => Buffer.from(bytes).toString()
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    bytes,
    text,
    json: () => JSON.parse(text()),
  }
}
