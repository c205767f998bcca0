// Forms as other people's clients write them: curl, Python's requests, Go, Chromium and Node, each of which is run, and .NET,
// OkHttp and Apache, whose forms are written here by hand as these clients send them. Each is a 200, and predict gets the same of each.
//
//   node tests/tools/forms.js FOLDER
import { deepStrictEqual } from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { withChromium } from './pages/chromium.js'

const INCANT = fileURLToPath(new URL('../../packages/cli/bin/incant.js', import.meta.url))
const PREDICTOR = fileURLToPath(new URL('./forms/predictor.ts', import.meta.url))
const REQUESTS = 'requests==2.32.5'

const NOTE = 'grün & "blau"\n%41'
const FILE_NAME = 'naïve "a".bin'
/** Bytes of every value, and what looks like the lines of a form. */
const BYTES = Buffer.concat([
  Buffer.from(Array.from({ length: 256 }, (_, index) => index)),
  Buffer.from('\r\n--\r\nContent-Disposition: form-data; name="x"\r\n\r\n--boundary--\r\n'.repeat(1000)),
])
const HASH = createHash('sha256').update(BYTES).digest('hex').slice(0, 16)

const folder = process.argv[2] ?? '.'
const path = join(folder, 'file.bin')
writeFileSync(path, BYTES)
const server = spawn(process.execPath, [INCANT, 'serve', PREDICTOR, '--port', '0', '--log-format', 'json'], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
try {
  const url = `${await readUrl()}/predict`
  check('curl', sendWithCurl(url))
  check('Python, requests', sendWithRequests(url))
  check('Go, mime/multipart', run('go', ['run', fileURLToPath(new URL('./forms/send.go', import.meta.url)), url, path]))
  check('Node, fetch', await sendWithFetch(url))
  check('Chromium, fetch', await sendWithChromium(url))
  check('.NET, HttpClient', await sendWritten(url, '"bb"', DOTNET), 'a.bin')
  check('OkHttp', await sendWritten(url, 'bb', OKHTTP), 'a.bin')
  check('Apache HttpClient', await sendWritten(url, 'bb', APACHE), 'a.bin')
} finally {
  server.kill('SIGTERM')
  await once(server, 'exit')
}

/** What predict must have got: the note, and the file under a name. Its type is the client's own choice. */
function check(client, answer, name = FILE_NAME) {
  const [, status, text] = /^(\d{3}) ([\s\S]*)$/.exec(answer) ?? []
  deepStrictEqual(status, '200', `${client}: ${answer}`)
  const [[note, noted], [file, fileName, , hash]] = JSON.parse(text)
  // Browsers and Python send a line end as the standard of HTML has it.
  deepStrictEqual(
    [note, noted.replaceAll('\r\n', '\n'), file, fileName, hash],
    ['note', NOTE, 'file', name, HASH],
    client,
  )
  console.log(`${client}: 200`)
}

function sendWithCurl(url) {
  const type = 'type=application/x-thing'
  const escaped = FILE_NAME.replaceAll('"', '\\"')
  const form = ['-F', `note=${NOTE}`, '-F', `file=@${path};filename="${escaped}";${type}`]
  const text = run('curl', ['-sS', '-w', '\n%{http_code}', ...form, url])
  const at = text.trimEnd().lastIndexOf('\n')
  return `${text.slice(at + 1).trim()} ${text.slice(0, at)}`
}

function sendWithRequests(url) {
  const venv = join(folder, 'venv')
  run('python3', ['-m', 'venv', venv])
  run(join(venv, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', REQUESTS])
  return run(join(venv, 'bin/python'), [fileURLToPath(new URL('./forms/send.py', import.meta.url)), url, path])
}

async function sendWithFetch(url) {
  const form = new FormData()
  form.set('note', NOTE)
  form.set('file', new File([BYTES], FILE_NAME, { type: 'application/x-thing' }))
  const answer = await fetch(url, { method: 'POST', body: form })
  return `${answer.status} ${await answer.text()}`
}

/** From a page of the server itself: the answer to an unknown path is one. */
function sendWithChromium(url) {
  return withChromium('unused.example', async browser => {
    const tab = await browser.open(new URL('/livez', url).href)
    return tab.run(
      async given => {
        const { note, name, bytes } = JSON.parse(given)
        const form = new FormData()
        form.set('note', note)
        form.set('file', new File([Uint8Array.from(atob(bytes), character => character.charCodeAt(0))], name))
        const answer = await fetch('/predict', { method: 'POST', body: form })
        return `${answer.status} ${await answer.text()}`
      },
      JSON.stringify({ note: NOTE, name: FILE_NAME, bytes: BYTES.toString('base64') }),
    )
  })
}

/** MultipartFormDataContent of .NET 8 with a StringContent and a StreamContent. */
function DOTNET(note, bytes) {
  return [
    '--bb\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name=note\r\n\r\n',
    note,
    "\r\n--bb\r\nContent-Disposition: form-data; name=file; filename=a.bin; filename*=utf-8''a.bin\r\n\r\n",
    bytes,
    '\r\n--bb--\r\n',
  ]
}

/** MultipartBody of OkHttp 4: a length for each part. */
function OKHTTP(note, bytes) {
  return [
    `--bb\r\nContent-Disposition: form-data; name="note"\r\nContent-Length: ${Buffer.byteLength(note)}\r\n\r\n`,
    note,
    '\r\n--bb\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n' +
      `Content-Type: application/octet-stream\r\nContent-Length: ${bytes.length}\r\n\r\n`,
    bytes,
    '\r\n--bb--\r\n',
  ]
}

/** MultipartEntityBuilder of Apache's HttpClient 4, in its strict mode. */
function APACHE(note, bytes) {
  return [
    '--bb\r\nContent-Disposition: form-data; name="note"\r\nContent-Type: text/plain; charset=UTF-8\r\n' +
      'Content-Transfer-Encoding: 8bit\r\n\r\n',
    note,
    '\r\n--bb\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n' +
      'Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n',
    bytes,
    '\r\n--bb--\r\n',
  ]
}

function sendWritten(url, boundary, write) {
  const body = Buffer.concat(write(NOTE, BYTES).map(part => Buffer.from(part)))
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': body.length }
    request(url, { method: 'POST', headers }, async response => {
      const chunks = []
      for await (const chunk of response) chunks.push(chunk)
      resolve(`${response.statusCode} ${Buffer.concat(chunks)}`)
    })
      .on('error', reject)
      .end(body)
  })
}

function run(command, parameters) {
  const { status, stdout, error } = spawnSync(command, parameters, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, GOFLAGS: '-mod=mod', GOCACHE: join(folder, 'go'), GO111MODULE: 'off' },
  })
  if (error !== undefined) throw error
  deepStrictEqual(status, 0, `${command} ended with ${status}`)
  return stdout
}

async function readUrl() {
  for await (const line of createInterface({ input: server.stdout })) {
    const { msg, url } = JSON.parse(line)
    if (msg === 'ready') {
      server.stdout.resume()
      return url
    }
  }
  throw new Error('the server ended before it was ready')
}
