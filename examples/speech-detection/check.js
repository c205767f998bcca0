// Sends a sound to a real server, in pieces, and hears the turns: node examples/speech-detection/check.js
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { install, withServer } from '../serving.js'

/** Where somebody begins to speak in speech.wav and stops, in seconds. */
const TURNS = [1, 3.4, 4.9, 5.6]

// The install script would fetch binaries for graphics cards, which are not used here.
install(new URL('.', import.meta.url), { ONNXRUNTIME_NODE_INSTALL: 'skip' })

await withServer(new URL('predictor.ts', import.meta.url), async url => {
  const speech = await readFile(new URL('speech.wav', import.meta.url))
  const turns = await hearWhileSending(url, speech)
  assert.deepEqual(
    turns.map(({ speaking }) => speaking),
    [true, false, true, false],
  )
  for (const [index, { at }] of turns.entries()) assert.ok(Math.abs(at - TURNS[index]) < 0.4, JSON.stringify(turns))
  const wrong = Buffer.from(speech)
  wrong.writeUInt32LE(44_100, 24)
  const refused = await fetch(`${url}/predict`, { method: 'POST', body: wrong })
  assert.equal(refused.status, 422)
  assert.match((await refused.json()).detail, /44100 samples a second/)
})

console.log(
  `speech-detection: ${TURNS.length} of ${TURNS.length} turns heard, the first while the sound was being sent`,
)

/** Sends half of a sound, waits for the first turn, and sends the rest. */
async function hearWhileSending(url, sound) {
  const headers = { 'Content-Type': 'audio/wav', Accept: 'application/x-ndjson' }
  const sending = request(`${url}/predict`, { method: 'POST', headers })
  const half = Math.floor(sound.length / 2)
  for (let at = 0; at < half; at += 8192) sending.write(sound.subarray(at, Math.min(at + 8192, half)))
  const [response] = await once(sending, 'response')
  assert.equal(response.statusCode, 200)
  let text = ''
  response.setEncoding('utf8').on('data', chunk => {
    text += chunk
  })
  while (!text.includes('\n')) await once(response, 'data')
  sending.end(sound.subarray(half))
  await once(response, 'end')
  return text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
}
