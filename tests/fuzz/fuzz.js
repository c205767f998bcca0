// Requests that are nearly right, by the thousand and the same for the same seed: raw HTTP, JSON and forms. Each must be
// answered, or its connection closed, with no status of 500 or above but 501 and 505. The server and its replicas must
// live, answer others all the while, and write a log in which every line parses.
//
//   node tests/fuzz/fuzz.js [REQUESTS] [SEED]      all of them
//   node tests/fuzz/fuzz.js 1 SEED INDEX           one of them again, shown
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { makeForm } from './form-bodies.js'
import { makeJSON } from './json-bodies.js'
import { Random } from './random.js'
import { makeRaw } from './raw-requests.js'
import { send, statusesOf, toBytes } from './send.js'

const here = path => fileURLToPath(new URL(path, import.meta.url))
const [requests = 20_000, seed = 1, first = 0] = process.argv.slice(2).map(Number)
const isShown = requests === 1
const MAKERS = [makeRaw, makeJSON, makeForm]
const AT_ONCE = 48
/** Short, so that half a request costs no ten seconds; a queue for all that are sent at once. */
const WORDS = [
  '--headers-timeout',
  '1s',
  '--body-timeout',
  '1s',
  '--queue',
  '1000',
  '--drain-delay',
  '0s',
  '--log-rate',
  '0',
]

const folder = mkdtempSync(join(tmpdir(), 'incant-fuzz-'))
const faults = []
try {
  const servers = { json: await start('ForJSON'), form: await start('ForForms') }
  const startedAt = performance.now()
  const statuses = await fuzz(servers)
  for (const server of Object.values(servers)) await end(server)
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  console.log(`${requests} requests with seed ${seed} in ${seconds} s: ${describe(statuses)}; ${faults.length} faults`)
} finally {
  rmSync(folder, { recursive: true })
}
for (const fault of faults.slice(0, 20)) console.error(fault)
process.exit(faults.length === 0 ? 0 : 1)

async function start(className) {
  const log = join(folder, `${className}.log`)
  const command = [here('../../packages/cli/bin/incant.js'), 'serve', here('predictors.ts'), '--class-name', className]
  const output = openSync(log, 'w')
  const child = spawn(process.execPath, [...command, '--port', '0', ...WORDS], { stdio: ['ignore', output, 'inherit'] })
  process.on('exit', () => child.kill('SIGKILL'))
  for (;;) {
    const ready = readFileSync(log, 'utf8')
      .split('\n')
      .find(line => line.includes('"curl"'))
    if (ready !== undefined) return { child, log, port: Number(new URL(JSON.parse(ready).url).port), className }
    if (child.exitCode !== null) throw new Error(`${className} ended with ${child.exitCode} before it was ready`)
    await sleep(50)
  }
}

/** Every request of its own seed, so that one can be made again without the others. */
function make(index) {
  const random = new Random(seed * 1_000_003 + index)
  const made = MAKERS[index % MAKERS.length](random)
  return { target: made.target, bytes: made.raw ?? toBytes(made) }
}

async function fuzz(servers) {
  const statuses = new Map()
  let next = first
  const client = async () => {
    while (next < first + requests) {
      const index = next++
      const { target, bytes } = make(index)
      const { received, hangs } = await send(servers[target].port, bytes)
      if (isShown) console.log(`${JSON.stringify(bytes.toString('latin1'))}\n${received}`)
      const found = statusesOf(received)
      for (const status of found) statuses.set(status, (statuses.get(status) ?? 0) + 1)
      const bad = found.find(status => status >= 500 && status !== 501 && status !== 505)
      if (bad !== undefined) fault(index, `is answered with ${bad}`)
      if (hangs) fault(index, 'is neither answered nor closed')
      if (index % 500 === 0) await checkLife(servers[target])
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, requests) }, client))
  return statuses
}

function fault(index, what) {
  faults.push(`request ${index} ${what}: node tests/fuzz/fuzz.js 1 ${seed} ${index}`)
}

async function checkLife({ port, className }) {
  const response = await fetch(`http://127.0.0.1:${port}/ready`).catch(thrown => thrown)
  if (response.status !== 200) faults.push(`${className} does not say that it is ready: ${response.status ?? response}`)
}

/** Ends a server in order, and reads what it has written. */
async function end({ child, log, className }) {
  if (child.exitCode !== null) return void faults.push(`${className} has died`)
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  if (code !== 0) faults.push(`${className} ended with ${code}`)
  for (const line of readFileSync(log, 'utf8').trimEnd().split('\n')) {
    const reason = judgeLine(line)
    if (reason !== undefined) faults.push(`${className}: ${reason}: ${line.slice(0, 400)}`)
  }
}

function judgeLine(line) {
  try {
    return JSON.parse(line).level === 'error' ? 'an error' : undefined
  } catch {
    return 'a line that is no JSON'
  }
}

function describe(statuses) {
  return [...statuses]
    .sort()
    .map(([status, count]) => `${count} x ${status}`)
    .join(', ')
}
