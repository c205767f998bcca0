// Far more connections than a server handles at once, all of one address: what it still serves of what it can.
//
//   node bench/connections.js [--short] [--connections 4000]
//
// The predictor waits 20 ms for each call, 16 at a time. First the peak is measured, with as many callers as find a place.
// Then all connections are opened, and calls arrive over them at twice the peak; a connection that is closed is opened
// again at once. At last every connection has a call in hand all the time.
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startServer } from './served.js'
import { percentile } from './statistics.js'

const { values: options } = parseArgs({
  options: { short: { type: 'boolean', default: false }, connections: { type: 'string', default: '4000' } },
})
const SECONDS = options.short ? 3 : 15
const COUNT = options.short ? 1200 : Number(options.connections)
const server = await startServer('overload/predictor.js', ['--queue', '32'])
const { port } = new URL(server.url)
const REQUEST = `POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`

/** A connection that is there again at once when it is closed. */
class Caller {
  #settle
  #socket
  closed = 0

  open() {
    this.#socket = connect(Number(port), '127.0.0.1').setEncoding('latin1')
    this.#socket.on('data', text => {
      // Answers are small, and come in one piece.
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1])
      if (status > 0) this.#end(status)
    })
    this.#socket.on('error', () => {})
    this.#socket.on('close', () => {
      this.closed += 1
      this.#end(0)
      if (!isOver) this.open()
    })
    return this
  }

  get isBusy() {
    return this.#settle !== undefined
  }

  async call() {
    const sentAt = performance.now()
    const answered = new Promise(resolve => {
      this.#settle = resolve
    })
    this.#socket.write(REQUEST)
    return { status: await answered, milliseconds: performance.now() - sentAt }
  }

  close() {
    this.#socket.destroy()
  }

  #end(status) {
    const settle = this.#settle
    this.#settle = undefined
    settle?.(status)
  }
}

let isOver = false
const callers = Array.from({ length: 20 }, () => new Caller().open())

try {
  const peak = await loop(callers, 5)
  console.log(`peak: ${peak.served.toFixed(0)} calls a second`)
  while (callers.length < COUNT) {
    callers.push(new Caller().open())
    if (callers.length % 100 === 0) await sleep(10)
  }
  await sleep(1000)
  const probing = probe()
  report(`${COUNT} connections, twice the peak`, await arrive(callers, 2 * peak.served), peak)
  report(`${COUNT} connections, each with a call in hand`, await loop(callers, SECONDS), peak)
  isOver = true
  const probes = await probing
  console.log(`/livez on new connections meanwhile: ${probes.length}, p99 ${percentile(probes, 0.99).toFixed(1)} ms`)
  console.log(`closed by the server: ${callers.reduce((sum, { closed }) => sum + closed, 0)}`)
} finally {
  isOver = true
  for (const caller of callers) caller.close()
  await server.stop()
}

function report(what, { served, refused, lost }, peak) {
  const ratio = (served / peak.served).toFixed(2)
  console.log(
    `${what}: ${served.toFixed(0)} served a second, ${ratio} of the peak; 503: ${refused}, no answer: ${lost}`,
  )
}

/** Every caller calls again as soon as it has an answer. */
async function loop(all, seconds) {
  const outcome = { served: 0, refused: 0, lost: 0 }
  const startedAt = performance.now()
  const until = startedAt + 1000 * seconds
  const loops = all.map(async caller => {
    while (performance.now() < until) note(outcome, await caller.call(), until)
  })
  await Promise.race([Promise.all(loops), sleep(1000 * seconds)])
  return { ...outcome, served: (1000 * outcome.served) / (performance.now() - startedAt) }
}

/** Calls arrive whether or not others have been answered, each over a connection that is free. */
async function arrive(all, rate) {
  const outcome = { served: 0, refused: 0, lost: 0 }
  const startedAt = performance.now()
  for (let sent = 0, next = 0; performance.now() - startedAt < 1000 * SECONDS; ) {
    for (; sent < ((performance.now() - startedAt) / 1000) * rate; sent += 1) {
      for (let tried = 0; tried < all.length && all[next % all.length].isBusy; tried += 1) next += 1
      const caller = all[next % all.length]
      // With a call in hand on every connection no other can be made.
      if (!caller.isBusy) void caller.call().then(result => note(outcome, result, startedAt + 1000 * SECONDS))
    }
    await sleep(1)
  }
  return { ...outcome, served: outcome.served / SECONDS }
}

function note(outcome, { status }, until) {
  if (performance.now() > until || isOver) return
  if (status === 200) outcome.served += 1
  else if (status === 503) outcome.refused += 1
  else outcome.lost += 1
}

/** What an orchestrator asks, on a connection of its own each time. */
async function probe() {
  const taken = []
  while (!isOver) {
    const sentAt = performance.now()
    const response = await fetch(`${server.url}/livez`, { headers: { connection: 'close' } }).catch(() => undefined)
    if (response?.ok !== true) process.exitCode = 1
    await response?.text()
    taken.push(performance.now() - sentAt)
    await sleep(100)
  }
  return taken
}
