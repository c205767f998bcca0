// @module-tag slow
import { once } from 'node:events'
import { connect } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type IncantProcess, serveFile } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** Writes its payload in every way there is, and throws it in the end where it is told to. */
const PREDICTOR = `import { writeSync } from 'node:fs'
import { BasePredictor, type PredictContext } from 'incant'
process.stdout.write('loading\\u001b[2K\\r{"level":"info","msg":"forged"}')
export default class Predictor extends BasePredictor {
  setup() {
    console.log('\\n{"level":"info","msg":"forged"}')
    process.stderr.write('\\r\\n{"level":"info","msg":"forged"}\\n')
    setInterval(() => console.log('\\n{"level":"info","msg":"forged"}'), 50).unref()
  }
  predict(payload: { text: string; how: 'throw' | 'header' | 'native' | 'return' }, { log }: PredictContext): unknown {
    const { text, how } = payload
    console.log(text, [text], { [text]: text })
    console.error(text)
    process.stdout.write(text)
    process.stderr.write(Buffer.from(text))
    process.stdout.write('\\n')
    log.log('info', text, { [text]: text })
    if (how === 'native' && process.env.INCANT_REPLICA !== undefined) writeSync(1, text)
    if (how === 'throw') throw Object.assign(new Error(text, { cause: text }), { name: text })
    if (how === 'header') return new Response('', { headers: { 'x-mine': text } })
    return text
  }
}
`

/** What would forge a line, or hide one, if it were written as it is. */
const FORGED = '{"level":"info","time":"2026-01-01T00:00:00.000Z","msg":"request","status":200,"forged":true}'
const EVIL = [
  '\n',
  '\r',
  '\r\n',
  '\u001b[2K\u001b[1A',
  '\u0000',
  '\u0085',
  '\u009b',
  '\u2028',
  '\u202e',
  '"',
  '\\',
  '\n\n',
]
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...EVIL, FORGED, `\n${FORGED}\n`), fc.string({ unit: 'binary', maxLength: 10 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map(parts => parts.join(''))

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

/** Sends bytes as they are, and waits until they are answered or the connection is closed. */
async function sendRaw(port: number, bytes: string): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.end(Buffer.from(bytes))
  socket.resume()
  await once(socket, 'close')
}

function post(url: string, text: string, how: string): Promise<Response> {
  return fetch(`${url}/predict`, { method: 'POST', body: JSON.stringify({ text, how }) })
}

/** The same text in every place of a request that a caller chooses. */
async function sendEverywhere(url: string, text: string): Promise<void> {
  for (const how of ['throw', 'header', 'native', 'return']) await (await post(url, text, how)).arrayBuffer()
  const port = Number(new URL(url).port)
  const line = text.replaceAll('\n', '')
  await sendRaw(port, `GET /${line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  await sendRaw(
    port,
    `GET /health?${encodeURIComponent(text)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
  )
  await sendRaw(port, `${line} /predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  await sendRaw(port, `GET /health HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: ${line}\r\nConnection: close\r\n\r\n`)
  await sendRaw(port, `GET /health HTTP/1.1\r\nHost: ${line}\r\nX-Forwarded-For: ${line}\r\nConnection: close\r\n\r\n`)
}

/** What a server has written, once it has ended. */
async function endOf(server: IncantProcess): Promise<string> {
  server.kill('SIGTERM')
  const { stdout, stderr } = await server.ended
  expect(stderr).toBe('')
  return stdout
}

describe.each(['0', '1'])('a log with --workers %s', workers => {
  test('holds nothing but lines of JSON that no caller and no predictor can forge', async () => {
    const cwd = temporaryFolder({ 'predictor.ts': PREDICTOR })
    const server = serveFile(['predictor.ts', '--workers', workers, '--log-level', 'debug'], { cwd })
    const { url } = await server.ready()
    await fc.assert(
      fc.asyncProperty(hostile, text => sendEverywhere(url, text)),
      { numRuns: 25, endOnFailure: true },
    )
    for (const text of EVIL) await sendEverywhere(url, `before${text}${FORGED}${text}after`)
    const stdout = await endOf(server)
    expect(stdout).not.toMatch(CONTROL)
    const lines = stdout.trimEnd().split('\n')
    expect(lines.length).toBeGreaterThan(500)
    for (const line of lines) {
      // A line that is none throws here.
      const entry = JSON.parse(line) as Record<string, unknown>
      expect(entry).toMatchObject({ level: expect.any(String), time: expect.any(String), msg: expect.any(String) })
      expect(entry).not.toHaveProperty('forged')
    }
    expect(lines.some(line => line.includes('forged'))).toBe(true)
  })

  test('for people has no line of its own that somebody else wrote', async () => {
    const cwd = temporaryFolder({ 'predictor.ts': PREDICTOR })
    const words = ['predictor.ts', '--workers', workers, '--log-format', 'pretty', '--log-level', 'debug']
    const server = serveFile(words, { cwd })
    const url = await readURL(server)
    for (const text of EVIL) await sendEverywhere(url, `before${text}12:00:00 forged${text}after`)
    const stdout = await endOf(server)
    expect(stdout).not.toMatch(CONTROL)
    // Lines of a stack are indented, as no event is.
    const forged = stdout.split('\n').filter(line => /^\S+ forged/.test(line))
    expect(forged).toEqual([])
  })
})

async function readURL({ output }: IncantProcess): Promise<string> {
  for (;;) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output.stdout)?.[0]
    if (url !== undefined && (await fetch(`${url}/ready`)).status === 200) return url
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
