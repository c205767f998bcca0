// More calls than a server can take, for a while: what it still serves, how soon it refuses the others, and whether its
// memory grows.
//
//   node bench/overload.js [--short]
//
// The predictor waits 20 ms for each call, 16 at a time: 800 a second at most, whatever else the machine does. First the
// peak is measured with just as many callers as find a place, then calls arrive at twice that rate whether or not others
// have been answered.
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { residentMebibytes } from './resident.js'
import { startServer } from './served.js'
import { percentile } from './statistics.js'

const { values: options } = parseArgs({ options: { short: { type: 'boolean', default: false } } })
const SECONDS = options.short ? 3 : 30
const server = await startServer('overload/predictor.js', ['--queue', '32', '--health-details'])
const { port } = new URL(server.url)
const agent = new Agent({ keepAlive: true, maxSockets: 512 })

try {
  const peak = await measurePeak()
  console.log(`peak: ${peak.toFixed(0)} calls a second`)
  const { served, refused, wrong, memory } = await overload(2 * peak)
  const goodput = served / SECONDS
  console.log(`at twice that: ${goodput.toFixed(0)} served a second, ${(goodput / peak).toFixed(2)} of the peak`)
  console.log(
    `refused: ${refused.length}, p50 ${percentile(refused, 0.5).toFixed(1)} ms, p99 ${percentile(refused, 0.99).toFixed(1)} ms`,
  )
  console.log(`memory of both processes, MiB, start to end: ${memory.map(size => size.toFixed(0)).join(' ')}`)
  console.log(`neither 200 nor 503: ${wrong}`)
  if (wrong > 0) process.exitCode = 1
} finally {
  agent.destroy()
  await server.stop()
}

/** As many callers as the predictor takes, each with one call after the other. */
async function measurePeak() {
  let answered = 0
  const until = performance.now() + 1000 * Math.min(SECONDS, 5)
  const startedAt = performance.now()
  const callers = Array.from({ length: 20 }, async () => {
    while (performance.now() < until) {
      const { status } = await call()
      if (status === 200) answered += 1
    }
  })
  await Promise.all(callers)
  return (1000 * answered) / (performance.now() - startedAt)
}

async function overload(rate) {
  const outcome = { served: 0, refused: [], wrong: 0, memory: [] }
  const pending = new Set()
  const startedAt = performance.now()
  for (let sent = 0, looked = 0; ; ) {
    const elapsed = (performance.now() - startedAt) / 1000
    if (elapsed > SECONDS) break
    for (; sent < elapsed * rate; sent += 1) {
      const settled = call().then(result => note(outcome, result))
      pending.add(settled)
      settled.finally(() => pending.delete(settled))
    }
    if (elapsed >= (looked * SECONDS) / 6) {
      outcome.memory.push(await readMemory())
      looked += 1
    }
    await sleep(1)
  }
  // What is still to come was asked for in time, but is not counted as served in it.
  const inTime = outcome.served
  await Promise.all(pending)
  return { ...outcome, served: inTime }
}

function note(outcome, { status, milliseconds }) {
  if (status === 200) outcome.served += 1
  else if (status === 503) outcome.refused.push(milliseconds)
  else outcome.wrong += 1
}

function call() {
  const sentAt = performance.now()
  return new Promise(resolve => {
    const asked = request({ agent, host: '127.0.0.1', port, path: '/predict', method: 'POST' }, response => {
      response.resume()
      response.on('close', () => resolve({ status: response.statusCode, milliseconds: performance.now() - sentAt }))
    })
    asked.on('error', () => resolve({ status: 0 }))
    asked.end('{}')
  })
}

async function readMemory() {
  const { engine } = await (await fetch(`${server.url}/health`)).json()
  return engine.replicas.reduce((sum, { pid }) => sum + residentMebibytes(pid), residentMebibytes(server.pid))
}
