// Makes speech.wav, once: two sentences with silence around them. Needs espeak-ng: node make-speech.js
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'

const RATE = 16_000
const silence = seconds => new Float64Array(seconds * RATE)

const parts = [silence(1), speak('This is a test of speech detection.'), silence(1.5), speak('It works.'), silence(1)]
const samples = Int16Array.from(parts.flatMap(part => [...part]))
writeFileSync(new URL('speech.wav', import.meta.url), toWave(samples))

/** A sentence at our rate. */
function speak(text) {
  const wave = execFileSync('espeak-ng', ['-v', 'en-us', '-s', '150', '--stdout', text])
  const rate = wave.readUInt32LE(24)
  const start = wave.indexOf('data') + 8
  const given = Array.from({ length: Math.floor((wave.length - start) / 2) }, (_, at) =>
    wave.readInt16LE(start + 2 * at),
  )
  return Float64Array.from({ length: Math.floor((given.length * RATE) / rate) }, (_, at) => {
    const exact = (at * rate) / RATE
    const before = Math.floor(exact)
    const after = Math.min(before + 1, given.length - 1)
    return given[before] + (given[after] - given[before]) * (exact - before)
  })
}

function toWave(data) {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + data.byteLength, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20) // PCM
  header.writeUInt16LE(1, 22) // one channel
  header.writeUInt32LE(RATE, 24)
  header.writeUInt32LE(2 * RATE, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(data.byteLength, 40)
  return Buffer.concat([header, Buffer.from(data.buffer)])
}
