// Restarts servers behind nginx while requests arrive, and fails where one of them fails:
//
//   node bench/restart.js [requests a second] [seconds between two restarts]
//
// Two servers stand behind nginx, as a person would deploy them. Each gets new code by SIGHUP; then each is ended by
// SIGTERM and started again, one after the other. Needs nginx.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { formatConfiguration } from './restart/nginx.js'
import { percentile } from './statistics.js'

const RATE = Number(process.argv[2] ?? 500)
const PAUSE = 1000 * Number(process.argv[3] ?? 3)
const COMMAND = fileURLToPath(new URL('../packages/cli/bin/incant.js', import.meta.url))
const PREDICTOR = fileURLToPath(new URL('startup/predictor.ts', import.meta.url))
const FRONT = 18_480
const PORTS = [18_481, 18_482]
const PAYLOAD = '{"text":"hello"}'
const ANSWER = '{"length":5}'

const folder = mkdtempSync(join(tmpdir(), 'incant-restart-'))
const agent = new Agent({ keepAlive: true, maxSockets: 200 })
const servers = new Map()
const failures = new Map()
const latencies = []
let nginx
try {
  for (const port of PORTS) await startServer(port)
  nginx = await startNginx()
  const load = setInterval(sendDue, 10)
  const startedAt = performance.now()
  let sent = 0
  function sendDue() {
    for (const due = ((performance.now() - startedAt) / 1000) * RATE; sent < due; sent += 1) send()
  }
  await sleep(PAUSE)
  for (const port of PORTS) {
    console.log(`SIGHUP to the server on ${port}`)
    servers.get(port).kill('SIGHUP')
    await sleep(PAUSE)
  }
  for (const port of PORTS) {
    console.log(`SIGTERM to the server on ${port}`)
    servers.get(port).kill('SIGTERM')
    const [code] = await once(servers.get(port), 'exit')
    if (code !== 0) count(`exit code ${code}`)
    await startServer(port)
    await sleep(PAUSE)
  }
  clearInterval(load)
  await sleep(1000)
} finally {
  for (const child of [nginx, ...servers.values()]) child?.kill('SIGKILL')
  agent.destroy()
  rmSync(folder, { recursive: true })
}
const [p50, p99] = [0.5, 0.99].map(part => percentile(latencies, part).toFixed(1))
console.log(`${latencies.length} answered, p50 ${p50} ms, p99 ${p99} ms; failed: ${failures.size === 0 ? 'none' : ''}`)
for (const [what, times] of failures) console.log(`  ${times} × ${what}`)
process.exitCode = failures.size === 0 ? 0 : 1

async function startServer(port) {
  const words = ['serve', PREDICTOR, '--port', String(port), '--drain-delay', '2s', '--log-level', 'warn']
  const child = spawn(process.execPath, [COMMAND, ...words], { stdio: ['ignore', 'ignore', 'inherit'] })
  servers.set(port, child)
  while (!(await isReady(port))) {
    if (child.exitCode !== null) throw new Error(`the server on ${port} ended with ${child.exitCode}`)
    await sleep(20)
  }
}

async function startNginx() {
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, formatConfiguration(folder, FRONT, PORTS))
  const child = spawn('nginx', ['-p', folder, '-c', file, '-e', 'stderr'], { stdio: 'ignore' })
  await once(child, 'spawn')
  while (!(await isReady(FRONT))) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}`)
    await sleep(20)
  }
  return child
}

function isReady(port) {
  return new Promise(resolve => {
    const asked = request({ host: '127.0.0.1', port, path: '/ready', agent: false }, response => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    asked.on('error', () => resolve(false))
    asked.end()
  })
}

function send() {
  const sentAt = performance.now()
  const headers = { 'content-type': 'application/json', 'content-length': PAYLOAD.length }
  const asked = request(
    { agent, host: '127.0.0.1', port: FRONT, path: '/predict', method: 'POST', headers },
    async response => {
      const chunks = await response.toArray().catch(error => count(error.message))
      const text = chunks === undefined ? 'cut off' : Buffer.concat(chunks).toString()
      if (response.statusCode === 200 && text === ANSWER) latencies.push(performance.now() - sentAt)
      else count(`${response.statusCode} ${/"code":"(\w+)"/.exec(text)?.[1] ?? 'by nginx'}`)
    },
  )
  asked.on('error', error => count(error.message))
  asked.end(PAYLOAD)
}

function count(failure) {
  failures.set(failure, (failures.get(failure) ?? 0) + 1)
}
