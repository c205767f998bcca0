// A large upload that goes through to the predictor's process: how fast, and whether either process grows with it. Then forms
// with files, many at once, which the front must not have in its memory. Fails on a wrong answer, where a process grows by more
// than a tenth of what it was sent, and where the front grows by as much as half of the forms.
//
//   node bench/upload.js [megabytes]      1000
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { residentMebibytes } from './resident.js'
import { startServer } from './served.js'

const MEGABYTES = Number(process.argv[2] ?? 1000)
const CHUNK = Buffer.alloc(1_000_000, 'a million bytes')

const expected = createHash('sha256')
for (let sent = 0; sent < MEGABYTES; sent += 1) expected.update(CHUNK)
const sha256 = expected.digest('hex')

for (const [className, form] of [
  ['default', 'a raw Request'],
  ['Streamed', 'a ReadableStream'],
]) {
  const flags = ['--class-name', className, '--max-body-size', '100GiB', '--health-details', '--request-timeout', '10m']
  const server = await startServer('upload/predictor.ts', [...flags, '--body-timeout', '10m'])
  try {
    await upload(server, form)
  } finally {
    await server.stop()
  }
}

await sendForms(16, 6.7 * 1024 ** 2)

/** Forms that arrive at the same time. What the front takes at the first ones is not theirs. */
async function sendForms(count, size) {
  const server = await startServer('upload/predictor.ts', ['--class-name', 'Forms', '--health-details'])
  const post = () => fetch(`${server.url}/predict`, { method: 'POST', body: makeForm(size) })
  try {
    for (let sent = 0; sent < 3; sent += 1) await (await post()).text()
    const before = residentMebibytes(server.pid)
    let most = before
    const watch = setInterval(() => {
      most = Math.max(most, residentMebibytes(server.pid))
    }, 5)
    const answers = await Promise.all(Array.from({ length: count }, post))
    clearInterval(watch)
    const mebibytes = (count * size) / 1024 ** 2
    console.log(
      `${count} forms at once, ${mebibytes.toFixed(0)} MiB: the front has ${most.toFixed(0)} MiB (+${(most - before).toFixed(0)})`,
    )
    if (answers.some(({ status }) => status !== 200)) fail('a form was not answered')
    if (most - before > mebibytes / 2) fail('the front had the forms in its memory')
  } finally {
    await server.stop()
  }
}

function makeForm(size) {
  const form = new FormData()
  form.set('file', new File([new Uint8Array(size)], 'a.bin'))
  return form
}

async function upload(server, form) {
  const pids = { front: server.pid, replica: await findReplica(server.url) }
  const before = measure(pids)
  const most = { ...before }
  const watch = setInterval(() => {
    for (const [name, size] of Object.entries(measure(pids))) most[name] = Math.max(most[name], size)
  }, 20)
  const startedAt = performance.now()
  const answer = await send(server.url)
  clearInterval(watch)
  const seconds = (performance.now() - startedAt) / 1000
  const grown = Object.keys(pids).map(name => most[name] - before[name])
  console.log(
    `${MEGABYTES} MB to ${form}: ${(MEGABYTES / seconds).toFixed(0)} MB/s; most memory, MiB: ` +
      Object.keys(pids)
        .map((name, index) => `${name} ${most[name].toFixed(0)} (+${grown[index].toFixed(0)})`)
        .join(', '),
  )
  if (answer.bytes !== MEGABYTES * 1e6 || answer.sha256 !== sha256) fail('the predictor got other bytes')
  if (Math.max(...grown) > Math.max(100, MEGABYTES / 10)) fail('a process grew with what it was sent')
}

async function findReplica(url) {
  const { engine } = await (await fetch(`${url}/health`)).json()
  return engine.replicas[0].pid
}

function measure(pids) {
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, residentMebibytes(pid)]))
}

async function send(url) {
  const headers = { 'content-type': 'application/octet-stream', 'content-length': MEGABYTES * 1e6 }
  const outgoing = request(`${url}/predict`, { method: 'POST', headers })
  const answered = once(outgoing, 'response')
  // A server that refuses closes before it has everything.
  answered.catch(() => {})
  for (let sent = 0; sent < MEGABYTES; sent += 1) if (!outgoing.write(CHUNK)) await once(outgoing, 'drain')
  outgoing.end()
  const [response] = await answered
  return JSON.parse(Buffer.concat(await response.toArray()).toString())
}

function fail(message) {
  console.error(message)
  process.exitCode = 1
}
