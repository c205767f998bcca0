// Has texts written by a real server, character by character: node examples/char-lm/check.js
import assert from 'node:assert/strict'
import { install, postJSON, withServer } from '../serving.js'

// The install script would fetch binaries for graphics cards, which are not used here.
install(new URL('.', import.meta.url), { ONNXRUNTIME_NODE_INSTALL: 'skip' })

await withServer(new URL('predictor.ts', import.meta.url), async url => {
  const write = (payload, accept = 'text/event-stream') =>
    fetch(`${url}/predict`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: accept },
      body: JSON.stringify(payload),
    })
  const events = await (await write({ prompt: 'The white whale', length: 400, seed: 1 })).text()
  const text = [...events.matchAll(/^data: (.*)\n\n/gm)].map(([, item]) => JSON.parse(item)).join('')
  assert.equal(Array.from(text).length, 400)
  const words = text.toLowerCase().match(/[a-z]+/g)
  const known = words.filter(word => ['the', 'and', 'of', 'a', 'to', 'in', 'that', 'his', 'whale'].includes(word))
  assert.ok(known.length / words.length > 0.15, text)

  const lines = await (await write({ prompt: 'The white whale', length: 400, seed: 1 }, 'application/x-ndjson')).text()
  const again = lines
    .trimEnd()
    .split('\n')
    .map(item => JSON.parse(item))
  assert.equal(again.join(''), text, 'the same seed writes the same')

  // Many at once, their prompts of different lengths: each is the text that its seed writes alone.
  const together = await Promise.all(
    Array.from({ length: 32 }, (_, index) =>
      write({
        prompt: index % 2 === 0 ? 'The white whale' : 'whale '.repeat(4 * index),
        length: 100,
        seed: 1 + (index % 2) * index,
      }),
    ),
  )
  const texts = await Promise.all(together.map(async answer => (await answer.text()).match(/^data: .*$/gm)))
  const alone = texts.filter((_, index) => index % 2 === 0)
  for (const events of alone) assert.deepEqual(events, alone[0])
  for (const events of texts) assert.equal(events.length, 100)
  assert.equal(alone[0].map(line => JSON.parse(line.slice(6))).join(''), text.slice(0, 100))

  const response = await write({ length: 5000, seed: 1 })
  const reader = response.body.getReader()
  assert.match(new TextDecoder().decode((await reader.read()).value), /^data: "/)
  await reader.cancel()
  // The place of the one that left is free: as many as can be in flight at once begin.
  const others = await Promise.all(Array.from({ length: 16 }, () => write({ length: 5 })))
  for (const other of others) assert.equal((await other.text()).split('\n\n').length, 6)
  const refused = await write({ temperature: -1 })
  assert.equal(refused.status, 422)
  await refused.body.cancel()
  console.log(text.slice(0, 60).replaceAll('\n', ' '))
})

// The same texts for clients of the OpenAI API, streamed and whole.
const QUESTION = { max_tokens: 80, seed: 1, stop: '.' }
for (const [file, path, prompt, textOf] of [
  ['completions', 'completions', { prompt: 'The white whale' }, ({ text }) => text],
  [
    'chat',
    'chat/completions',
    { messages: [{ role: 'user', content: 'The white whale' }] },
    ({ message, delta }) => (message ?? delta).content ?? '',
  ],
]) {
  await withServer(new URL(`${file}.ts`, import.meta.url), async url => {
    const ask = body => postJSON(`${url}/v1/${path}`, { model: file, ...prompt, ...QUESTION, ...body })
    const { status, body } = await ask({})
    assert.equal(status, 200)
    const [whole] = body.choices
    assert.ok(['length', 'stop'].includes(whole.finish_reason))
    assert.ok(!textOf(whole).includes('.'))
    const streamed = await readStream(`${url}/v1/${path}`, { model: file, ...prompt, ...QUESTION, stream: true })
    assert.equal(streamed.map(({ choices: [choice] }) => textOf(choice)).join(''), textOf(whole))
    assert.equal(streamed.at(-1).choices[0].finish_reason, whole.finish_reason)
  })
}

console.log('char-lm: a text of 400 characters, the same for the same seed')

/** The chunks of a stream of the OpenAI API. */
async function readStream(url, payload) {
  const headers = { 'Content-Type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(payload) })
  const events = (await response.text()).split('\n\n').filter(event => event.startsWith('data: {'))
  return events.map(event => JSON.parse(event.slice('data: '.length)))
}
